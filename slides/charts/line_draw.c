/* line_draw.c - measured first: the words at the ends of the lines decide how much width is left for the lines. */
#include <math.h>
#include <pango/pango.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/fit.h"
#include "slides/charts/line.h"

struct plan {
    struct chart_styles styles;
    struct text_style label;
    struct axis x, y;
    double x_ticks[AXIS_TICKS], y_ticks[AXIS_TICKS];
    int x_count, y_count;
    double label_left, spread[BOUND_MOST_SERIES]; /* middles of the direct labels */
    double lacking_width, lacking_height;
};

/* "flash N^2.01", the exponent raised. */
static char *label_markup(const struct series *series)
{
    struct text markup = {0};
    char *name = g_markup_escape_text(series->name, -1);
    text_add(&markup, name);
    g_free(name);
    if (series->slope && *series->slope)
        text_format(&markup, "  <span weight=\"400\">N<span size=\"72%%\" rise=\"%d\">%s</span></span>",
                    10 * PANGO_SCALE, series->slope);
    return text_take(&markup);
}

/* The lengths that were measured are the grid of x: doublings mostly; each second one when they crowd. */
static void plan_lengths(const struct lines *lines, struct plan *plan)
{
    for (size_t s = 0; s < lines->count; s++)
        for (size_t i = 0; i < lines->series[s].count; i++) {
            double n = lines->series[s].n[i];
            int at = 0;
            while (at < plan->x_count && plan->x_ticks[at] < n)
                at++;
            if (at < plan->x_count && plan->x_ticks[at] == n)
                continue;
            if (plan->x_count == AXIS_TICKS)
                return;
            memmove(plan->x_ticks + at + 1, plan->x_ticks + at, (size_t)(plan->x_count - at) * sizeof(double));
            plan->x_ticks[at] = n;
            plan->x_count++;
        }
}

static void plan_ranges(const struct lines *lines, struct plan *plan)
{
    double least = INFINITY, most = 0, n_least = INFINITY, n_most = 0;
    for (size_t s = 0; s < lines->count; s++)
        for (size_t i = 0; i < lines->series[s].count; i++) {
            const struct value *value = &lines->series[s].points[i].value;
            least = fmin(least, lines->log ? fmin(value->number, value->low > 0 ? value->low : value->number) : 0);
            most = fmax(most, fmax(value->number, value->high));
            n_least = fmin(n_least, lines->series[s].n[i]);
            n_most = fmax(n_most, lines->series[s].n[i]);
        }
    plan->y = axis_over(lines->log, least, most);
    plan->x = (struct axis){.log = lines->log, .low = lines->log ? n_least : 0, .high = n_most};
    if (lines->log && n_least == n_most)
        plan->x.low = n_least / 2;
    if (lines->log)
        plan->y.low = axis_round_below(least / 1.1);
    plan->y_count = axis_ticks(&plan->y, plan->y_ticks);
    plan_lengths(lines, plan);
}

static void plan_width(const struct lines *lines, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, left = 0, right = 0;
    for (int i = 0; i < plan->y_count; i++) {
        char words[AXIS_WORDS];
        axis_words(lines->unit, plan->y_ticks[i], words);
        left = fmax(left, fit_width(paint, &plan->styles.tick, words));
    }
    for (size_t s = 0; s < lines->count; s++) {
        char *markup = label_markup(&lines->series[s]);
        right = fmax(right, paint_text_size(paint, &plan->label, markup ? markup : "", 0).width);
        free(markup);
    }
    plan->x.from = left + 46 * unit;
    plan->x.to = box.w - right - 58 * unit;
    plan->label_left = box.w - right;
    plan->lacking_width = fmax(0, 280 * unit - (plan->x.to - plan->x.from));
}

static void plan_height(const struct lines *lines, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, apart = plan->label.size * 1.3, sizes[BOUND_MOST_SERIES];
    plan->y.to = 62 * unit; /* under the words for the axis */
    plan->y.from = box.h - 100 * unit;
    for (size_t s = 0; s < lines->count; s++) {
        plan->spread[s] = axis_pixel(&plan->y, lines->series[s].points[lines->series[s].count - 1].value.number);
        sizes[s] = apart;
    }
    double least = fmax(240 * unit, (double)lines->count * apart);
    plan->lacking_height = fmax(0, least - (plan->y.from - plan->y.to));
    if (plan->lacking_height == 0)
        fit_spread(plan->spread, sizes, lines->count, 0, plan->y.to - apart / 2, plan->y.from + apart / 2);
}

