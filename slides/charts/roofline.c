/* roofline.c - kernels under the roofs of their machine (Williams, Waterman, Patterson 2009).
 *
 * To the right: operations for each byte, by formula. Upward: operations per second, measured. No kernel can be above
 * the bandwidth times its intensity, nor above the peak; both roofs were measured by this machine's own probes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/plane.h"
#include "slides/charts/rows.h"

struct roofline_row_fields {
    char *name, *cases, *bytes, *role;
};

struct roofline_fields {
    char *kind, *alt, *caption, *highlight, *peak, *copy;
    struct roofline_row_fields *rows;
    unsigned rows_count;
};

static const cyaml_schema_field_t row_fields[] = {CHART_NEEDED("name", struct roofline_row_fields, name, 60),
                                                  CHART_NEEDED("case", struct roofline_row_fields, cases, 200),
                                                  CHART_WORD("bytes", struct roofline_row_fields, bytes, 400),
                                                  CHART_WORD("role", struct roofline_row_fields, role, 20),
                                                  CYAML_FIELD_END};
static const cyaml_schema_value_t row_of_roofline = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct roofline_row_fields, row_fields)};
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct roofline_fields, kind, 40),
    CHART_WORD("alt", struct roofline_fields, alt, 2000),
    CHART_WORD("caption", struct roofline_fields, caption, 200),
    CHART_WORD("highlight", struct roofline_fields, highlight, 60),
    CHART_WORD("peak", struct roofline_fields, peak, 200),
    CHART_WORD("copy", struct roofline_fields, copy, 200),
    CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER, struct roofline_fields, rows, rows_count, &row_of_roofline,
                               1, PLANE_POINTS),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct roofline_fields, fields_schema)};

struct roofline {
    struct bound peak, copy;
    struct bound *rates;
    double intensities[PLANE_POINTS];
    size_t count;
    char *peak_words, *copy_words;
    struct plot_cache *cache; /* of the picture */
};

static void roofline_free(void *data)
{
    struct roofline *roofline = data;
    bound_free(&roofline->peak);
    bound_free(&roofline->copy);
    bounds_free(roofline->rates, roofline->count);
    free(roofline->peak_words);
    free(roofline->copy_words);
}

/* CASE.METRIC, or the author's own expression; of the unit that is needed, above zero. */
static enum status bind_as(const struct picture_input *input, const char *name, const char *expression,
                           const char *where, enum unit unit, struct bound *bound)
{
    enum status status = bound_make(input, name, expression, where, bound);
    if (status != STATUS_OK)
        return status;
    if (!bound->missing && bound->value.unit == unit && bound->value.number > 0)
        return STATUS_OK;
    diags_error(input->diags, input->file, bound->line, "Name a key of that unit.",
                "'%s': the roofline needs %s above zero here", expression, unit_name(unit));
    return STATUS_BAD_INPUT;
}

static enum status bind_case(const struct picture_input *input, const struct roofline_row_fields *row,
                             const char *metric, enum unit unit, struct bound *bound)
{
    struct text key = {0};
    text_format(&key, "%s.%s", row->cases, metric);
    char *expression = text_take(&key);
    enum status status = expression ? bind_as(input, row->name, expression, row->cases, unit, bound) : STATUS_NO_MEMORY;
    free(expression);
    return status;
}

static enum status make_row(const struct picture_input *input, const struct roofline_row_fields *row,
                            struct roofline *roofline)
{
    struct bound flops = {0}, bytes = {0};
    size_t at = roofline->count++;
    enum status status = bind_case(input, row, "gflops", UNIT_FLOPS_PER_SECOND, &roofline->rates[at]);
    if (status == STATUS_OK)
        status = bind_case(input, row, "flops", UNIT_FLOPS, &flops);
    if (status == STATUS_OK)
        status = row->bytes ? bind_as(input, row->name, row->bytes, NULL, UNIT_BYTES, &bytes)
                            : bind_case(input, row, "bytes", UNIT_BYTES, &bytes);
    if (status == STATUS_OK)
        roofline->intensities[at] = flops.value.number / bytes.value.number;
    bound_free(&flops);
    bound_free(&bytes);
    return status;
}

