/* curves_draw.c - measured first: the names at the ends of the curves decide how much width is left for the plane. */
#include <math.h>
#include <stdlib.h>

#include "slides/charts/curves.h"
#include "slides/charts/fit.h"

struct plan {
    struct chart_styles styles;
    struct text_style label;
    struct axis x, y;
    double x_ticks[AXIS_TICKS], y_ticks[AXIS_TICKS];
    int x_count, y_count;
    double label_left, spread[BOUND_MOST_SERIES]; /* middles of the names */
    double lacking_width, lacking_height;
};

/* A curve has no area whose length could lie: its scale begins where the numbers do, at a round one. */
static struct axis range(double least, double most)
{
    double rough = (most - least) / 3, power = rough > 0 ? pow(10, floor(log10(rough))) : 1;
    double step = rough >= 5 * power ? 5 * power : rough >= 2 * power ? 2 * power : power;
    return (struct axis){.low = fmin(floor(least / step) * step, least), .high = most};
}

static void plan_ranges(const struct curves *curves, struct plan *plan)
{
    double least = INFINITY, most = 0, x_most = 0;
    for (size_t c = 0; c < curves->count; c++)
        for (size_t i = 0; i < curves->items[c].count; i++) {
            const struct value *y = &curves->items[c].y[i].value;
            least = fmin(least, fmin(y->number, isfinite(y->low) ? y->low : y->number));
            most = fmax(most, fmax(y->number, isfinite(y->high) ? y->high : y->number));
            x_most = fmax(x_most, curves->items[c].x[i].value.number);
        }
    bool shares = curves->items[0].y[0].value.unit == UNIT_SHARE;
    plan->y = range(least, shares && most > 0.8 && most < 1 ? 1 : most);
    plan->x = (struct axis){.low = 0, .high = 1.02 * x_most};
    plan->x_count = axis_ticks(&plan->x, plan->x_ticks);
    plan->y_count = axis_ticks(&plan->y, plan->y_ticks);
}

static void plan_width(const struct curves *curves, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, left = 0, right = 0;
    for (int i = 0; i < plan->y_count; i++) {
        char words[AXIS_WORDS];
        axis_words(curves->items[0].y[0].value.unit, plan->y_ticks[i], words);
        left = fmax(left, fit_width(paint, &plan->styles.tick, words));
    }
    for (size_t c = 0; c < curves->count; c++)
        right = fmax(right, fit_width(paint, &plan->label, curves->items[c].name));
    plan->x.from = left + 34 * unit;
    plan->x.to = box.w - right - 70 * unit;
    plan->label_left = box.w - right;
    plan->lacking_width = fmax(0, 320 * unit - (plan->x.to - plan->x.from));
}

static void plan_height(const struct curves *curves, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, apart = plan->label.size * 1.3, sizes[BOUND_MOST_SERIES];
    plan->y.to = 112 * unit; /* under the words for the axis and the densities */
    plan->y.from = box.h - 96 * unit;
    for (size_t c = 0; c < curves->count; c++) {
        const struct curve *curve = &curves->items[c];
        plan->spread[c] = axis_pixel(&plan->y, curve->y[curve->count - 1].value.number);
        sizes[c] = apart;
    }
    plan->lacking_height = fmax(0, fmax(200 * unit, (double)curves->count * apart) - (plan->y.from - plan->y.to));
    if (plan->lacking_height == 0)
        fit_spread(plan->spread, sizes, curves->count, 0, plan->y.to - apart / 2, plan->y.from + apart / 2);
}

static enum status plan_fit(const struct curves *curves, struct paint *paint, struct box box, struct plan *plan)
{
    for (int step = 0; step < FIT_STEPS; step++) {
        *plan = (struct plan){.styles = fit_styles(paint, fit_shrink(step))};
        plan->label = plan->styles.name;
        plan->label.weight = 600;
        plan_ranges(curves, plan);
        plan_width(curves, paint, box, plan);
        plan_height(curves, paint, box, plan);
        if (plan->lacking_width == 0 && plan->lacking_height == 0)
            return STATUS_OK;
    }
    if (plan->lacking_width > 0)
        return fit_refuse(paint, "the curves have no width left beside their names", plan->lacking_width,
                          "Shorten the longest series name.");
    return fit_refuse(paint, "the curves have no height", plan->lacking_height, "Take a taller layout.");
}

