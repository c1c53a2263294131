/* heat.c - a number for every row and column: which kernel on which shape, as a table whose shades are read first.
 *
 * The shade repeats what the number in the cell says, so nothing is told by colour alone. */
#include "slides/charts/heat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/rows.h"

struct heat_side_fields {
    char *name, *cases;
};

struct heat_fields {
    char *kind, *alt, *caption, *metric, *format, *scale, *otherwise;
    struct heat_side_fields *columns, *rows;
    unsigned columns_count, rows_count;
};

static const cyaml_schema_field_t side_fields[] = {CHART_NEEDED("name", struct heat_side_fields, name, 40),
                                                   CHART_NEEDED("case", struct heat_side_fields, cases, 200),
                                                   CYAML_FIELD_END};
static const cyaml_schema_value_t side_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct heat_side_fields, side_fields)};
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct heat_fields, kind, 40),
    CHART_WORD("alt", struct heat_fields, alt, 2000),
    CHART_WORD("caption", struct heat_fields, caption, 200),
    CHART_WORD("metric", struct heat_fields, metric, 60),
    CHART_WORD("format", struct heat_fields, format, 40),
    CHART_WORD("scale", struct heat_fields, scale, 20),
    CHART_WORD("else", struct heat_fields, otherwise, 20),
    CYAML_FIELD_SEQUENCE_COUNT("columns", CYAML_FLAG_POINTER, struct heat_fields, columns, columns_count, &side_schema,
                               1, HEAT_COLUMNS),
    CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER, struct heat_fields, rows, rows_count, &side_schema, 1,
                               HEAT_ROWS),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct heat_fields, fields_schema)};

static void heat_free(void *data)
{
    struct heat *heat = data;
    for (size_t r = 0; r < heat->row_count; r++)
        free(heat->rows[r]);
    for (size_t c = 0; c < heat->column_count; c++)
        free(heat->columns[c]);
    bounds_free(heat->cells, heat->row_count * heat->column_count);
    free(heat->unit);
}

/* "ROW.COLUMN.METRIC | format | else "words"": the row's case and the column's are parts of one key. */
static enum status bind_cell(const struct picture_input *input, const struct heat_fields *fields, size_t row,
                             size_t column, struct bound *cell)
{
    struct text key = {0};
    text_format(&key, "%s.%s.%s", fields->rows[row].cases, fields->columns[column].cases,
                fields->metric ? fields->metric : "time");
    if (fields->format)
        text_format(&key, " | %s", fields->format);
    if (fields->otherwise)
        text_format(&key, " | else \"%s\"", fields->otherwise);
    char *expression = text_take(&key);
    enum status status = expression
                             ? bound_make(input, fields->rows[row].name, expression, fields->rows[row].cases, cell)
                             : STATUS_NO_MEMORY;
    free(expression);
    return status;
}

/* Where the unit of "627 ms" begins, behind its space; NULL: it has none. */
static char *unit_of(char *shown)
{
    static const char *const spaces[] = {"\xe2\x80\xaf", "\xc2\xa0", " "};
    char *found = NULL;
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        for (char *at = shown; (at = strstr(at, spaces[i])) != NULL; at += strlen(spaces[i]))
            if (!found || at + strlen(spaces[i]) > found)
                found = at + strlen(spaces[i]);
    return found;
}

/* The unit that all cells share is said once. */
static void share_unit(struct heat *heat)
{
    const char *unit = NULL;
    size_t count = heat->row_count * heat->column_count;
    for (size_t i = 0; i < count; i++) {
        const char *own = heat->cells[i].missing ? NULL : unit_of(heat->cells[i].shown);
        if (!heat->cells[i].missing && (!own || (unit && strcmp(unit, own) != 0)))
            return;
        unit = own ? own : unit;
    }
    heat->unit = unit ? strdup(unit) : NULL;
    for (size_t i = 0; heat->unit && i < count; i++) {
        char *at = heat->cells[i].missing ? NULL : unit_of(heat->cells[i].shown);
        while (at && at > heat->cells[i].shown && (at[-1] == ' ' || (unsigned char)at[-1] >= 0x80))
            *--at = '\0'; /* with the space before it */
    }
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct heat_fields *fields = given;
    struct heat *heat = data;
    heat->cache = input->cache;
    heat->cells = calloc((size_t)fields->rows_count * fields->columns_count, sizeof *heat->cells);
    if (!heat->cells)
        return STATUS_NO_MEMORY;
    for (unsigned r = 0; r < fields->rows_count; r++)
        heat->rows[heat->row_count++] = strdup(fields->rows[r].name);
    for (unsigned c = 0; c < fields->columns_count; c++)
        heat->columns[heat->column_count++] = strdup(fields->columns[c].name);
    enum status status = rows_scale(input, fields->scale, true, &heat->log);
    for (size_t i = 0; i < heat->row_count * heat->column_count; i++) {
        enum status bound = bind_cell(input, fields, i / heat->column_count, i % heat->column_count, &heat->cells[i]);
        status = bound != STATUS_OK ? bound : status;
    }
    if (status == STATUS_OK)
        status = bound_check_alike(input, heat->cells, heat->row_count * heat->column_count, heat->log);
    if (status == STATUS_OK)
        share_unit(heat);
    return status;
}

static double height(void *data, struct paint *paint, double width)
{
    const struct heat *heat = data;
    (void)width;
    return (132 * (double)heat->row_count + 64) * paint->style->unit;
}

/* Not for those without a number. */
static enum unit quantity_of(const struct heat *heat)
{
    for (size_t i = 0; i < heat->row_count * heat->column_count; i++)
        if (!heat->cells[i].missing)
            return heat->cells[i].value.unit;
    return UNIT_NONE;
}

static char *alt(const void *data)
{
    const struct heat *heat = data;
    struct text text = {0};
    text_format(&text, "Table of %s, shaded by size", bound_quantity(quantity_of(heat)));
    for (size_t r = 0; r < heat->row_count; r++) {
        text_format(&text, "%s%s", r ? "; " : ": ", heat->rows[r]);
        for (size_t c = 0; c < heat->column_count; c++) {
            const struct bound *cell = &heat->cells[r * heat->column_count + c];
            text_format(&text, "%s %s at %s", c ? "," : "", cell->shown, heat->columns[c]);
        }
    }
    if (heat->unit)
        text_format(&text, "; in %s", heat->unit);
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct heat *heat = data;
    struct text text = {0};
    text_format(&text, "%s%s%s", bound_quantity(quantity_of(heat)), heat->unit ? " in " : "",
                heat->unit ? heat->unit : "");
    bound_add_part(&text, heat->log ? "shades on a logarithmic scale" : "shades on a linear scale");
    return text_take(&text);
}

const struct picture_kind chart_heat = {.fence = BLOCK_CHART,
                                        .name = "heat",
                                        .idea = "a number for every kernel and shape, shaded by its size",
                                        .schema = &schema,
                                        .size = sizeof(struct heat),
                                        .make = make,
                                        .draw = heat_draw,
                                        .height = height,
                                        .alt = alt,
                                        .caption = caption,
                                        .free = heat_free};