static enum status make_roofs(const struct picture_input *input, const struct roofline_fields *fields,
                              struct roofline *roofline)
{
    const char *peak = fields->peak ? fields->peak : "machine.fma_peak",
               *copy = fields->copy ? fields->copy : "machine.copy";
    enum status first = bind_as(input, "peak", peak, NULL, UNIT_FLOPS_PER_SECOND, &roofline->peak);
    enum status second = bind_as(input, "copy", copy, NULL, UNIT_BYTES_PER_SECOND, &roofline->copy);
    struct text words = {0};
    if (first != STATUS_OK || second != STATUS_OK)
        return first != STATUS_OK ? first : second;
    text_format(&words, "peak %s", roofline->peak.shown);
    roofline->peak_words = text_take(&words);
    text_format(&words, "copy %s", roofline->copy.shown);
    roofline->copy_words = text_take(&words);
    return roofline->peak_words && roofline->copy_words ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct roofline_fields *fields = given;
    struct roofline *roofline = data;
    const char *own[PLANE_POINTS];
    roofline->cache = input->cache;
    roofline->rates = calloc(fields->rows_count, sizeof *roofline->rates);
    if (!roofline->rates)
        return STATUS_NO_MEMORY;
    enum status status = make_roofs(input, fields, roofline);
    for (unsigned i = 0; i < fields->rows_count; i++) {
        enum status made = make_row(input, &fields->rows[i], roofline);
        status = made != STATUS_OK ? made : status;
        own[i] = fields->rows[i].role;
    }
    enum status roles = bounds_give_roles(input, roofline->rates, roofline->count,
                                          (struct row_roles){ROLE_ACCENT, ROLE_MUTED}, fields->highlight, own);
    return status != STATUS_OK ? status : roles;
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct roofline *roofline = data;
    double peak = roofline->peak.value.number, copy = roofline->copy.value.number, ridge = peak / copy;
    struct plane plane = {.count = roofline->count,
                          .edge_count = 2,
                          .x_log = true,
                          .y_log = true,
                          .x_unit = UNIT_NONE,
                          .y_unit = UNIT_FLOPS_PER_SECOND,
                          .x_words = "operations for each byte",
                          .y_words = "operations per second"};
    double least = ridge, most = ridge;
    for (size_t i = 0; i < roofline->count; i++) {
        const struct value *rate = &roofline->rates[i].value;
        plane.points[i] = (struct plane_point){.name = roofline->rates[i].name,
                                               .x = roofline->intensities[i],
                                               .y = rate->number,
                                               .y_low = rate->low,
                                               .y_high = rate->high,
                                               .role = roofline->rates[i].role};
        least = fmin(least, roofline->intensities[i]);
        most = fmax(most, roofline->intensities[i]);
    }
    plane.x_least = fmin(least, ridge / 8); /* enough of the slope to see that it is one */
    least = plane.x_least / 100;
    plane.edges[0] = (struct plane_edge){{least, ridge}, {copy * least, peak}, roofline->copy_words, true};
    plane.edges[1] = (struct plane_edge){{ridge, 2 * most}, {peak, peak}, roofline->peak_words, false};
    return plane_draw(&plane, roofline->cache, paint, box);
}

static double height(void *data, struct paint *paint, double width)
{
    (void)data;
    return plane_height(paint, width);
}

static char *alt(const void *data)
{
    const struct roofline *roofline = data;
    struct text text = {0};
    text_format(&text, "Roofline with %s and %s: ", roofline->peak_words, roofline->copy_words);
    for (size_t i = 0; i < roofline->count; i++)
        text_format(&text, "%s%s %s at %.3g operations for each byte", i ? "; " : "", roofline->rates[i].name,
                    roofline->rates[i].shown, roofline->intensities[i]);
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    (void)data;
    return strdup("roofs measured, bytes by formula, both scales logarithmic");
}

const struct picture_kind chart_roofline = {.fence = BLOCK_CHART,
                                            .name = "roofline",
                                            .idea = "kernels under the measured roofs of their machine",
                                            .schema = &schema,
                                            .size = sizeof(struct roofline),
                                            .make = make,
                                            .draw = draw,
                                            .height = height,
                                            .alt = alt,
                                            .caption = caption,
                                            .free = roofline_free};
