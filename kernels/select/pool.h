/* pool.h - what selection knows of a head: its blocks of 64 tokens, each a few vectors.
 *
 * Nothing here grows with N x N. Queries are also pooled in halves of a block: a mean over 64 queries hides the few
 * that look for one key. Pools "before RoPE" are of Q and K as a model has them before it turns them (the rows are
 * turned back on the way), since means of turned rows lose what turns fast (SeerAttention 2410.13276, section 3.1). */
#ifndef KERNELS_SELECT_POOL_H
#define KERNELS_SELECT_POOL_H

#include "kernels/attention.h"
#include "kernels/rope.h"

enum { SELECT_BLOCK = 64, POOL_HALVES = 2 };

static inline int64_t select_blocks(int64_t length)
{
    return (length + SELECT_BLOCK - 1) / SELECT_BLOCK;
}

/* One head. The last block may be shorter: its means are over the rows that are there. */
struct pooled {
    int64_t blocks, head_dim;
    float *q_mean;  /* [blocks, d] */
    float *q_half;  /* [blocks, POOL_HALVES, d]; a half without rows repeats the one before */
    float *k_mean;  /* [blocks, d] */
    float *k_bound; /* [blocks, 2 d]: the largest of each column, then the least */
    float *q_plain; /* [blocks, d] mean, before RoPE */
    float *k_plain; /* [blocks, 3 d]: largest, least, mean, before RoPE */
};

/* Floats that a struct pooled needs, and its arrays placed in them. */
size_t pooled_floats(int64_t length, int64_t head_dim);
struct pooled pooled_in(float *room, int64_t length, int64_t head_dim);

/* Q and K of one head after RoPE, rows `q_stride` and `k_stride` floats apart; the angles are those of every position,
 * for turning back. */
void pool_head(const float *q, int64_t q_stride, const float *k, int64_t k_stride, int64_t length,
               const struct angles *angles, struct pooled *pooled);

#endif
