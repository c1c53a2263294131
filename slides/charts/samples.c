/* samples.c - every repetition of some cases as a dot, with the median: how much a single number hides.
 *
 * The scale need not begin at zero, since no length is compared. Dots of one row stand in a few lanes, in the order in
 * which they were measured, so that equal times do not cover each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/rows.h"
#include "slides/charts/strip.h"

struct sample_row_fields {
    char *name, *cases, *role;
};

struct samples_fields {
    char *kind, *alt, *caption, *scale, *highlight, *format;
    struct sample_row_fields *rows;
    unsigned rows_count;
};

static const cyaml_schema_field_t row_fields[] = {CHART_NEEDED("name", struct sample_row_fields, name, 80),
                                                  CHART_NEEDED("case", struct sample_row_fields, cases, 200),
                                                  CHART_WORD("role", struct sample_row_fields, role, 20),
                                                  CYAML_FIELD_END};
static const cyaml_schema_value_t row_of_samples = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct sample_row_fields, row_fields)};
static const cyaml_schema_field_t fields_schema[] = {CHART_WORD("kind", struct samples_fields, kind, 40),
                                                     CHART_WORD("alt", struct samples_fields, alt, 2000),
                                                     CHART_WORD("caption", struct samples_fields, caption, 200),
                                                     CHART_WORD("scale", struct samples_fields, scale, 20),
                                                     CHART_WORD("highlight", struct samples_fields, highlight, 80),
                                                     CHART_WORD("format", struct samples_fields, format, 40),
                                                     CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER,
                                                                                struct samples_fields, rows, rows_count,
                                                                                &row_of_samples, 1, BOUND_MOST_SERIES),
                                                     CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct samples_fields, fields_schema)};

struct samples {
    struct bound *rows;
    size_t count;
    bool log;
    struct plot_cache *cache; /* of the picture */
};

static void samples_free(void *data)
{
    struct samples *samples = data;
    bounds_free(samples->rows, samples->count);
}

static enum status make_row(const struct picture_input *input, const struct samples_fields *fields,
                            const struct sample_row_fields *row, struct bound *bound)
{
    struct text key = {0};
    text_format(&key, "%s.time", row->cases);
    if (fields->format)
        text_format(&key, " | %s", fields->format);
    char *expression = text_take(&key);
    enum status status = expression ? bound_make(input, row->name, expression, row->cases, bound) : STATUS_NO_MEMORY;
    free(expression);
    if (status != STATUS_OK)
        return status;
    if (bound->value.from && bound->value.from->sample_count > 0)
        return STATUS_OK;
    diags_error(input->diags, input->file, bound->line, "Name one measured case, as flash.n4096.d64.full.",
                "'%s' has no repetitions to show", row->name);
    return STATUS_BAD_INPUT;
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct samples_fields *fields = given;
    struct samples *samples = data;
    const char *own[BOUND_MOST_SERIES];
    samples->cache = input->cache;
    samples->rows = calloc(fields->rows_count, sizeof *samples->rows);
    if (!samples->rows)
        return STATUS_NO_MEMORY;
    enum status status = rows_scale(input, fields->scale, false, &samples->log);
    for (unsigned i = 0; i < fields->rows_count; i++) {
        enum status made = make_row(input, fields, &fields->rows[i], &samples->rows[samples->count++]);
        status = made != STATUS_OK ? made : status;
        own[i] = fields->rows[i].role;
    }
    enum status roles = bounds_give_roles(input, samples->rows, samples->count,
                                          (struct row_roles){ROLE_ACCENT, ROLE_MUTED}, fields->highlight, own);
    return status != STATUS_OK ? status : roles;
}

static void ends_of(const struct bound *row, double *least, double *most)
{
    const struct record_case *c = row->value.from;
    *least = *most = row->value.number;
    for (size_t i = 0; i < c->sample_count; i++) {
        *least = fmin(*least, c->samples[i]);
        *most = fmax(*most, c->samples[i]);
    }
}

