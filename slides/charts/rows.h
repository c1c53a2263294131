/* rows.h - the fields of charts with one number a row: points and bar. */
#ifndef SLIDES_CHARTS_ROWS_H
#define SLIDES_CHARTS_ROWS_H

#include "slides/charts/bound.h"

struct row_fields {
    char *name, *value, *role;
};

struct rows_fields {
    char *kind, *alt, *caption;
    char *scale, *highlight;
    struct row_fields *rows;
    unsigned rows_count;
};

/* An optional and a needed string of a fence's mapping. */
#define CHART_WORD(key, type, member, most)                                                                            \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, most)
#define CHART_NEEDED(key, type, member, most) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, most)

enum { ROWS_MOST = 8 };
extern const cyaml_schema_value_t row_schema;

/* Fresh bounds, all faults at once. The caller frees them also after a failure. */
enum status rows_make(const struct picture_input *input, const struct rows_fields *fields, struct row_roles roles,
                      bool positive, struct bound **bounds);
/* "log" or "linear"; `otherwise` when not given. */
enum status rows_scale(const struct picture_input *input, const char *scale, bool otherwise, bool *log);

#endif
