/* heat_draw.c - names at the left, columns' names above, a shaded cell for each number. */
#include <math.h>

#include "slides/charts/fit.h"
#include "slides/charts/heat.h"
#include "slides/contrast.h"

enum { HEAD = 60, GAP = 10, STEPS = 64 };

struct plan {
    struct chart_styles styles;
    struct text_style number;
    double left, cell_w, cell_h, top; /* of the first cell; sizes without the gap */
};

static double gap_of(const struct paint *paint)
{
    return GAP * paint->style->unit;
}

static double widest(struct paint *paint, const struct text_style *style, char *const *words, size_t count)
{
    double width = 0;
    for (size_t i = 0; i < count; i++)
        width = fmax(width, fit_width(paint, style, words[i]));
    return width;
}

/* By how many pixels words are wider than their columns. */
static double plan_width(const struct heat *heat, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, needed = 0;
    double count = (double)heat->column_count;
    for (size_t i = 0; i < heat->row_count * heat->column_count; i++)
        needed = fmax(needed, fit_width(paint, &plan->number, heat->cells[i].shown) + 24 * unit);
    needed = fmax(needed, widest(paint, &plan->styles.tick, heat->columns, heat->column_count) + 8 * unit);
    plan->left = widest(paint, &plan->styles.name, heat->rows, heat->row_count) + 28 * unit;
    plan->cell_w = (box.w - plan->left - (count - 1) * gap_of(paint)) / count;
    return (needed - plan->cell_w) * count;
}

static double plan_height(const struct heat *heat, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, count = (double)heat->row_count;
    double room = box.h - HEAD * unit - (count - 1) * gap_of(paint);
    double least = plan->number.size + 16 * unit;
    plan->cell_h = fmin(room / count, 140 * unit);
    plan->top = HEAD * unit + (room - count * plan->cell_h) / 2;
    return (least - plan->cell_h) * count;
}

static enum status plan_fit(const struct heat *heat, struct paint *paint, struct box box, struct plan *plan)
{
    double wide = 0, high = 0;
    for (int step = 0; step < FIT_STEPS; step++) {
        *plan = (struct plan){.styles = fit_styles(paint, fit_shrink(step))};
        plan->number = plan->styles.value;
        plan->number.weight = 600;
        plan->number.tabular = true;
        plan->number.align = ALIGN_CENTER;
        wide = plan_width(heat, paint, box, plan);
        high = plan_height(heat, paint, box, plan);
        if (wide <= 0 && high <= 0)
            return STATUS_OK;
    }
    if (wide > 0)
        return fit_refuse(paint, "the cells are too narrow for their numbers", wide,
                          "Shorten row names, take fewer digits, or leave columns out.");
    return fit_refuse(paint, "the cells have no height", high, "Leave rows out, or take a taller layout.");
}

static struct color mix(struct color a, struct color b, double share)
{
    return (struct color){a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
}

/* What a number stands in: the theme's text or its ground, whichever is seen better. */
static enum role ink_on(const struct paint *paint, struct color shade, double *contrast)
{
    double text = color_contrast(paint_color(paint, ROLE_TEXT), shade);
    double ground = color_contrast(paint_color(paint, ROLE_BACKGROUND), shade);
    *contrast = fmax(text, ground);
    return text >= ground ? ROLE_TEXT : ROLE_BACKGROUND;
}

/* Between surface and accent. In the middle neither ink can be read well enough: such a shade moves to the nearest on
 * which one can. */
static struct color shade_of(const struct paint *paint, double share, enum role *ink)
{
    struct color from = paint_color(paint, ROLE_SURFACE), to = paint_color(paint, ROLE_ACCENT), shade = from;
    for (int step = 0; step <= 2 * STEPS; step++) {
        double away = (double)((step + 1) / 2) / STEPS, at = share + (step % 2 ? away : -away), contrast;
        if (at < 0 || at > 1)
            continue;
        shade = mix(from, to, at);
        *ink = ink_on(paint, shade, &contrast);
        if (contrast >= CONTRAST_LEAST)
            break;
    }
    return shade;
}

/* The whole range from surface to accent, whatever the numbers are. */
static struct axis range_of(const struct heat *heat)
{
    struct axis axis = {.log = heat->log, .low = INFINITY, .high = -INFINITY};
    for (size_t i = 0; i < heat->row_count * heat->column_count; i++)
        if (!heat->cells[i].missing) {
            axis.low = fmin(axis.low, heat->cells[i].value.number);
            axis.high = fmax(axis.high, heat->cells[i].value.number);
        }
    return axis;
}

static void draw_cell(const struct bound *cell, const struct axis *range, struct plot *plot, const struct plan *plan,
                      struct box box)
{
    struct text_style style = plan->number;
    double baseline = box.y + box.h / 2 + 0.36 * style.size;
    if (cell->missing) { /* no shade: it is not a small number, it is none */
        style.role = ROLE_MUTED;
        style.weight = 400;
    } else {
        double share = range->high > range->low ? axis_share(range, cell->value.number) : 1;
        plot_tile(plot, box, 10 * plot->unit, shade_of(plot->paint, 0.08 + 0.92 * share, &style.role));
    }
    plot_words(plot, &style, cell->shown, box.x + box.w / 2, baseline);
}

enum status heat_draw(void *data, struct paint *paint, struct box box)
{
    const struct heat *heat = data;
    struct plan plan;
    struct plot plot;
    enum status status = plan_fit(heat, paint, box, &plan);
    if (status != STATUS_OK)
        return status;
    struct axis x = {.low = 0, .high = 1, .from = 0, .to = box.w}, y = {.low = 0, .high = 1, .from = box.h, .to = 0};
    struct axis range = range_of(heat);
    struct text_style head = plan.styles.tick;
    double step_x = plan.cell_w + gap_of(paint), step_y = plan.cell_h + gap_of(paint);
    head.align = ALIGN_CENTER;
    plot_begin(&plot, paint, box);
    plot_area(&plot, &x, &y);
    for (size_t c = 0; c < heat->column_count; c++)
        plot_words(&plot, &head, heat->columns[c], plan.left + (double)c * step_x + plan.cell_w / 2,
                   plan.top - 20 * plot.unit);
    for (size_t r = 0; r < heat->row_count; r++) {
        double top = plan.top + (double)r * step_y;
        plot_words(&plot, &plan.styles.name, heat->rows[r], 0, top + plan.cell_h / 2 + 0.36 * plan.styles.name.size);
        for (size_t c = 0; c < heat->column_count; c++)
            draw_cell(&heat->cells[r * heat->column_count + c], &range, &plot, &plan,
                      (struct box){plan.left + (double)c * step_x, top, plan.cell_w, plan.cell_h});
    }
    return plot_end(&plot, heat->cache);
}