static void draw_grid(const struct curves *curves, struct plot *plot, const struct plan *plan)
{
    struct text_style style = plan->styles.tick;
    double unit = plot->unit;
    char words[AXIS_WORDS];
    style.align = ALIGN_RIGHT;
    for (int i = 0; i < plan->y_count; i++) {
        axis_words(curves->items[0].y[0].value.unit, plan->y_ticks[i], words);
        plot_grid_y(plot, plan->y_ticks[i]);
        plot_words(plot, &style, words, plan->x.from - 24 * unit,
                   axis_pixel(&plan->y, plan->y_ticks[i]) + 0.36 * style.size);
    }
    style.align = ALIGN_CENTER;
    for (int i = 0; i < plan->x_count; i++) {
        axis_words(curves->items[0].x[0].value.unit, plan->x_ticks[i], words);
        plot_words(plot, &style, words, axis_pixel(&plan->x, plan->x_ticks[i]), plan->y.from + 46 * unit);
    }
    style.align = ALIGN_LEFT;
    plot_words(plot, &style, curves->y_words, 0, style.size);
    style.align = ALIGN_CENTER;
    plot_words(plot, &style, curves->x_words, (plan->x.from + plan->x.to) / 2, plan->y.from + 90 * unit);
}

/* How much is kept, over the points of the highlighted curve; what would touch the one before is left out. */
static void draw_densities(const struct curves *curves, struct plot *plot, const struct plan *plan)
{
    const struct curve *curve = &curves->items[curves->highlighted];
    struct text_style style = plan->styles.tick;
    double unit = plot->unit, next = -INFINITY, top = plan->y.to - 24 * unit;
    style.role = curve->role;
    style.align = ALIGN_CENTER;
    for (size_t i = 0; i < curve->count; i++) {
        char words[AXIS_WORDS];
        axis_words(UNIT_SHARE, curve->density[i], words);
        double at = axis_pixel(&plan->x, curve->x[i].value.number), half = fit_width(plot->paint, &style, words) / 2;
        plot_segment(plot, SCALE_PIXELS, ROLE_LINE, 2 * unit, at, plan->y.to - 12 * unit, at,
                     axis_pixel(&plan->y, curve->y[i].value.number));
        if (at - half < next)
            continue;
        plot_words(plot, &style, words, at, top);
        next = at + half + 14 * unit;
    }
    style.align = ALIGN_LEFT;
    plot_words(plot, &style, "of the blocks", next, top);
}

static void draw_curve(const struct curve *curve, size_t index, struct plot *plot, const struct plan *plan)
{
    double x[CURVE_MOST_POINTS], y[CURVE_MOST_POINTS], unit = plot->unit;
    for (size_t i = 0; i < curve->count; i++) {
        x[i] = curve->x[i].value.number;
        y[i] = curve->y[i].value.number;
    }
    plot_path(plot, SCALE_DATA, curve->role, 5 * unit, index % 2 == 1 && curve->role == ROLE_MUTED, x, y, curve->count);
    for (size_t i = 0; i < curve->count; i++) {
        const struct value *value = &curve->y[i].value;
        double low = axis_pixel(&plan->y, value->low), high = axis_pixel(&plan->y, value->high);
        if (bound_has_interval(value) && low - high > 28 * unit)
            plot_interval(plot, false, ROLE_TEXT, high, low, axis_pixel(&plan->x, x[i]));
        plot_mark(plot, SCALE_DATA, index < SHAPES ? (enum shape)index : SHAPE_CIRCLE, curve->role, 12 * unit, x[i],
                  y[i]);
    }
    /* A leader to the name: level where nothing had to move. */
    double end = axis_pixel(&plan->x, x[curve->count - 1]), level = axis_pixel(&plan->y, y[curve->count - 1]);
    plot_segment(plot, SCALE_PIXELS, curve->role, 2 * unit, end + 20 * unit, level, plan->label_left - 12 * unit,
                 plan->spread[index]);
    struct text_style style = plan->label;
    style.role = curve->role;
    plot_words(plot, &style, curve->name, plan->label_left, plan->spread[index] + 0.36 * style.size);
}

enum status curves_draw(void *data, struct paint *paint, struct box box)
{
    struct curves *curves = data;
    struct plan plan;
    struct plot plot;
    enum status status = plan_fit(curves, paint, box, &plan);
    if (status != STATUS_OK)
        return status;
    plot_begin(&plot, paint, box);
    plot_area(&plot, &plan.x, &plan.y);
    draw_grid(curves, &plot, &plan);
    draw_densities(curves, &plot, &plan);
    for (size_t pass = 0; pass < 2; pass++) /* what the slide is about lies on top */
        for (size_t c = 0; c < curves->count; c++)
            if ((curves->items[c].role == ROLE_MUTED) == (pass == 0))
                draw_curve(&curves->items[c], c, &plot, &plan);
    return plot_end(&plot, curves->cache);
}
