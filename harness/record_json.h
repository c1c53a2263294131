/* record_json.h - the record's own way with JSON, shared by the files that read and write its parts. */
#ifndef HARNESS_RECORD_JSON_H
#define HARNESS_RECORD_JSON_H

#include <jansson.h>

#include "base/diag.h"
#include "harness/record.h"
#include "harness/record_fields.h"

/* Where a reader is, for messages: "benchmarks[3].flashdeck". */
struct place {
    const char *file;
    char path[96];
    struct diags *diags;
    size_t before; /* errors that were there before this record */
};

/* record_read.c */
void record_fault(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));
void record_read_fields(const struct place *place, const json_t *object, const struct field *fields, void *to);
/* The object "problem" of `own`, checked. */
void record_read_problem(const struct place *place, const json_t *own, struct attention_problem *problem);

/* record_write.c: fresh values. */
json_t *record_fields_json(const struct field *fields, const void *from);
json_t *record_problem_json(const struct attention_problem *problem);

/* record_counted_json.c: the array "counts". An absent one reads as empty. */
void record_read_counts(const struct place *place, const json_t *counts, struct record *record);
json_t *record_counts_json(const struct record *record);

#endif
