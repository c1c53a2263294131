/* problem.cuh - the problem as a kernel sees it: one struct by value, and which keys a row sees. */
#pragma once

#include <cmath>

#include "kernels/cuda/launch.cuh"

struct device_problem {
    const float *q, *k, *v; /* as struct attention_tensors, float32; NULL in 16 bits */
    float *o;
    const uint16_t *q16, *k16, *v16; /* the same in 16 bits, the bits of bf16 or f16; NULL in float32 */
    uint16_t *o16;
    float *log_sum_exp; /* may be NULL */
    float *scores;      /* the workspace, for those who keep S: [sequence, head, len_q, ...] */
    uint16_t *scores16;
    const int64_t *block_first; /* the block mask's arrays, as struct block_mask; NULL without one */
    const int32_t *block_list;
    int64_t layers, batch, heads, kv_heads, len_q, len_kv;
    int64_t left, right; /* the window, never negative: no limit is len_q + len_kv, which hides nothing */
    int64_t global_every;
    int head_dim;
    int causal;
    float scale;
    float scale_base2; /* log2(e) |scale|, for exponents of 2; never 0, so that -inf times it is -inf */
};

static inline int64_t window_of(const struct attention_problem *p, int64_t keys)
{
    int64_t all = p->len_q + p->len_kv;
    return keys < 0 || keys > all ? all : keys;
}

static inline struct device_problem device_problem_of(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    const struct attention_tensors *t = launch->tensors;
    struct device_problem d = {};
    if (p->dtype == DTYPE_F32) {
        d.q = static_cast<const float *>(t->q);
        d.k = static_cast<const float *>(t->k);
        d.v = static_cast<const float *>(t->v);
        d.o = static_cast<float *>(t->o);
        d.scores = static_cast<float *>(launch->workspace);
    } else {
        d.q16 = static_cast<const uint16_t *>(t->q);
        d.k16 = static_cast<const uint16_t *>(t->k);
        d.v16 = static_cast<const uint16_t *>(t->v);
        d.o16 = static_cast<uint16_t *>(t->o);
        d.scores16 = static_cast<uint16_t *>(launch->workspace);
    }
    d.log_sum_exp = t->log_sum_exp;
    d.block_first = launch->block_first;
    d.block_list = launch->block_list;
    d.layers = p->layers;
    d.batch = p->batch;
    d.heads = p->heads;
    d.kv_heads = p->kv_heads;
    d.len_q = p->len_q;
    d.len_kv = p->len_kv;
    d.left = window_of(p, p->mask.window_left);
    d.right = p->mask.causal ? 0 : window_of(p, p->mask.window_right);
    d.global_every = p->mask.global_every;
    d.head_dim = static_cast<int>(p->head_dim);
    d.causal = p->mask.causal;
    d.scale = p->scale;
    d.scale_base2 = fmaxf(fabsf(p->scale) * 1.4426950408889634f, 1.17549435e-38f);
    return d;
}

/* Keys p - left to p + right, where p is the row's own place among the keys. */
struct window {
    int64_t left, right;
};

static __host__ __device__ __forceinline__ struct window window_of_layer(const struct device_problem &p, int64_t layer)
{
    bool global = p.global_every > 0 && layer % p.global_every == 0;
    int64_t all = p.len_q + p.len_kv;
    return {global ? all : p.left, global && !p.causal ? all : p.right};
}

/* The keys that the rows from `first_row` to `last_row` see together; first == last when none. */
static __device__ __forceinline__ struct key_range keys_of_rows(const struct device_problem &p, struct window window,
                                                                int64_t first_row, int64_t last_row)
{
    int64_t first = first_row + p.len_kv - p.len_q - window.left;
    int64_t last = last_row + p.len_kv - p.len_q + window.right + 1;
    last = last < 0 ? 0 : last > p.len_kv ? p.len_kv : last;
    first = first < 0 ? 0 : first > last ? last : first;
    return {first, last};
}

static inline int64_t ceil_div(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* What all float32 kernels refuse; `blocks` is the largest launch. */
static inline const char *plain_unsupported(const struct attention_problem *p, double blocks)
{
    if (p->dtype != DTYPE_F32)
        return "the plain CUDA kernels compute in float32 only";
    if (p->mask.blocks)
        return "this kernel knows no block masks: use block_sparse";
    if (blocks > 2147483647.0)
        return "more blocks than one launch can hold (2^31 - 1)";
    return nullptr;
}

static inline void stage_ends(const struct cuda_launch *launch, int stage)
{
    if (launch->clock)
        launch->clock->end(launch->clock, stage);
}
