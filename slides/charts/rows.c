#include "slides/charts/rows.h"

#include <stdlib.h>
#include <string.h>

static const cyaml_schema_field_t row_schema_fields[] = {
    CHART_NEEDED("name", struct row_fields, name, 80), CHART_NEEDED("value", struct row_fields, value, 400),
    CHART_WORD("role", struct row_fields, role, 20), CYAML_FIELD_END};
const cyaml_schema_value_t row_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct row_fields, row_schema_fields)};

enum status rows_make(const struct picture_input *input, const struct rows_fields *fields, struct row_roles roles,
                      bool positive, struct bound **bounds)
{
    size_t count = fields->rows_count;
    const char *own[ROWS_MOST];
    enum status status = STATUS_OK;
    *bounds = calloc(count, sizeof **bounds);
    if (!*bounds)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        enum status made = bound_make(input, fields->rows[i].name, fields->rows[i].value, NULL, &(*bounds)[i]);
        status = made != STATUS_OK ? made : status;
        own[i] = fields->rows[i].role;
    }
    if (status == STATUS_OK)
        status = bound_check_alike(input, *bounds, count, positive);
    enum status coloured = bounds_give_roles(input, *bounds, count, roles, fields->highlight, own);
    return status != STATUS_OK ? status : coloured;
}

enum status rows_scale(const struct picture_input *input, const char *scale, bool otherwise, bool *log)
{
    *log = scale ? strcmp(scale, "log") == 0 : otherwise;
    if (!scale || *log || strcmp(scale, "linear") == 0)
        return STATUS_OK;
    diags_error(input->diags, input->file, picture_line(input, "scale"), "Write scale: log or scale: linear.",
                "there is no scale '%s'", scale);
    return STATUS_BAD_INPUT;
}
