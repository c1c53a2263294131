#include "slides/charts/strip.h"

#include <math.h>

/* The axis ends where the number to the right of every last mark still is inside the box. */
static double plan_width(struct strip *strip, const struct strip_row *rows, size_t count, struct paint *paint,
                         struct box box)
{
    double unit = paint->style->unit, names = 0, before = 0;
    for (size_t i = 0; i < count; i++) {
        names = fmax(names, fit_width(paint, &strip->styles.name, rows[i].name));
        if (rows[i].before)
            before = fmax(before, fit_width(paint, &strip->styles.value, rows[i].before) + strip->gap + strip->radius);
    }
    strip->x.from = names + before + 36 * unit;
    double reach = box.w - strip->x.from;
    for (size_t i = 0; i < count; i++) {
        double share = isnan(rows[i].last) ? 0 : axis_share(&strip->x, rows[i].last);
        double words = rows[i].after ? fit_width(paint, &strip->styles.value, rows[i].after) : 0;
        if (share > 0)
            reach = fmin(reach, (box.w - strip->x.from - words - strip->radius - strip->gap) / share);
    }
    strip->x.to = strip->x.from + reach;
    return 260 * unit - reach;
}

static double plan_height(struct strip *strip, size_t count, double head, struct paint *paint, struct box box)
{
    double unit = paint->style->unit, below = 56 * unit;
    double least = fmax(strip->styles.name.size, strip->styles.value.size) + 32 * unit;
    strip->pitch = fmin((box.h - below - head) / (double)count, 160 * unit);
    strip->top = head + (box.h - below - head - strip->pitch * (double)count) / 2;
    strip->bottom = strip->top + strip->pitch * (double)count;
    return (least - strip->pitch) * (double)count;
}

enum status strip_plan(struct strip *strip, const struct strip_row *rows, size_t count, struct axis range, double head,
                       struct paint *paint, struct box box)
{
    double unit = paint->style->unit, wide = 0, high = 0;
    for (int step = 0; step < FIT_STEPS; step++) {
        *strip = (struct strip){
            .styles = fit_styles(paint, fit_shrink(step)), .x = range, .radius = 16 * unit, .gap = 18 * unit};
        strip->tick_count = axis_ticks(&strip->x, strip->ticks);
        wide = plan_width(strip, rows, count, paint, box);
        high = plan_height(strip, count, head, paint, box);
        if (wide <= 0 && high <= 0)
            return STATUS_OK;
    }
    if (wide > 0)
        return fit_refuse(paint, "the marks have no width left beside their names", wide,
                          "Shorten the longest row name.");
    return fit_refuse(paint, "the rows have no height", high, "Leave rows out, or take a taller layout.");
}

double strip_row_y(const struct strip *strip, size_t row)
{
    return strip->top + ((double)row + 0.5) * strip->pitch;
}

/* When words would touch, each second line goes. */
void strip_draw_grid(const struct strip *strip, struct plot *plot, enum unit unit)
{
    struct text_style style = strip->styles.tick;
    double widest = 0, nearest = INFINITY;
    char words[AXIS_WORDS];
    style.align = ALIGN_CENTER;
    for (int i = 0; i < strip->tick_count; i++) {
        axis_words(unit, strip->ticks[i], words);
        widest = fmax(widest, fit_width(plot->paint, &style, words));
        if (i > 0)
            nearest =
                fmin(nearest, axis_pixel(&strip->x, strip->ticks[i]) - axis_pixel(&strip->x, strip->ticks[i - 1]));
    }
    int stride = nearest < widest + 24 * plot->unit ? 2 : 1;
    for (int i = 0; i < strip->tick_count; i += stride) {
        axis_words(unit, strip->ticks[i], words);
        plot_grid_x(plot, strip->ticks[i]);
        plot_words(plot, &style, words, axis_pixel(&strip->x, strip->ticks[i]), strip->bottom + 46 * plot->unit);
    }
}

void strip_draw_name(const struct strip *strip, struct plot *plot, const char *name, double y)
{
    plot_words(plot, &strip->styles.name, name, 0, y + 0.36 * strip->styles.name.size);
}

void strip_draw_missing(const struct strip *strip, struct plot *plot, const char *words, double y)
{
    struct text_style style = strip->styles.name;
    style.role = ROLE_MUTED;
    plot_words(plot, &style, words, strip->x.from + strip->gap, y + 0.36 * style.size);
}

void strip_draw_number(const struct strip *strip, struct plot *plot, const char *words, double x, int side, double y)
{
    struct text_style style = strip->styles.value;
    double width = fit_width(plot->paint, &style, words), margin = 6 * plot->unit, at = x + side * strip->gap;
    style.align = side > 0 ? ALIGN_LEFT : ALIGN_RIGHT;
    plot_blank(plot, (struct box){(side > 0 ? at : at - width) - margin, y - 0.55 * style.size, width + 2 * margin,
                                  1.1 * style.size});
    plot_words(plot, &style, words, at, y + 0.36 * style.size);
}

double strip_height(const struct paint *paint, size_t count, double head)
{
    return (125 * (double)count + 56) * paint->style->unit + head;
}
