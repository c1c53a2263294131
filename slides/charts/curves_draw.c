/* curves_draw.c - what each choice buys for its cost: the ranges of the two scales, and the densities over the plane.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "slides/charts/curves.h"
#include "slides/charts/traces.h"

/* A curve has no area whose length could lie: its scale begins where the numbers do, at a round one. */
static struct axis range(double least, double most)
{
    double rough = (most - least) / 3, power = rough > 0 ? pow(10, floor(log10(rough))) : 1;
    double step = rough >= 5 * power ? 5 * power : rough >= 2 * power ? 2 * power : power;
    return (struct axis){.low = fmin(floor(least / step) * step, least), .high = most};
}

static void set_ranges(const struct curves *curves, struct traces *traces)
{
    double least = INFINITY, most = 0, x_most = 0;
    for (size_t c = 0; c < curves->count; c++)
        for (size_t i = 0; i < curves->items[c].count; i++) {
            const struct value *y = &curves->items[c].y[i].value;
            least = fmin(least, fmin(y->number, isfinite(y->low) ? y->low : y->number));
            most = fmax(most, fmax(y->number, isfinite(y->high) ? y->high : y->number));
            x_most = fmax(x_most, curves->items[c].x[i].value.number);
        }
    traces->y = range(least, traces->y_unit == UNIT_SHARE && most > 0.8 && most < 1 ? 1 : most);
    traces->x = (struct axis){.low = 0, .high = 1.02 * x_most};
}

/* What stands over the plane, and how far it may reach beyond the last point. */
static const char density_words[] = "of the blocks";
enum { HEAD = 112, WORDS_GAP = 14 };

static double densities_beside(struct paint *paint)
{
    struct text_style style = fit_styles(paint, 1).tick;
    return fit_width(paint, &style, "50\xe2\x80\xaf%") / 2 + WORDS_GAP * paint->style->unit +
           fit_width(paint, &style, density_words);
}

static enum status make_traces(const struct curves *curves, struct paint *paint, struct traces *traces)
{
    *traces = (struct traces){.x_unit = curves->items[0].x[0].value.unit,
                              .y_unit = curves->items[0].y[0].value.unit,
                              .x_words = curves->x_words,
                              .y_words = curves->y_words,
                              .head = HEAD * paint->style->unit,
                              .beside = densities_beside(paint)};
    set_ranges(curves, traces);
    for (size_t c = 0; c < curves->count; c++) {
        const struct curve *curve = &curves->items[c];
        struct trace *trace = &traces->items[traces->count++];
        char *name = g_markup_escape_text(curve->name, -1);
        *trace = (struct trace){.name = strdup(name), .count = curve->count, .role = curve->role};
        g_free(name);
        if (!trace->name)
            return STATUS_NO_MEMORY;
        for (size_t i = 0; i < curve->count; i++)
            trace->points[i] = trace_point_of(curve->x[i].value.number, &curve->y[i].value);
    }
    return STATUS_OK;
}

/* How much is kept, over the points of the highlighted curve; what would touch the one before is left out. */
static void draw_densities(const struct curves *curves, struct plot *plot, const struct traces *traces)
{
    const struct curve *curve = &curves->items[curves->highlighted];
    struct text_style style = traces->styles.tick;
    double unit = plot->unit, next = -INFINITY, top = traces->y.to - 24 * unit;
    style.role = curve->role;
    style.align = ALIGN_CENTER;
    for (size_t i = 0; i < curve->count; i++) {
        char words[AXIS_WORDS];
        axis_words(UNIT_SHARE, curve->density[i], words);
        double at = axis_pixel(&traces->x, curve->x[i].value.number), half = fit_width(plot->paint, &style, words) / 2;
        plot_segment(plot, SCALE_PIXELS, ROLE_LINE, 2 * unit, at, traces->y.to - 12 * unit, at,
                     axis_pixel(&traces->y, curve->y[i].value.number));
        if (at - half < next)
            continue;
        plot_words(plot, &style, words, at, top);
        next = at + half + WORDS_GAP * unit;
    }
    style.align = ALIGN_LEFT;
    plot_words(plot, &style, density_words, next, top);
}

enum status curves_draw(void *data, struct paint *paint, struct box box)
{
    struct curves *curves = data;
    struct traces traces;
    struct plot plot;
    enum status status = make_traces(curves, paint, &traces);
    if (status == STATUS_OK)
        status = traces_plan(&traces, paint, box);
    if (status == STATUS_OK) {
        plot_begin(&plot, paint, box);
        traces_draw_grid(&traces, &plot);
        draw_densities(curves, &plot, &traces);
        traces_draw(&traces, &plot);
        status = plot_end(&plot, curves->cache);
    }
    traces_free(&traces);
    return status;
}
