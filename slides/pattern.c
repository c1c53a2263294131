#include "slides/pattern.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "slides/contrast.h"

static const struct pattern *const table[] = {&pattern_none,      &pattern_dots,  &pattern_grid,     &pattern_graph,
                                              &pattern_diagonals, &pattern_waves, &pattern_contours, &pattern_circuit,
                                              &pattern_isometric, &pattern_grain, &pattern_gradient};
enum { PATTERNS = sizeof table / sizeof table[0] };

const struct pattern *const *pattern_table(size_t *count)
{
    *count = PATTERNS;
    return table;
}

/* 1.25:1, or less where a text's own contrast leaves less. */
static bool quiet(const struct theme *theme, struct color ink)
{
    static const enum role texts[] = {ROLE_TEXT, ROLE_MUTED, ROLE_ACCENT, ROLE_ACCENT2};
    bool holds = color_contrast(ink, theme->colors[ROLE_BACKGROUND]) <= PATTERN_MOST;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        holds &= color_contrast(theme->colors[texts[i]], ink) >= CONTRAST_LEAST;
    return holds;
}

/* As much of a role over the background as is still quiet. */
static struct color thinned(const struct theme *theme, enum role role, double most)
{
    struct color ground = theme->colors[ROLE_BACKGROUND], mixed = ground;
    for (double share = most; share > 0; share -= 0.005) {
        mixed = color_mix(ground, theme->colors[role], share);
        if (quiet(theme, mixed))
            return mixed;
    }
    return ground;
}

struct color pattern_color(const struct style *style)
{
    return thinned(&style->theme, ROLE_TEXT, 0.15);
}

static double vividness(struct color color)
{
    return fmax(color.r, fmax(color.g, color.b)) - fmin(color.r, fmin(color.g, color.b));
}

/* Of the accent's hue, unless the ground's own is so far from it that both together are dull: yellow over blue. */
static struct color tint(const struct theme *theme)
{
    const double most = 0.3;
    struct color first = thinned(theme, ROLE_ACCENT, most), second = thinned(theme, ROLE_ACCENT2, most);
    bool dull = vividness(first) < vividness(theme->colors[ROLE_BACKGROUND]);
    return dull && vividness(second) > vividness(first) ? second : first;
}

void pattern_draw(struct paint *paint, const struct pattern_wish *wish, int index)
{
    const struct style *style = paint->style;
    struct color ink = pattern_color(style);
    struct plane plane = {.cairo = paint->cairo,
                          .left = wish->continuous ? index * style->canvas.width : 0,
                          .width = style->canvas.width,
                          .height = style->canvas.height,
                          .unit = style->unit,
                          .seed = wish->seed,
                          .ink = ink,
                          .tint = tint(&style->theme),
                          .ground = style->theme.colors[ROLE_BACKGROUND]};
    cairo_save(paint->cairo);
    cairo_rectangle(paint->cairo, 0, 0, plane.width, plane.height);
    cairo_clip(paint->cairo);
    cairo_translate(paint->cairo, -plane.left, 0);
    cairo_set_source_rgb(paint->cairo, ink.r, ink.g, ink.b);
    wish->pattern->draw(&plane);
    cairo_restore(paint->cairo);
}

static enum status unknown(const char *word, const char *file, int line, struct diags *diags)
{
    const char *names[PATTERNS + 2] = {"continuous", "seed=7"};
    char all[200] = "Patterns:";
    for (size_t i = 0; i < PATTERNS; i++) {
        names[i + 2] = table[i]->name;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s %s", i ? "," : "", table[i]->name);
    }
    char *near = nearest_sentence(word, names, PATTERNS + 2, 2);
    diags_error(diags, file, line, near ? near : all, "there is no pattern '%s'", word);
    free(near);
    return STATUS_BAD_INPUT;
}

static bool read_word(const char *word, struct pattern_wish *wish)
{
    char *end;
    if (strcmp(word, "continuous") == 0) {
        wish->continuous = true;
        return true;
    }
    if (strncmp(word, "seed=", 5) == 0 && word[5] >= '0' && word[5] <= '9') {
        wish->seed = (uint32_t)strtoul(word + 5, &end, 10);
        return *end == '\0';
    }
    for (size_t i = 0; i < PATTERNS; i++)
        if (strcmp(table[i]->name, word) == 0) {
            wish->pattern = table[i];
            return true;
        }
    return false;
}

enum status pattern_read(const char *text, const char *file, int line, struct pattern_wish *wish, struct diags *diags)
{
    char copy[512], *rest = copy, *word;
    *wish = (struct pattern_wish){.seed = 1};
    snprintf(copy, sizeof copy, "%s", text);
    while ((word = strsep(&rest, " ,\t")) != NULL)
        if (*word && !read_word(word, wish))
            return unknown(word, file, line, diags);
    return wish->pattern ? STATUS_OK : unknown(text, file, line, diags);
}
