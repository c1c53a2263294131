/* help_selection.h - a small problem for selection: Q and K of two sequences, their angles, and a gate. */
#ifndef TESTS_KERNELS_HELP_SELECTION_H
#define TESTS_KERNELS_HELP_SELECTION_H

#include "help_guard.h"
#include "kernels/select/selection.h"

/* The last of the N blocks has 10 tokens, so that its second half has none. */
enum { D = 32, HEADS = 4, KV_HEADS = 2, BATCH = 2, GATE_HEADS = 3, LENGTH = 330, N = 6, F = GATE_FEATURES };

struct world {
    float *q, *k, *cosine, *sine, *weights;
    struct angles angles;
    struct gate gate;
};

/* CMocka's setup and teardown. */
int make_world(void **state);
int drop_world(void **state);

/* To be freed. */
float *gaussian(int64_t count, float deviation, uint64_t seed);
/* Pools of query head `h`, in exactly the room that they ask for, which the caller frees. */
struct pooled pool_of(const struct world *w, int64_t sequence, int64_t h, struct guarded *room);
/* The same of its first `length` tokens, at most LENGTH. */
struct pooled pool_of_first(const struct world *w, int64_t length, int64_t sequence, int64_t h, struct guarded *room);
void assert_near(double got, double wanted, const char *what, int64_t i, int64_t j);

#endif
