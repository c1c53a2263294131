/* record_tradeoff.h - what each way to choose keys costs and keeps (tradeoff.h, study.h), as rows of a record.
 *
 * One row a length: dense flash, and a point for each selector and density, all timed in turns in the same rounds on
 * one model's heads. What is kept was judged on documents that no gate has seen, once a model: its estimate is over
 * models, not rounds. The rows stand in the record's JSON as the array "tradeoffs" beside Google's "benchmarks". */
#ifndef HARNESS_RECORD_TRADEOFF_H
#define HARNESS_RECORD_TRADEOFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "harness/estimate.h"
#include "kernels/attention.h"

struct record_point {
    char *key; /* "tradeoff.gate.keep10.n8192.d64.h4.t2": unique; made of the row's (record_key_point) */
    char *selector, *title;
    double density;       /* asked for: of the blocks that a row of blocks may see */
    double square, pairs; /* computed: listed blocks over the square's, kept pairs over dense attention's */
    bool failed;          /* its output disagreed with float64: no times */
    char *error;
    double max_error, tolerance; /* of the verdict */
    double *samples;         /* [sample_count of the row], seconds; NULL when it failed. Of the selector "mass", which
                                could not know what it selects by, the time to attend alone */
    struct estimate seconds; /* NaN without samples, as the next */
    struct estimate speed;   /* dense over this, paired round by round */
    double pool, score, keep, attend; /* seconds, medians of the rounds */
    struct estimate recall, needles;  /* over models: mass kept, needles found; needles NaN where there are none */
    double *recalls, *needle_shares;  /* [models of the row], what the two rest on, in the order of the models' seeds.
                                         NULL: not kept (records of before), or no needles */
    double relative_l2;               /* of O against dense O */
};

struct record_tradeoff {
    char *key; /* "tradeoff.n8192.d64.h4.t2": unique among the rows */
    char *date, *command;
    struct attention_problem problem; /* dense: causal */
    int threads;
    uint64_t model_seed;
    int64_t models, documents; /* judged on */
    char *gate;                /* its weights' hash, 16 hexadecimal digits; NULL: no gate took part */
    int64_t gate_length, gate_documents, gate_steps; /* how it was trained */
    double *dense;                                   /* [sample_count], seconds of flash */
    size_t sample_count;
    struct estimate dense_seconds;
    struct record_point *points;
    size_t point_count;
};

struct record;

/* A fresh, zeroed row at the end; NULL when out of memory. Valid until the next call. */
struct record_tradeoff *record_add_tradeoff(struct record *record);
/* Fresh keys; NULL when out of memory. */
char *record_key_tradeoff(const struct attention_problem *problem, int threads);
char *record_key_point(const struct record_tradeoff *row, const char *selector, double density);
/* Fills seconds and speed of the row and its points from the samples. */
void record_settle_tradeoff(struct record_tradeoff *row);
/* Takes the row at `index` away and frees it. */
void record_remove_tradeoff(struct record *record, size_t index);
void record_free_tradeoffs(struct record *record);

/* The point of a selector nearest to a density; NULL when the row has none of that selector. */
const struct record_point *record_point_at(const struct record_tradeoff *row, const char *selector, double density);
/* The density from which dense flash is faster than this selector: by a line through the two points on either side, or
 * through the two densest. Above 1: nowhere. NaN: it has fewer than two timed points. Computed from medians. */
double record_overtaken(const struct record_tradeoff *row, const char *selector);
/* The least N from which the selector at `density` is faster than dense flash, between measured lengths by a line over
 * log N. -INFINITY: already at the shortest; INFINITY: not even at the longest; NaN: fewer than two lengths have it. */
double record_pays_from(const struct record *record, const char *selector, double density);

#endif
