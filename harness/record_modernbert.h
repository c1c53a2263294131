/* record_modernbert.h - ModernBERT's stack, alternating against all-global and packed against padded (modernbert.h), as
 * rows of a record.
 *
 * One row a row of the paper's table. Three kinds of numbers stand beside each other and are never divided by each
 * other: ratios of times (measured), ceilings by kept pairs and tokens (computed), and what the paper says of whole
 * models (published, with its source). In the record's JSON: the array "modernbert". */
#ifndef HARNESS_RECORD_MODERNBERT_H
#define HARNESS_RECORD_MODERNBERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/estimate.h"

/* One way to run the stack. */
struct record_way {
    char *name;      /* "all_global", "alternating", "all_global_padded", "alternating_padded" */
    double pairs;    /* computed: kept (query, key) pairs of all layers and heads */
    double *samples; /* [sample_count of the row], seconds of the whole stack's attention, all ways in turn */
    double *rope;    /* [sample_count], seconds to turn Q and K before it, in the same runs */
    struct estimate seconds, rope_seconds;
};

/* A published figure for these lengths. */
struct record_paper {
    char *model;      /* "ModernBERT-base" */
    double thousands; /* tokens a second, whole model */
    char *source;     /* "ModernBERT 2412.13663, table 2; RTX 4090" */
};

struct record_modernbert {
    char *key; /* "modernbert.base.fixed_8192.h2.t2", on a GPU ".h12.cuda": unique among the rows */
    char *date, *command;
    char *model, *lengths; /* "base"; "fixed 8192" */
    char *device, *dtype;  /* "cpu", "cuda", "simt" (which is never measured); "f32", "bf16" */
    int threads;           /* of the processor; 1 elsewhere */
    uint64_t seed;
    int64_t layers, global_layers, heads, model_heads; /* heads: that were run */
    int64_t most, sequences, tokens, padded_tokens;
    size_t sample_count; /* 0 in a rehearsal: every way was verified and none was measured */
    struct record_way *ways;
    size_t way_count;
    struct estimate alternation;                  /* measured: all-global over alternating, paired */
    double ceiling;                               /* computed: the same by pairs */
    struct estimate padding, padding_alternating; /* measured: padded over packed; NaN where there is no padding */
    double padding_pairs, padding_tokens;         /* computed: the same by pairs, and by tokens */
    struct record_paper *papers;
    size_t paper_count;
};

struct record;

/* A fresh, zeroed row at the end; NULL when out of memory. Valid until the next call. */
struct record_modernbert *record_add_modernbert(struct record *record);
/* Fresh; NULL when out of memory. */
char *record_key_modernbert(const struct record_modernbert *row);
/* The way of that name, or NULL. */
const struct record_way *record_way_named(const struct record_modernbert *row, const char *name);
/* Fills the ways' seconds, and all ratios, measured and computed. */
void record_settle_modernbert(struct record_modernbert *row);
void record_remove_modernbert(struct record *record, size_t index);
void record_free_modernberts(struct record *record);

#endif
