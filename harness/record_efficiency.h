/* record_efficiency.h - does block-sparse attention cost what it computes (efficiency.h)? Rows of a record.
 *
 * One row a length, mask, pattern and density: block_sparse's times, and dense flash's of the same rounds. In the
 * record's JSON: the array "efficiency". */
#ifndef HARNESS_RECORD_EFFICIENCY_H
#define HARNESS_RECORD_EFFICIENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/estimate.h"
#include "kernels/attention.h"

struct record_efficiency {
    char *key; /* "efficiency.scattered.keep10.causal.n8192.d64.h4.t2": unique among the rows */
    char *date, *command;
    char *pattern;                    /* "scattered", "side_by_side" */
    struct attention_problem problem; /* dense */
    int threads;
    uint64_t seed;
    double asked, density; /* density: computed, kept pairs over dense attention's */
    bool failed;           /* its output disagreed with float64: no times */
    char *error;
    double max_error, tolerance;
    double *samples, *dense;             /* [sample_count], seconds; NULL when it failed */
    double *processor, *dense_processor; /* the same, of all threads together */
    size_t sample_count;
    struct estimate wall_ratio, processor_ratio; /* time over (dense time x density), paired; NaN without samples */
};

struct record;

/* A fresh, zeroed row at the end; NULL when out of memory. Valid until the next call. */
struct record_efficiency *record_add_efficiency(struct record *record);
/* Fresh; NULL when out of memory. */
char *record_key_efficiency(const struct record_efficiency *row);
/* Fills the ratios from samples and density. False when memory lacks. */
bool record_settle_efficiency(struct record_efficiency *row);
void record_remove_efficiency(struct record *record, size_t index);
void record_free_efficiency(struct record *record);

#endif
