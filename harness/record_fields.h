/* record_fields.h - the record's own fields as tables, so that writing and reading cannot drift apart. */
#ifndef HARNESS_RECORD_FIELDS_H
#define HARNESS_RECORD_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum field_type {
    FIELD_TEXT,     /* char *, NULL is written as null */
    FIELD_NUMBER,   /* double; null when not finite */
    FIELD_INT,      /* int */
    FIELD_INT64,    /* int64_t */
    FIELD_UINT64,   /* uint64_t, written as a decimal string: JSON numbers lose bits above 2^53 */
    FIELD_BOOL,     /* bool */
    FIELD_ESTIMATE, /* struct estimate */
    FIELD_MAYBE,    /* struct estimate; null where its level is 0 */
    FIELD_WORDS,    /* char [MACHINE_WORDS]; "" is written as null */
    FIELD_FLOAT     /* float */
};

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    bool required; /* reading fails without it (NULL or null is fine where `required` is false) */
};

/* Each ends with a NULL name. */
extern const struct field record_context_fields[];
extern const struct field record_machine_fields[];
extern const struct field record_gpu_fields[];
extern const struct field record_case_fields[];
extern const struct field record_problem_fields[];
extern const struct field record_stage_fields[];
extern const struct field record_counted_fields[];
extern const struct field record_counted_stage_fields[]; /* all FIELD_NUMBER */
extern const struct field record_tradeoff_fields[];
extern const struct field record_point_fields[];
extern const struct field record_modernbert_fields[];
extern const struct field record_way_fields[];
extern const struct field record_paper_fields[];
extern const struct field record_efficiency_fields[];

enum { RECORD_SCHEMA = 1 };

#endif