static struct axis range_of(const struct samples *samples)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < samples->count; i++) {
        double low, high;
        ends_of(&samples->rows[i], &low, &high);
        least = fmin(least, low);
        most = fmax(most, high);
    }
    if (samples->log)
        return (struct axis){.log = true, .low = axis_round_below(least / 1.1), .high = most};
    double margin = 0.06 * (most - least) + 1e-3 * most;
    return (struct axis){.low = fmax(0, least - margin), .high = most};
}

static void draw_row(const struct bound *row, struct plot *plot, const struct strip *strip, double y)
{
    static const double lanes[] = {0, -0.67, 0.67, -0.33, 0.33, -1, 1};
    enum { LANES = sizeof lanes / sizeof lanes[0] };
    const struct record_case *c = row->value.from;
    double least, most, reach = fmin(0.27 * strip->pitch, 40 * plot->unit);
    double middle = axis_pixel(&strip->x, row->value.number);
    ends_of(row, &least, &most);
    strip_draw_name(strip, plot, row->name, y);
    for (size_t i = 0; i < c->sample_count; i++)
        plot_mark(plot, SCALE_PIXELS, SHAPE_CIRCLE, row->role, 7 * plot->unit, axis_pixel(&strip->x, c->samples[i]),
                  y + lanes[i % LANES] * reach);
    plot_segment(plot, SCALE_PIXELS, ROLE_BACKGROUND, 10 * plot->unit, middle, y - reach - 14 * plot->unit, middle,
                 y + reach + 14 * plot->unit);
    plot_segment(plot, SCALE_PIXELS, ROLE_TEXT, 5 * plot->unit, middle, y - reach - 14 * plot->unit, middle,
                 y + reach + 14 * plot->unit);
    strip_draw_number(strip, plot, row->shown, axis_pixel(&strip->x, most) + 7 * plot->unit, 1, y);
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct samples *samples = data;
    struct strip_row rows[BOUND_MOST_SERIES];
    struct strip strip;
    struct plot plot;
    for (size_t i = 0; i < samples->count; i++) {
        double least, most;
        ends_of(&samples->rows[i], &least, &most);
        rows[i] = (struct strip_row){samples->rows[i].name, NULL, samples->rows[i].shown, most};
    }
    enum status status = strip_plan(&strip, rows, samples->count, range_of(samples), 0, paint, box);
    if (status != STATUS_OK)
        return status;
    struct axis y = {.low = 0, .high = 1, .from = strip.bottom, .to = strip.top};
    plot_begin(&plot, paint, box);
    plot_area(&plot, &strip.x, &y);
    strip_draw_grid(&strip, &plot, UNIT_SECONDS);
    for (size_t i = 0; i < samples->count; i++)
        draw_row(&samples->rows[i], &plot, &strip, strip_row_y(&strip, i));
    return plot_end(&plot, samples->cache);
}

static double height(void *data, struct paint *paint, double width)
{
    const struct samples *samples = data;
    (void)width;
    return strip_height(paint, samples->count, 0);
}

static char *alt(const void *data)
{
    const struct samples *samples = data;
    struct text text = {0};
    text_add(&text, "Dots for the time of every repetition: ");
    for (size_t i = 0; i < samples->count; i++) {
        char low[AXIS_WORDS], high[AXIS_WORDS];
        double least, most;
        ends_of(&samples->rows[i], &least, &most);
        axis_words(UNIT_SECONDS, least, low);
        axis_words(UNIT_SECONDS, most, high);
        text_format(&text, "%s%s %zu between %s and %s, median %s", i ? "; " : "", samples->rows[i].name,
                    samples->rows[i].value.from->sample_count, low, high, samples->rows[i].shown);
    }
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct samples *samples = data;
    return strdup(samples->log ? "every repetition, the mark is the median, logarithmic scale"
                               : "every repetition, the mark is the median");
}

const struct picture_kind chart_samples = {.fence = BLOCK_CHART,
                                           .name = "samples",
                                           .idea = "every repetition of some cases, and their median",
                                           .schema = &schema,
                                           .size = sizeof(struct samples),
                                           .make = make,
                                           .draw = draw,
                                           .height = height,
                                           .alt = alt,
                                           .caption = caption,
                                           .free = samples_free};
