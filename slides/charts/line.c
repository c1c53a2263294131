/* line.c - a metric over N, both axes logarithmic: a straight line there is a power of N, and its slope the power.
 *
 * Every series has a colour, a shape and its name at its end; the exponent beside the name is the record's own fit
 * (fit.SEGMENTS.exponent), never one made here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/line.h"
#include "slides/charts/rows.h"
#include "slides/charts/traces.h"

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

static void lines_free(void *data)
{
    struct lines *lines = data;
    for (size_t s = 0; s < lines->count; s++) {
        free(lines->series[s].name);
        free(lines->series[s].slope);
        bounds_free(lines->series[s].points, lines->series[s].count);
        free(lines->series[s].n);
    }
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
    if (status == STATUS_OK && count > TRACE_POINTS) {
        diags_error(input->diags, input->file, line, "Measure fewer lengths, or name more segments of the key.",
                    "'%s' has %zu points; a slide shows %d at most", fields->name, count, TRACE_POINTS);
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
    const char *own[BOUND_MOST_SERIES];
    for (size_t s = 0; s < lines->count; s++) {
        names[s].name = lines->series[s].name;
        own[s] = fields->series[s].role;
    }
    enum status status = bounds_give_roles(input, names, lines->count, (struct row_roles){ROLE_ACCENT, ROLE_MUTED},
                                           fields->highlight, own);
    for (size_t s = 0; s < lines->count; s++)
        lines->series[s].role = names[s].role;
    return status;
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

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct line_fields *fields = given;
    struct lines *lines = data;
    lines->cache = input->cache;
    if (bound_check_series(input, fields->series_count) != STATUS_OK)
        return STATUS_BAD_INPUT;
    enum status status = rows_scale(input, fields->scale, true, &lines->log);
    for (unsigned s = 0; s < fields->series_count; s++) {
        enum status made = make_series(input, &fields->series[s], &lines->series[lines->count++]);
        status = made != STATUS_OK ? made : status;
    }
    if (status == STATUS_OK)
        status = give_roles(input, fields, lines);
    if (status == STATUS_OK)
        status = check_alike(input, lines);
    return status;
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
                                        .size = sizeof(struct lines),
                                        .make = make,
                                        .draw = line_draw,
                                        .height = height,
                                        .alt = alt,
                                        .caption = caption,
                                        .free = lines_free};