static enum status plan_fit(const struct lines *lines, struct paint *paint, struct box box, struct plan *plan)
{
    for (int step = 0; step < FIT_STEPS; step++) {
        *plan = (struct plan){.styles = fit_styles(paint, fit_shrink(step))};
        plan->label = plan->styles.name;
        plan->label.weight = 600;
        plan_ranges(lines, plan);
        plan_width(lines, paint, box, plan);
        plan_height(lines, paint, box, plan);
        if (plan->lacking_width == 0 && plan->lacking_height == 0)
            return STATUS_OK;
    }
    if (plan->lacking_width > 0)
        return fit_refuse(paint, "the lines have no width left beside their names", plan->lacking_width,
                          "Shorten the longest series name.");
    return fit_refuse(paint, "the lines have no height", plan->lacking_height, "Take a taller layout.");
}

static void draw_grid(const struct lines *lines, struct plot *plot, const struct plan *plan)
{
    struct text_style style = plan->styles.tick;
    double unit = plot->unit, next = -INFINITY;
    char words[AXIS_WORDS];
    style.align = ALIGN_RIGHT;
    for (int i = 0; i < plan->y_count; i++) {
        axis_words(lines->unit, plan->y_ticks[i], words);
        plot_grid_y(plot, plan->y_ticks[i]);
        plot_words(plot, &style, words, plan->x.from - 34 * unit,
                   axis_pixel(&plan->y, plan->y_ticks[i]) + 0.36 * style.size);
    }
    style.align = ALIGN_CENTER;
    for (int i = 0; i < plan->x_count; i++) {
        axis_words(UNIT_TOKENS, plan->x_ticks[i], words);
        double at = axis_pixel(&plan->x, plan->x_ticks[i]), half = fit_width(plot->paint, &style, words) / 2;
        if (at - half < next)
            continue;
        plot_words(plot, &style, words, at, plan->y.from + 46 * unit);
        next = at + half + 24 * unit;
    }
    style.align = ALIGN_LEFT;
    plot_words(plot, &style, bound_quantity(lines->unit), 0, style.size);
    style.align = ALIGN_CENTER;
    plot_words(plot, &style, "N, tokens", (plan->x.from + plan->x.to) / 2, plan->y.from + 90 * unit);
}

static void draw_series(const struct series *series, size_t index, struct plot *plot, const struct plan *plan)
{
    double x[LINE_MOST_POINTS], y[LINE_MOST_POINTS], unit = plot->unit;
    size_t count = series->count;
    for (size_t i = 0; i < count; i++) {
        x[i] = series->n[i];
        y[i] = series->points[i].value.number;
    }
    plot_path(plot, SCALE_DATA, series->role, 5 * unit, index % 2 == 1 && series->role == ROLE_MUTED, x, y, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &series->points[i].value;
        double low = axis_pixel(&plan->y, value->low), high = axis_pixel(&plan->y, value->high);
        if (bound_has_interval(value) && low - high > 28 * unit)
            plot_interval(plot, false, ROLE_TEXT, high, low, axis_pixel(&plan->x, x[i]));
        plot_mark(plot, SCALE_DATA, index < SHAPES ? (enum shape)index : SHAPE_CIRCLE, series->role, 12 * unit, x[i],
                  y[i]);
    }
    /* A leader to the label: level where nothing had to move. */
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): a series has points */
    double end = axis_pixel(&plan->x, x[count - 1]), level = axis_pixel(&plan->y, y[count - 1]);
    plot_segment(plot, SCALE_PIXELS, series->role, 2 * unit, end + 20 * unit, level, plan->label_left - 12 * unit,
                 plan->spread[index]);
    struct text_style style = plan->label;
    style.role = series->role;
    char *markup = label_markup(series);
    if (markup)
        plot_markup(plot, &style, markup, plan->label_left, plan->spread[index] + 0.36 * style.size);
    free(markup);
}

enum status line_draw(void *data, struct paint *paint, struct box box)
{
    struct lines *lines = data;
    struct plan plan;
    struct plot plot;
    enum status status = plan_fit(lines, paint, box, &plan);
    if (status != STATUS_OK)
        return status;
    plot_begin(&plot, paint, box);
    plot_area(&plot, &plan.x, &plan.y);
    draw_grid(lines, &plot, &plan);
    for (size_t pass = 0; pass < 2; pass++) /* what the slide is about lies on top */
        for (size_t s = 0; s < lines->count; s++)
            if ((lines->series[s].role == ROLE_MUTED) == (pass == 0))
                draw_series(&lines->series[s], s, &plot, &plan);
    return plot_end(&plot, lines->cache);
}
