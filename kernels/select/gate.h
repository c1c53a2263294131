/* gate.h - a learned score for every pair of blocks of one head: SeerAttention's gate (2410.13276, section 3.1) with
 * Quest's bound (2406.10774, section 3.2) beside it.
 *
 *     A = R(Q' Wq)   C = R(K' Wk)                                Q', K': pooled before RoPE (pool.h)
 *     S = A C^T / sqrt(features) + weight * log sum_h exp(bound_h)
 *     bound_h = sum_c max(q_hc * largest_c, q_hc * least_c) / sqrt(head_dim)      q_h: the halves of the query block
 * R turns a block's features by RoPE at the position of its first token. The bound is what no key of the block can
 * pass, so a single key that a few queries look for is not averaged away; what the rest of the block holds is learned.
 * Its weight is learned with the rest. Cost for B blocks: 2 B d f + 6 B d f for the features, then 2 f + 8 d FLOPs for
 * each of the B^2 pairs of blocks, of B (B + 1) / 2 where causal (the CPU's tiles compute up to 32 B more). */
#ifndef KERNELS_SELECT_GATE_H
#define KERNELS_SELECT_GATE_H

#include "kernels/select/pool.h"

enum { GATE_FEATURES = 64 };

struct gate {
    int64_t heads, head_dim;
    double theta;   /* RoPE's base, the model's own */
    float *weights; /* gate_weights() floats: of each head Wq [d, f], Wk [3 d, f], weight of the bound */
};

int64_t gate_weights_of_head(int64_t head_dim);
int64_t gate_weights(int64_t heads, int64_t head_dim);
/* What training starts from: normals of deviation 0.02, the bound's weight 1. `gate->weights` must be there. */
void gate_start(struct gate *gate, uint64_t seed);

/* Floats of scratch that the functions below need. */
size_t gate_scratch(int64_t blocks, int64_t head_dim);
/* scores [blocks, blocks] of one head; where causal, those right of the diagonal mean nothing. */
void gate_scores(const struct gate *gate, int64_t head, const struct pooled *pooled, bool causal, float *scratch,
                 float *scores);

/* The two parts, for the trainer: A and C [blocks, f] turned; the bound's logits [blocks, blocks]. */
void gate_project(const struct gate *gate, int64_t head, const struct pooled *pooled, float *a, float *c);
void gate_bound(const struct pooled *pooled, bool causal, float *scratch, float *logits);
/* Turns rows of features by RoPE at their block's position; forth, or back. */
void gate_turn(const struct gate *gate, int64_t blocks, bool back, float *rows);

#endif
