/* tradeoff_row.h - from a measured trade-off to a row of a record: with what its selectors keep on unseen documents. */
#ifndef HARNESS_TRADEOFF_ROW_H
#define HARNESS_TRADEOFF_ROW_H

#include "harness/gate_file.h"
#include "harness/record.h"
#include "harness/tradeoff.h"

/* Judges every point on the study, all of its models on `threads` threads, and adds the row; one of the same key that
 * was there is replaced. `gate` and `origin` may be NULL, together. Date is now; strings are copied. STATUS_NO_MEMORY:
 * no row was added. */
enum status tradeoff_row(struct record *record, const struct tradeoff *tradeoff, const struct study *study,
                         const struct gate *gate, const struct gate_origin *origin, int threads, const char *command);

#endif
