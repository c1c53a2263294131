/* line.c - a metric over N, both axes logarithmic: a straight line there is a power of N, and its slope the power.
 *
 * Every series has a colour, a shape and its name at its end; the exponent beside the name is the record's own fit
 * (fit.SEGMENTS.exponent), never one made here. */
#include <math.h>
#include <pango/pango.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/fit.h"
#include "slides/charts/plot.h"
#include "slides/charts/rows.h"

struct series_fields {
    char *name, *cases, *metric, *slope, *role;
};

struct line_fields {
    char *kind, *alt, *caption, *scale, *highlight;
    struct series_fields *series;
    unsigned series_count;
};

static const cyaml_schema_field_t series_schema_fields[] = {
    CHART_NEEDED("name", struct series_fields, name, 60),   CHART_NEEDED("cases", struct series_fields, cases, 200),
    CHART_WORD("metric", struct series_fields, metric, 60), CHART_WORD("slope", struct series_fields, slope, 200),
    CHART_WORD("role", struct series_fields, role, 20),     CYAML_FIELD_END};
static const cyaml_schema_value_t series_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct series_fields, series_schema_fields)};
enum { SERIES_READ = 30 }; /* more than may be drawn, so that the fault can say so in words */
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct line_fields, kind, 40),
    CHART_WORD("alt", struct line_fields, alt, 2000),
    CHART_WORD("caption", struct line_fields, caption, 200),
    CHART_WORD("scale", struct line_fields, scale, 20),
    CHART_WORD("highlight", struct line_fields, highlight, 80),
    CYAML_FIELD_SEQUENCE_COUNT("series", CYAML_FLAG_POINTER, struct line_fields, series, series_count, &series_schema,
                               1, SERIES_READ),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct line_fields, fields_schema)};

struct series {
    char *name, *slope; /* slope: "2.01", or NULL */
    struct bound *points;
    double *n;
    size_t count;
    enum role role;
};

struct lines {
    struct series series[BOUND_MOST_SERIES];
    size_t count;
    bool log;
    enum unit unit;
    struct plot_cache cache;
};

static void lines_free(void *data)
{
    struct lines *lines = data;
    if (!lines)
        return;
    for (size_t s = 0; s < lines->count; s++) {
        free(lines->series[s].name);
        free(lines->series[s].slope);
        bounds_free(lines->series[s].points, lines->series[s].count);
        free(lines->series[s].n);
    }
    plot_cache_free(&lines->cache);
    free(lines);
}

static enum status make_series(const struct picture_input *input, const struct series_fields *fields,
                               struct series *series)
{
    struct value *values = NULL;
    size_t count = 0;
    int line = picture_line(input, fields->cases);
    const char *metric = fields->metric ? fields->metric : "time";
    series->name = strdup(fields->name);
    enum status status = bind_series(input->binder, fields->cases, metric, input->slide, line, &values, &series->n,
                                     &count, input->diags);
    series->points = calloc(count + 1, sizeof *series->points);
    if (!series->points || !series->name)
        status = STATUS_NO_MEMORY;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        series->points[i] = (struct bound){.name = strdup(fields->name), .value = values[i], .line = line};
        series->count++;
    }
    free(values);
    if (status == STATUS_OK && count < 2) {
        diags_error(input->diags, input->file, line, "Measure more lengths: flashdeck bench -a N=1024,2048,4096 ...",
                    "'%s' has %zu result, and a line needs two", fields->name, count);
        status = STATUS_BAD_INPUT;
    }
    if (status == STATUS_OK && fields->slope) {
        struct bound slope;
        struct text expression = {0}; /* a plain number, unless the author chose digits */
        text_format(&expression, "%s%s", fields->slope, strchr(fields->slope, '|') ? "" : " | count");
        char *whole = text_take(&expression);
        status = whole ? bound_make(input, fields->name, whole, fields->slope, &slope) : STATUS_NO_MEMORY;
        free(whole);
        if (status == STATUS_OK)
            series->slope = strdup(slope.missing ? "" : slope.shown);
        bound_free(&slope);
    }
    return status;
}

