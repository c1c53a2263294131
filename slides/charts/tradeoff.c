/* tradeoff.c - what one thing costs in another: named points between two scales. */
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/plane.h"
#include "slides/charts/rows.h"

struct tradeoff_row_fields {
    char *name, *x, *y, *role;
};

struct tradeoff_fields {
    char *kind, *alt, *caption, *highlight;
    char *x, *y;             /* words for the scales */
    char *x_scale, *y_scale; /* log or linear */
    struct tradeoff_row_fields *rows;
    unsigned rows_count;
};

static const cyaml_schema_field_t row_fields[] = {
    CHART_NEEDED("name", struct tradeoff_row_fields, name, 60), CHART_NEEDED("x", struct tradeoff_row_fields, x, 400),
    CHART_NEEDED("y", struct tradeoff_row_fields, y, 400), CHART_WORD("role", struct tradeoff_row_fields, role, 20),
    CYAML_FIELD_END};
static const cyaml_schema_value_t row_of_tradeoff = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct tradeoff_row_fields, row_fields)};
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct tradeoff_fields, kind, 40),
    CHART_WORD("alt", struct tradeoff_fields, alt, 2000),
    CHART_WORD("caption", struct tradeoff_fields, caption, 200),
    CHART_WORD("highlight", struct tradeoff_fields, highlight, 60),
    CHART_WORD("x", struct tradeoff_fields, x, 60),
    CHART_WORD("y", struct tradeoff_fields, y, 60),
    CHART_WORD("x_scale", struct tradeoff_fields, x_scale, 20),
    CHART_WORD("y_scale", struct tradeoff_fields, y_scale, 20),
    CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER, struct tradeoff_fields, rows, rows_count, &row_of_tradeoff,
                               2, PLANE_POINTS),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct tradeoff_fields, fields_schema)};

struct tradeoff {
    struct bound *x, *y;
    size_t count;
    bool x_log, y_log;
    char *x_words, *y_words;
    struct plot_cache *cache; /* of the picture */
};

static void tradeoff_free(void *data)
{
    struct tradeoff *tradeoff = data;
    bounds_free(tradeoff->x, tradeoff->count);
    bounds_free(tradeoff->y, tradeoff->count);
    free(tradeoff->x_words);
    free(tradeoff->y_words);
}

/* A point that lacks a number has no place: its words would say nothing about where. */
static enum status refuse_missing(const struct picture_input *input, const struct bound *bound)
{
    if (!bound->missing)
        return STATUS_OK;
    diags_error(input->diags, input->file, bound->line, "Measure it, or leave the row out.",
                "'%s' has no number, and a point needs two", bound->name);
    return STATUS_BAD_INPUT;
}

static enum status make_rows(const struct picture_input *input, const struct tradeoff_fields *fields,
                             struct tradeoff *tradeoff)
{
    const char *own[PLANE_POINTS];
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < fields->rows_count; i++, tradeoff->count++) {
        const struct tradeoff_row_fields *row = &fields->rows[i];
        struct bound *x = &tradeoff->x[i], *y = &tradeoff->y[i];
        if (bound_make(input, row->name, row->x, NULL, x) != STATUS_OK ||
            bound_make(input, row->name, row->y, NULL, y) != STATUS_OK || refuse_missing(input, x) != STATUS_OK ||
            refuse_missing(input, y) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    }
    if (status != STATUS_OK)
        return status;
    for (unsigned i = 0; i < fields->rows_count; i++)
        own[i] = fields->rows[i].role;
    status = bounds_give_roles(input, tradeoff->y, tradeoff->count, (struct row_roles){ROLE_ACCENT, ROLE_MUTED},
                               fields->highlight, own);
    enum status alike_x = bound_check_alike(input, tradeoff->x, tradeoff->count, tradeoff->x_log);
    enum status alike_y = bound_check_alike(input, tradeoff->y, tradeoff->count, tradeoff->y_log);
    return status != STATUS_OK ? status : alike_x != STATUS_OK ? alike_x : alike_y;
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct tradeoff_fields *fields = given;
    struct tradeoff *tradeoff = data;
    tradeoff->cache = input->cache;
    tradeoff->x = calloc(fields->rows_count, sizeof *tradeoff->x);
    tradeoff->y = calloc(fields->rows_count, sizeof *tradeoff->y);
    enum status status = tradeoff->x && tradeoff->y ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = rows_scale(input, fields->x_scale, false, &tradeoff->x_log);
    if (status == STATUS_OK)
        status = rows_scale(input, fields->y_scale, false, &tradeoff->y_log);
    if (status == STATUS_OK)
        status = make_rows(input, fields, tradeoff);
    if (status == STATUS_OK) {
        tradeoff->x_words = strdup(fields->x ? fields->x : bound_quantity(tradeoff->x[0].value.unit));
        tradeoff->y_words = strdup(fields->y ? fields->y : bound_quantity(tradeoff->y[0].value.unit));
        status = tradeoff->x_words && tradeoff->y_words ? STATUS_OK : STATUS_NO_MEMORY;
    }
    return status;
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct tradeoff *tradeoff = data;
    struct plane plane = {.count = tradeoff->count,
                          .x_log = tradeoff->x_log,
                          .y_log = tradeoff->y_log,
                          .x_unit = tradeoff->x[0].value.unit,
                          .y_unit = tradeoff->y[0].value.unit,
                          .x_words = tradeoff->x_words,
                          .y_words = tradeoff->y_words};
    for (size_t i = 0; i < tradeoff->count; i++) {
        const struct value *y = &tradeoff->y[i].value;
        plane.points[i] = (struct plane_point){.name = tradeoff->y[i].name,
                                               .x = tradeoff->x[i].value.number,
                                               .y = y->number,
                                               .y_low = bound_has_interval(y) ? y->low : y->number,
                                               .y_high = bound_has_interval(y) ? y->high : y->number,
                                               .role = tradeoff->y[i].role};
    }
    return plane_draw(&plane, tradeoff->cache, paint, box);
}

static double height(void *data, struct paint *paint, double width)
{
    (void)data;
    return plane_height(paint, width);
}

static char *alt(const void *data)
{
    const struct tradeoff *tradeoff = data;
    struct text text = {0};
    text_format(&text, "Points of %s against %s: ", tradeoff->y_words, tradeoff->x_words);
    for (size_t i = 0; i < tradeoff->count; i++)
        text_format(&text, "%s%s %s at %s", i ? "; " : "", tradeoff->y[i].name, tradeoff->y[i].shown,
                    tradeoff->x[i].shown);
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct tradeoff *tradeoff = data;
    struct text text = {0};
    bound_add_statistics(&text, tradeoff->y, tradeoff->count, "marks");
    if (tradeoff->x_log || tradeoff->y_log)
        bound_add_part(&text, tradeoff->x_log && tradeoff->y_log ? "both scales logarithmic"
                              : tradeoff->x_log                  ? "logarithmic to the right"
                                                                 : "logarithmic upward");
    if (text.length == 0)
        return NULL;
    return text_take(&text);
}

const struct picture_kind chart_tradeoff = {.fence = BLOCK_CHART,
                                            .name = "tradeoff",
                                            .idea = "named points between two scales: what one thing costs in another",
                                            .schema = &schema,
                                            .size = sizeof(struct tradeoff),
                                            .make = make,
                                            .draw = draw,
                                            .height = height,
                                            .alt = alt,
                                            .caption = caption,
                                            .free = tradeoff_free};
