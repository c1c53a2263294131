/* curves.c - the points of a trade-off as curves: what each way to choose buys for its cost, density by density.
 *
 * A curve is one selector at one length, its points joined as the density rises. The densities stand above the plane,
 * over the points of the highlighted curve. */
#include "slides/charts/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/rows.h"

struct curve_fields {
    char *name, *points, *role;
};

struct curves_fields {
    char *kind, *alt, *caption, *highlight;
    char *x, *y;               /* words for the scales */
    char *x_metric, *y_metric; /* of every point */
    struct curve_fields *series;
    unsigned series_count;
};

static const cyaml_schema_field_t curve_schema_fields[] = {
    CHART_NEEDED("name", struct curve_fields, name, 60), CHART_NEEDED("points", struct curve_fields, points, 200),
    CHART_WORD("role", struct curve_fields, role, 20), CYAML_FIELD_END};
static const cyaml_schema_value_t curve_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct curve_fields, curve_schema_fields)};
enum { SERIES_READ = 30 }; /* more than may be drawn, so that the fault can say so in words */
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct curves_fields, kind, 40),
    CHART_WORD("alt", struct curves_fields, alt, 2000),
    CHART_WORD("caption", struct curves_fields, caption, 200),
    CHART_WORD("highlight", struct curves_fields, highlight, 80),
    CHART_WORD("x", struct curves_fields, x, 60),
    CHART_WORD("y", struct curves_fields, y, 60),
    CHART_WORD("x_metric", struct curves_fields, x_metric, 40),
    CHART_WORD("y_metric", struct curves_fields, y_metric, 40),
    CYAML_FIELD_SEQUENCE_COUNT("series", CYAML_FLAG_POINTER, struct curves_fields, series, series_count, &curve_schema,
                               1, SERIES_READ),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct curves_fields, fields_schema)};

static void curves_free(void *data)
{
    struct curves *curves = data;
    for (size_t c = 0; c < curves->count; c++) {
        free(curves->items[c].name);
        bounds_free(curves->items[c].x, curves->items[c].count);
        bounds_free(curves->items[c].y, curves->items[c].count);
        free(curves->items[c].density);
    }
    free(curves->x_words);
    free(curves->y_words);
}

/* Values become bounds of the curve's name. */
static struct bound *bounds_of(const char *name, const struct value *values, size_t count, int line)
{
    struct bound *bounds = calloc(count + 1, sizeof *bounds);
    for (size_t i = 0; bounds && i < count; i++)
        bounds[i] = (struct bound){.name = strdup(name), .value = values[i], .line = line};
    return bounds;
}