/* The highlighted one in accent, all others muted: told apart by shape, dashes and their names. */
static enum status give_roles(const struct picture_input *input, const struct line_fields *fields, struct lines *lines)
{
    struct bound names[BOUND_MOST_SERIES] = {0};
    enum status status = STATUS_OK;
    for (size_t s = 0; s < lines->count; s++)
        names[s].name = lines->series[s].name;
    int highlighted = bound_named(input, names, lines->count, fields->highlight);
    for (size_t s = 0; s < lines->count; s++) {
        lines->series[s].role = (int)s == highlighted ? ROLE_ACCENT : ROLE_MUTED;
        if (bound_role(input, fields->series[s].role, &lines->series[s].role) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    }
    return highlighted < 0 ? STATUS_BAD_INPUT : status;
}

/* One unit over all series, and numbers that the scale can show. */
static enum status check_alike(const struct picture_input *input, struct lines *lines)
{
    struct bound firsts[BOUND_MOST_SERIES] = {0};
    enum status status = STATUS_OK;
    for (size_t s = 0; s < lines->count; s++) {
        firsts[s] = lines->series[s].points[0];
        if (bound_check_alike(input, lines->series[s].points, lines->series[s].count, lines->log) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    }
    lines->unit = firsts[0].value.unit;
    return status == STATUS_OK ? bound_check_alike(input, firsts, lines->count, lines->log) : status;
}

static enum status make(const struct picture_input *input, const void *given, void **data)
{
    const struct line_fields *fields = given;
    *data = NULL;
    if (fields->series_count > BOUND_MOST_SERIES) {
        diags_error(input->diags, input->file, picture_line(input, "series"), "Split the chart, or leave series out.",
                    "%u series; the eye follows %d at most", fields->series_count, BOUND_MOST_SERIES);
        return STATUS_BAD_INPUT;
    }
    struct lines *lines = calloc(1, sizeof *lines);
    if (!lines)
        return STATUS_NO_MEMORY;
    enum status status = rows_scale(input, fields->scale, true, &lines->log);
    for (unsigned s = 0; s < fields->series_count; s++) {
        enum status made = make_series(input, &fields->series[s], &lines->series[lines->count++]);
        status = made != STATUS_OK ? made : status;
    }
    if (status == STATUS_OK)
        status = give_roles(input, fields, lines);
    if (status == STATUS_OK)
        status = check_alike(input, lines);
    if (status == STATUS_OK)
        *data = lines;
    else
        lines_free(lines);
    return status;
}

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
    enum { MOST = 64 };
    double x[MOST], y[MOST], unit = plot->unit;
    size_t count = series->count < MOST ? series->count : MOST;
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

static enum status draw(void *data, struct paint *paint, struct box box)
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
    return plot_end(&plot, &lines->cache);
}

static double height(void *data, struct paint *paint, double width)
{
    (void)data;
    return fmin(680 * paint->style->unit, 0.78 * width);
}

static char *alt(const void *data)
{
    const struct lines *lines = data;
    struct text text = {0};
    text_format(&text, "Lines of %s over N%s: ", bound_quantity(lines->unit),
                lines->log ? ", both scales logarithmic" : "");
    for (size_t s = 0; s < lines->count; s++) {
        const struct series *series = &lines->series[s];
        char first[AXIS_WORDS], last[AXIS_WORDS];
        axis_words(lines->unit, series->points[0].value.number, first);
        axis_words(lines->unit, series->points[series->count - 1].value.number, last);
        text_format(&text, "%s%s from %s at %.0f to %s at %.0f", s ? "; " : "", series->name, first, series->n[0], last,
                    series->n[series->count - 1]);
        if (series->slope && *series->slope)
            text_format(&text, ", growing as N to the power %s", series->slope);
    }
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct lines *lines = data;
    struct text text = {0};
    size_t least = 0, most = 0;
    for (size_t s = 0; s < lines->count; s++)
        for (size_t i = 0; i < lines->series[s].count; i++) {
            size_t samples = lines->series[s].points[i].value.samples;
            least = samples && (!least || samples < least) ? samples : least;
            most = samples > most ? samples : most;
        }
    if (most)
        text_format(&text, least == most ? "median of %zu" : "medians of %zu to %zu", least, most);
    bound_add_part(&text, lines->log ? "both scales logarithmic" : "linear scales");
    return text_take(&text);
}

const struct picture_kind chart_line = {.fence = BLOCK_CHART,
                                        .name = "line",
                                        .idea = "a metric over N, logarithmic, with the fitted power of N",
                                        .schema = &schema,
                                        .make = make,
                                        .draw = draw,
                                        .height = height,
                                        .alt = alt,
                                        .caption = caption,
                                        .free = lines_free};
