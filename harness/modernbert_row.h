/* modernbert_row.h - from a measured row of ModernBERT's table to a row of a record, with what the paper published. */
#ifndef HARNESS_MODERNBERT_ROW_H
#define HARNESS_MODERNBERT_ROW_H

#include "harness/modernbert.h"

/* Thousands of tokens a second, whole models, in the order of modernbert_lengths. NaN: not published. */
struct modernbert_published {
    const char *model;
    double thousands[4];
};
extern const struct modernbert_published modernbert_published[4];
extern const char *const modernbert_published_source;

/* "all_global", ... */
const char *modernbert_way_name(enum modernbert_way way);

/* Adds the row; one of the same key that was there is replaced. `lengths` is one of modernbert_lengths, or of the
 * rehearsed ones, which have no published figures. `device` is its name in the table of devices ("cpu": float32, and
 * `threads` of it; any other: bf16, and 1). Date is now. STATUS_NO_MEMORY: no row was added. */
enum status modernbert_row(struct record *record, const struct modernbert *model,
                           const struct modernbert_lengths *lengths, const char *device, int64_t heads, uint64_t seed,
                           int threads, const struct modernbert_result *result, const char *command);

#endif
