/* line_draw.c - a metric over N: which lengths and numbers the scales show, and the exponents beside the names. */
#include <math.h>
#include <pango/pango.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/line.h"
#include "slides/charts/traces.h"

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

/* The lengths that were measured are the grid of x: doublings mostly. */
static void add_length(struct traces *traces, double n)
{
    int at = 0;
    while (at < traces->x_count && traces->x_ticks[at] < n)
        at++;
    if ((at < traces->x_count && traces->x_ticks[at] == n) || traces->x_count == AXIS_TICKS)
        return;
    memmove(traces->x_ticks + at + 1, traces->x_ticks + at, (size_t)(traces->x_count - at) * sizeof(double));
    traces->x_ticks[at] = n;
    traces->x_count++;
}

static void set_ranges(const struct lines *lines, struct traces *traces)
{
    double least = INFINITY, most = 0, n_least = INFINITY, n_most = 0;
    for (size_t s = 0; s < lines->count; s++)
        for (size_t i = 0; i < lines->series[s].count; i++) {
            const struct value *value = &lines->series[s].points[i].value;
            least = fmin(least, lines->log ? fmin(value->number, value->low > 0 ? value->low : value->number) : 0);
            most = fmax(most, fmax(value->number, value->high));
            n_least = fmin(n_least, lines->series[s].n[i]);
            n_most = fmax(n_most, lines->series[s].n[i]);
            add_length(traces, lines->series[s].n[i]);
        }
    traces->y = axis_over(lines->log, least, most);
    traces->x = (struct axis){.log = lines->log, .low = lines->log ? n_least : 0, .high = n_most};
    if (lines->log && n_least == n_most)
        traces->x.low = n_least / 2;
    if (lines->log)
        traces->y.low = axis_round_below(least / 1.1);
}

static enum status make_traces(const struct lines *lines, const struct paint *paint, struct traces *traces)
{
    *traces = (struct traces){.x_unit = UNIT_TOKENS,
                              .y_unit = lines->unit,
                              .x_words = "N, tokens",
                              .y_words = bound_quantity(lines->unit),
                              .head = 62 * paint->style->unit};
    set_ranges(lines, traces);
    for (size_t s = 0; s < lines->count; s++) {
        const struct series *series = &lines->series[s];
        struct trace *trace = &traces->items[traces->count++];
        *trace = (struct trace){.name = label_markup(series), .count = series->count, .role = series->role};
        if (!trace->name)
            return STATUS_NO_MEMORY;
        for (size_t i = 0; i < series->count; i++)
            trace->points[i] = trace_point_of(series->n[i], &series->points[i].value);
    }
    return STATUS_OK;
}

enum status line_draw(void *data, struct paint *paint, struct box box)
{
    struct lines *lines = data;
    struct traces traces;
    struct plot plot;
    enum status status = make_traces(lines, paint, &traces);
    if (status == STATUS_OK)
        status = traces_plan(&traces, paint, box);
    if (status == STATUS_OK) {
        plot_begin(&plot, paint, box);
        traces_draw_grid(&traces, &plot);
        traces_draw(&traces, &plot);
        status = plot_end(&plot, lines->cache);
    }
    traces_free(&traces);
    return status;
}
