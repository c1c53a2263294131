/* fit.h - how time grows with N: the exponent of the cases that differ in nothing else. */
#ifndef HARNESS_FIT_H
#define HARNESS_FIT_H

#include "harness/record.h"
#include "harness/stats.h"

struct scaling_fit {
    char *key;                        /* the shared segments: "flash.cpu.f32.full.d64.h8.b1.t2" */
    char *title;                      /* the kernel's */
    struct power_fit power;           /* seconds over N (len_kv) */
    const struct record_case **cases; /* owned array, sorted by N; cases belong to the record */
    size_t count;
};

/* Below this length fixed costs bend the line. */
enum { FIT_SHORTEST = 512 };

/* Groups the record's good cases by all of the key but N, and fits each group with 3 or more lengths.
 * The interval rests on repetitions: every sample of every case is a point. Only N >= 512 counts (below, fixed
 * costs bend the line), said in the report. Caller: scaling_fits_free. */
enum status scaling_fits(const struct record *record, struct scaling_fit **fits, size_t *count, struct diags *diags);
void scaling_fits_free(struct scaling_fit *fits, size_t count);

#endif
