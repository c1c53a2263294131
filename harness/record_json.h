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
/* An array of numbers from `least` on, fresh; *count is 0 and the array NULL after a fault. */
double *record_read_numbers(const struct place *place, const json_t *object, const char *name, double least,
                            size_t *count);
/* That a stored estimate is the one that its samples give: a record cannot claim what it did not measure. */
void record_check_estimate(const struct place *place, const char *name, const struct estimate *stored,
                           const struct estimate *computed);
/* The object "problem" of `own`, checked. */
void record_read_problem(const struct place *place, const json_t *own, struct attention_problem *problem);

/* record_write.c: fresh values. */
json_t *record_fields_json(const struct field *fields, const void *from);
json_t *record_problem_json(const struct attention_problem *problem);
json_t *record_numbers_json(const double *values, size_t count);

/* record_counted_json.c: the array "counts". An absent one reads as empty. */
void record_read_counts(const struct place *place, const json_t *counts, struct record *record);
json_t *record_counts_json(const struct record *record);

/* record_tradeoff_json.c, record_modernbert_json.c, record_efficiency_json.c: the arrays "tradeoffs", "modernbert" and
 * "efficiency", likewise. */
void record_read_tradeoffs(const struct place *place, const json_t *rows, struct record *record);
json_t *record_tradeoffs_json(const struct record *record);
void record_read_modernberts(const struct place *place, const json_t *rows, struct record *record);
json_t *record_modernberts_json(const struct record *record);
void record_read_efficiency(const struct place *place, const json_t *rows, struct record *record);
json_t *record_efficiency_json(const struct record *record);

#endif
