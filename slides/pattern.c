#include "slides/pattern.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "slides/contrast.h"

enum { STEP = 40 };

static void none(struct paint *paint, double step)
{
    (void)paint;
    (void)step;
}

static void dots(struct paint *paint, double step)
{
    const struct canvas *canvas = &paint->style->canvas;
    for (double y = step; y < canvas->height; y += step)
        for (double x = step; x < canvas->width; x += step) {
            cairo_new_sub_path(paint->cairo);
            cairo_arc(paint->cairo, x, y, 2.2 * paint->style->unit, 0, 2 * M_PI);
        }
    cairo_fill(paint->cairo);
}

static void grid(struct paint *paint, double step)
{
    const struct canvas *canvas = &paint->style->canvas;
    for (double x = 2 * step; x < canvas->width; x += 2 * step) {
        cairo_move_to(paint->cairo, x, 0);
        cairo_line_to(paint->cairo, x, canvas->height);
    }
    for (double y = 2 * step; y < canvas->height; y += 2 * step) {
        cairo_move_to(paint->cairo, 0, y);
        cairo_line_to(paint->cairo, canvas->width, y);
    }
    cairo_stroke(paint->cairo);
}

static void diagonals(struct paint *paint, double step)
{
    const struct canvas *canvas = &paint->style->canvas;
    for (double x = -canvas->height; x < canvas->width; x += step) {
        cairo_move_to(paint->cairo, x, canvas->height);
        cairo_line_to(paint->cairo, x + canvas->height, 0);
    }
    cairo_stroke(paint->cairo);
}

static const struct {
    const char *name;
    void (*draw)(struct paint *paint, double step);
} patterns[] = {{"none", none}, {"dots", dots}, {"grid", grid}, {"diagonals", diagonals}};
enum { PATTERNS = sizeof patterns / sizeof patterns[0] };

const char *const *pattern_names(size_t *count)
{
    static const char *const names[] = {"none", "dots", "grid", "diagonals"};
    *count = sizeof names / sizeof names[0];
    return names;
}

struct color pattern_color(const struct style *style)
{
    struct color ground = style->theme.colors[ROLE_BACKGROUND], ink = style->theme.colors[ROLE_TEXT], mixed = ground;
    for (double share = 0.15; share > 0.005; share -= 0.005) {
        mixed = (struct color){ground.r + (ink.r - ground.r) * share, ground.g + (ink.g - ground.g) * share,
                               ground.b + (ink.b - ground.b) * share};
        if (color_contrast(mixed, ground) <= PATTERN_MOST)
            break;
    }
    return mixed;
}

enum status pattern_draw(struct paint *paint, const char *name)
{
    size_t count;
    for (int i = 0; i < PATTERNS; i++)
        if (strcmp(patterns[i].name, name) == 0) {
            struct color color = pattern_color(paint->style);
            cairo_save(paint->cairo);
            cairo_set_source_rgb(paint->cairo, color.r, color.g, color.b);
            cairo_set_line_width(paint->cairo, 1.5 * paint->style->unit);
            patterns[i].draw(paint, STEP * paint->style->unit);
            cairo_restore(paint->cairo);
            return STATUS_OK;
        }
    char *near = nearest_sentence(name, pattern_names(&count), PATTERNS, 2);
    diags_error(paint->diags, paint->file, paint->line, near ? near : "Patterns: none, dots, grid, diagonals.",
                "there is no pattern '%s'", name);
    free(near);
    return STATUS_BAD_INPUT;
}
