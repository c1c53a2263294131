/* stages.c - where the time of a kernel goes: one bar a kernel, a piece a stage, the whole call's number at its end.
 *
 * Pieces say their own name: inside where it fits, else under the bar with a leader. One stage stands out; a kernel
 * without stages (all in one pass) is one piece in accent. Medians of stages need not add up to the median of the
 * call, so the bar is as long as its pieces and the number at its end is the call's own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/rows.h"
#include "slides/charts/stages.h"

struct stage_row_fields {
    char *name, *cases, *value, *label;
};

struct stages_fields {
    char *kind, *alt, *caption, *highlight, *format, *metric;
    char **stages;
    unsigned stages_count;
    struct stage_row_fields *rows;
    unsigned rows_count;
};

static const cyaml_schema_value_t stage_schema = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 40)};
static const cyaml_schema_field_t row_fields[] = {
    CHART_NEEDED("name", struct stage_row_fields, name, 80), CHART_WORD("case", struct stage_row_fields, cases, 200),
    CHART_WORD("value", struct stage_row_fields, value, 400), CHART_WORD("label", struct stage_row_fields, label, 60),
    CYAML_FIELD_END};
static const cyaml_schema_value_t stage_row_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct stage_row_fields, row_fields)};
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct stages_fields, kind, 40),
    CHART_WORD("alt", struct stages_fields, alt, 2000),
    CHART_WORD("caption", struct stages_fields, caption, 200),
    CHART_WORD("highlight", struct stages_fields, highlight, 40),
    CHART_WORD("format", struct stages_fields, format, 40),
    CHART_WORD("metric", struct stages_fields, metric, 40),
    CYAML_FIELD_SEQUENCE_COUNT("stages", CYAML_FLAG_POINTER, struct stages_fields, stages, stages_count, &stage_schema,
                               1, STAGES_MOST),
    CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER, struct stages_fields, rows, rows_count, &stage_row_schema, 1,
                               ROWS_MOST),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct stages_fields, fields_schema)};

static void stages_free(void *data)
{
    struct stages *stages = data;
    for (size_t r = 0; stages->rows && r < stages->count; r++) {
        bound_free(&stages->rows[r].total);
        for (size_t i = 0; i < stages->rows[r].count; i++)
            bound_free(&stages->rows[r].pieces[i]);
        free(stages->rows[r].label);
    }
    free(stages->rows);
}

/* "CASE.stage.NAME.time | ms": the key of one piece; without a stage, of the whole call. */
static enum status bind_piece(const struct picture_input *input, const struct stages_fields *fields, const char *cases,
                              const char *stage, struct bound *bound)
{
    struct text key = {0};
    text_add(&key, cases);
    if (stage)
        text_format(&key, ".stage.%s", stage);
    text_format(&key, ".%s", fields->metric ? fields->metric : "time");
    if (fields->format)
        text_format(&key, " | %s", fields->format);
    char *expression = text_take(&key);
    enum status status = expression ? bound_make(input, stage, expression, cases, bound) : STATUS_NO_MEMORY;
    free(expression);
    return status;
}

static enum status make_row(const struct picture_input *input, const struct stages_fields *fields,
                            const struct stage_row_fields *given, struct stage_row *row)
{
    enum status status = STATUS_OK;
    if (!given->cases == !given->value) {
        diags_error(input->diags, input->file, picture_line(input, given->name),
                    "case: naive.n4096 has stages; value: flash.n4096.time is one piece.",
                    "'%s' needs either `case` or `value`", given->name);
        return STATUS_BAD_INPUT;
    }
    if (given->value)
        status = bound_make(input, given->name, given->value, NULL, &row->total);
    else
        status = bind_piece(input, fields, given->cases, NULL, &row->total);
    free(row->total.name);
    row->total.name = strdup(given->name);
    row->label = given->label ? strdup(given->label) : NULL;
    for (unsigned i = 0; given->cases && i < fields->stages_count; i++) {
        enum status made = bind_piece(input, fields, given->cases, fields->stages[i], &row->pieces[row->count++]);
        status = made != STATUS_OK ? made : status;
    }
    return status;
}

static enum status check(const struct picture_input *input, const struct stages *stages)
{
    struct bound all[ROWS_MOST * (STAGES_MOST + 1)];
    size_t count = 0;
    for (size_t r = 0; r < stages->count; r++) {
        all[count++] = stages->rows[r].total;
        for (size_t i = 0; i < stages->rows[r].count; i++)
            all[count++] = stages->rows[r].pieces[i];
    }
    return bound_check_alike(input, all, count, false);
}

/* The highlighted stage in accent2, the others muted, one-piece rows in accent. */
static enum status give_roles(const struct picture_input *input, const struct stages_fields *fields,
                              struct stages *stages)
{
    struct bound names[STAGES_MOST] = {0};
    for (unsigned i = 0; i < fields->stages_count; i++)
        names[i].name = fields->stages[i];
    int stands_out = fields->highlight ? bound_named(input, names, fields->stages_count, fields->highlight) : -1;
    for (size_t r = 0; r < stages->count; r++) {
        stages->rows[r].total.role = ROLE_ACCENT;
        for (size_t i = 0; i < stages->rows[r].count; i++)
            stages->rows[r].pieces[i].role = (int)i == stands_out ? ROLE_ACCENT2 : ROLE_MUTED;
    }
    return fields->highlight && stands_out < 0 ? STATUS_BAD_INPUT : STATUS_OK;
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct stages_fields *fields = given;
    struct stages *stages = data;
    stages->cache = input->cache;
    stages->rows = calloc(fields->rows_count, sizeof *stages->rows);
    if (!stages->rows)
        return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    for (unsigned r = 0; r < fields->rows_count; r++) {
        enum status made = make_row(input, fields, &fields->rows[r], &stages->rows[stages->count++]);
        status = made != STATUS_OK ? made : status;
    }
    enum status roles = give_roles(input, fields, stages);
    if (status == STATUS_OK)
        status = roles != STATUS_OK ? roles : check(input, stages);
    return status;
}

static double height(void *data, struct paint *paint, double width)
{
    const struct stages *stages = data;
    (void)width;
    return (200 * (double)stages->count - 34) * paint->style->unit;
}

static char *alt(const void *data)
{
    const struct stages *stages = data;
    struct text text = {0};
    text_format(&text, "Stacked bars of %s by stage: ", bound_quantity(stages->rows[0].total.value.unit));
    for (size_t r = 0; r < stages->count; r++) {
        const struct stage_row *row = &stages->rows[r];
        text_format(&text, "%s%s %s", r ? "; " : "", row->total.name, row->total.shown);
        if (row->count == 0)
            continue;
        text_add(&text, " (");
        bound_add_list(&text, row->pieces, row->count);
        text_add(&text, ")");
    }
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct stages *stages = data;
    struct bound totals[ROWS_MOST];
    struct text text = {0};
    for (size_t r = 0; r < stages->count; r++) {
        totals[r] = stages->rows[r].total;
        totals[r].value.low = totals[r].value.high = totals[r].value.number; /* no interval is drawn */
    }
    bound_add_statistics(&text, totals, stages->count, "");
    if (text.length == 0)
        return NULL;
    return text_take(&text);
}

const struct picture_kind chart_stages = {.fence = BLOCK_CHART,
                                          .name = "stages",
                                          .idea = "a bar a kernel, split into its stages, with the whole call's number",
                                          .schema = &schema,
                                          .size = sizeof(struct stages),
                                          .make = make,
                                          .draw = stages_draw,
                                          .height = height,
                                          .alt = alt,
                                          .caption = caption,
                                          .free = stages_free};
