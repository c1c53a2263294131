/* select.h - which blocks of keys each block of queries keeps: the selectors, behind one interface.
 *
 * A selector gives every pair of blocks a score; the best of each row are kept. What differs is only the score, so all
 * selectors keep equally many blocks and can be compared. */
#ifndef KERNELS_SELECT_SELECT_H
#define KERNELS_SELECT_SELECT_H

#include "kernels/block_mask.h"
#include "kernels/select/gate.h"

enum selector {
    SELECT_RANDOM,  /* the diagonal, and random blocks */
    SELECT_LOCAL,   /* the nearest */
    SELECT_A_SHAPE, /* the first block, and the nearest (StreamingLLM 2309.17453) */
    SELECT_MEAN,    /* mean query . mean key (MoBA 2502.13189) */
    SELECT_BOUND,   /* mean query against the keys' bound (Quest 2406.10774) */
    SELECT_HALVES,  /* the same with the query block in halves: what the gate is given, unlearned */
    SELECT_GATE,    /* gate.h */
    SELECT_MASS,    /* the attention itself: no selector can do better at this density */
    SELECTORS
};

struct selector_row {
    const char *name, *title, *source;
};
const struct selector_row *selector_row(enum selector selector);
/* SELECTORS when there is none of that name. */
enum selector selector_find(const char *name);

struct select_input {
    const struct pooled *pooled;
    const struct gate *gate; /* SELECT_GATE only */
    int64_t head;            /* of the gate */
    const float *mass;       /* SELECT_MASS only: [blocks, blocks] */
    uint64_t seed;           /* SELECT_RANDOM only */
    bool causal;             /* scores right of the diagonal are not asked for */
};

/* Floats of scratch for the two functions below. */
size_t select_scratch(int64_t blocks, int64_t head_dim);
/* scores[blocks, blocks] of one head. */
void select_scores(enum selector selector, const struct select_input *input, float *scratch, float *scores);

/* Blocks that a row may see: i + 1 where causal, else all; and how many of them it keeps: at least 2 where there are
 * two, and at most all, since 0 < density <= 1 and k = ceil(density * seen). */
int64_t select_seen(int64_t row, int64_t blocks, bool causal);
int64_t select_count(int64_t seen, double density);
/* The kept blocks of one row, rising: writes select_count() of them. The diagonal is always in; of equal scores the
 * nearer block. `scratch` holds 2 floats a block. */
void select_row(const float *scores, int64_t row, int64_t blocks, bool causal, double density, float *scratch,
                int32_t *kept);

#endif