static enum status make_curve(const struct picture_input *input, const struct curves_fields *fields,
                              const struct curve_fields *own, struct curve *curve)
{
    struct value *x = NULL, *y = NULL;
    size_t count = 0;
    int line = picture_line(input, own->points);
    enum status status = bind_points(input->binder, own->points, fields->x_metric ? fields->x_metric : "share",
                                     fields->y_metric ? fields->y_metric : "recall", input->slide, line, &x, &y,
                                     &curve->density, &count, input->diags);
    if (status == STATUS_OK && (count < 2 || count > CURVE_MOST_POINTS)) {
        diags_error(input->diags, input->file, line, "Name the selector and the length: tradeoff.gate.n8192.",
                    "'%s' has %zu points; a curve has 2 to %d", own->name, count, CURVE_MOST_POINTS);
        status = STATUS_BAD_INPUT;
    }
    curve->name = strdup(own->name);
    if (status == STATUS_OK) {
        curve->x = bounds_of(own->name, x, count, line);
        curve->y = bounds_of(own->name, y, count, line);
        curve->count = curve->x && curve->y ? count : 0;
    }
    free(x);
    free(y);
    return status != STATUS_OK ? status : curve->count && curve->name ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The highlighted one in accent, all others muted: told apart by shape, dashes and their names. */
static enum status give_roles(const struct picture_input *input, const struct curves_fields *fields,
                              struct curves *curves)
{
    struct bound names[BOUND_MOST_SERIES] = {0};
    const char *own[BOUND_MOST_SERIES];
    for (size_t c = 0; c < curves->count; c++) {
        names[c].name = curves->items[c].name;
        own[c] = fields->series[c].role;
    }
    enum status status = bounds_give_roles(input, names, curves->count, (struct row_roles){ROLE_ACCENT, ROLE_MUTED},
                                           fields->highlight, own);
    if (status == STATUS_OK)
        curves->highlighted = (size_t)bound_named(input, names, curves->count, fields->highlight);
    for (size_t c = 0; c < curves->count; c++)
        curves->items[c].role = names[c].role;
    return status;
}

static enum status check_alike(const struct picture_input *input, const struct curves *curves)
{
    struct bound x[BOUND_MOST_SERIES] = {0}, y[BOUND_MOST_SERIES] = {0};
    for (size_t c = 0; c < curves->count; c++) {
        x[c] = curves->items[c].x[0];
        y[c] = curves->items[c].y[0];
    }
    enum status status = bound_check_alike(input, x, curves->count, false);
    return status == STATUS_OK ? bound_check_alike(input, y, curves->count, false) : status;
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct curves_fields *fields = given;
    struct curves *curves = data;
    enum status status = STATUS_OK;
    curves->cache = input->cache;
    if (bound_check_series(input, fields->series_count) != STATUS_OK)
        return STATUS_BAD_INPUT;
    for (unsigned s = 0; s < fields->series_count; s++) {
        enum status made = make_curve(input, fields, &fields->series[s], &curves->items[curves->count++]);
        status = made != STATUS_OK ? made : status;
    }
    if (status == STATUS_OK)
        status = give_roles(input, fields, curves);
    if (status == STATUS_OK)
        status = check_alike(input, curves);
    if (status == STATUS_OK) {
        curves->x_words = strdup(fields->x ? fields->x : bound_quantity(curves->items[0].x[0].value.unit));
        curves->y_words = strdup(fields->y ? fields->y : bound_quantity(curves->items[0].y[0].value.unit));
        status = curves->x_words && curves->y_words ? STATUS_OK : STATUS_NO_MEMORY;
    }
    return status;
}

static double height(void *data, struct paint *paint, double width)
{
    (void)data;
    return fmin(800 * paint->style->unit, 0.9 * width);
}

static char *alt(const void *data)
{
    const struct curves *curves = data;
    struct text text = {0};
    text_format(&text, "Curves of %s against %s: ", curves->y_words, curves->x_words);
    for (size_t c = 0; c < curves->count; c++) {
        const struct curve *curve = &curves->items[c];
        text_format(&text, "%s%s", c ? "; " : "", curve->name);
        for (size_t i = 0; i < curve->count; i++) {
            char x[AXIS_WORDS], y[AXIS_WORDS];
            axis_words(curve->x[i].value.unit, curve->x[i].value.number, x);
            axis_words(curve->y[i].value.unit, curve->y[i].value.number, y);
            text_format(&text, "%s %s at %s", i ? "," : "", y, x);
        }
    }
    text_add(&text, ".");
    return text_take(&text);
}

/* "medians over 9 rounds and 5 models": what stands behind the two scales differs. */
static char *caption(const void *data)
{
    const struct curves *curves = data;
    const struct value *x = &curves->items[0].x[0].value, *y = &curves->items[0].y[0].value;
    struct text text = {0};
    if (x->samples && y->samples && x->samples != y->samples)
        text_format(&text, "medians of %zu rounds and %zu models", x->samples, y->samples);
    else if (x->samples)
        text_format(&text, "medians of %zu", x->samples);
    return text.length ? text_take(&text) : NULL;
}

const struct picture_kind chart_curves = {.fence = BLOCK_CHART,
                                          .name = "curves",
                                          .idea =
                                              "the points of a trade-off as curves: what a choice buys for its cost",
                                          .schema = &schema,
                                          .size = sizeof(struct curves),
                                          .make = make,
                                          .draw = curves_draw,
                                          .height = height,
                                          .alt = alt,
                                          .caption = caption,
                                          .free = curves_free};
