/* pool.cuh - what selection knows of a head: each block of 64 tokens as a few vectors (select/pool.h), in float32.
 *
 * Who does what: a thread block pools one block of tokens of one head. Its two groups of threads take 32 tokens each;
 * within a group a thread owns the columns j and j + d / 2, the two that RoPE turns together. Rows are read whole by
 * neighbouring threads, each once. */
#pragma once

#include "kernels/cuda/instructions.cuh"
#include "kernels/cuda/problem.cuh"

extern "C" {
#include "kernels/select/choice.h"
}

namespace
{

enum { HALF = SELECT_BLOCK / POOL_HALVES };

/* What the stages of choosing hand on through HBM. Heads count over all sequences; those of K are shared. */
struct select_work {
    device_problem problem;
    const float *gate, *angles; /* as struct block_choice has them */
    float *q_half, *q_plain;    /* [heads, blocks, 2, d], [heads, blocks, d] */
    float *k_bound, *k_plain;   /* [kv heads, blocks, 2 d], [kv heads, blocks, 3 d] */
    float *a, *c;               /* [heads, blocks, features] each, turned */
    float *scores;              /* [heads, blocks, blocks] */
    int32_t *list;              /* the mask's */
    int blocks, gate_heads;
};

/* Element `at` of Q or K in any type. */
template <enum dtype E>
static __device__ __forceinline__ float element_of(const float *plain, const uint16_t *narrow, int64_t at)
{
    if (E == DTYPE_F32)
        return plain[at];
    return low < E == DTYPE_F32 ? DTYPE_BF16 : E > (narrow[at]);
}

/* The tokens of one group, from `first` on, of one head. */
struct pool_rows {
    int64_t at, stride; /* element of the first token's column 0; from token to token */
    int64_t first;
    int count; /* 0 to HALF */
};

static __device__ __forceinline__ pool_rows rows_of_group(const device_problem &p, int64_t head, int64_t heads,
                                                          int64_t block)
{
    int64_t sequence = head / heads, first = block * SELECT_BLOCK + threadIdx.y * HALF, left = p.len_kv - first;
    int count = left < 0 ? 0 : left < HALF ? (int)left : (int)HALF;
    int64_t stride = heads * p.head_dim;
    return {(sequence * p.len_kv + first) * stride + head % heads * p.head_dim, stride, first, count};
}

/* RoPE's turn of a token, undone. */
struct turn {
    float cosine, sine;
};

static __device__ __forceinline__ turn turn_of(const select_work &work, int64_t token, int j)
{
    int half = work.problem.head_dim / 2;
    const float *cosine = work.angles + token * half + j;
    return {cosine[0], cosine[work.problem.len_kv * half]};
}

template <enum dtype E> __global__ void __launch_bounds__(MAX_HEAD_DIM, 4) pool_queries(select_work work)
{
    const device_problem &p = work.problem;
    SRAM_BEGIN;
    SRAM(float, other, p.head_dim); /* what the second group found, before RoPE */
    int64_t block = blockIdx.x % work.blocks, head = blockIdx.x / work.blocks;
    int d = p.head_dim, half = d / 2, group = threadIdx.y, j = threadIdx.x;
    bool mine = j < half;
    pool_rows rows = rows_of_group(p, head, p.heads, block);
    float sum[2] = {0, 0}, plain[2] = {0, 0};
    for (int r = 0; mine && r < rows.count; r++) {
        float x = element_of<E>(p.q, p.q16, rows.at + r * rows.stride + j);
        float y = element_of<E>(p.q, p.q16, rows.at + r * rows.stride + j + half);
        turn t = turn_of(work, rows.first + r, j);
        sum[0] += x;
        sum[1] += y;
        plain[0] += x * t.cosine + y * t.sine;
        plain[1] += y * t.cosine - x * t.sine;
    }
    float *halves = work.q_half + (head * work.blocks + block) * POOL_HALVES * d;
    int64_t all = p.len_kv - block * SELECT_BLOCK;
    bool second = all > HALF; /* without tokens of its own the second half repeats the first */
    for (int n = 0; mine && n < 2; n++) {
        if (rows.count > 0)
            halves[group * d + j + n * half] = sum[n] / (float)rows.count;
        if (!second && group == 0)
            halves[d + j + n * half] = sum[n] / (float)rows.count;
        if (second && group == 1)
            other[j + n * half] = plain[n];
    }
    __syncthreads();
    float count = (float)(all < SELECT_BLOCK ? all : (int64_t)SELECT_BLOCK);
    for (int n = 0; mine && group == 0 && n < 2; n++)
        work.q_plain[(head * work.blocks + block) * d + j + n * half] =
            (plain[n] + (second ? other[j + n * half] : 0.0f)) / count;
}

/* Of one column: as it is, and before RoPE. */
struct key_pool {
    float largest, least, plain_largest, plain_least, plain_sum;
};

static __device__ __forceinline__ void pool_key(key_pool &pool, float value, float plain)
{
    pool.largest = fmaxf(pool.largest, value);
    pool.least = fminf(pool.least, value);
    pool.plain_largest = fmaxf(pool.plain_largest, plain);
    pool.plain_least = fminf(pool.plain_least, plain);
    pool.plain_sum += plain;
}

enum { KEY_POOLS = sizeof(key_pool) / sizeof(float) };

template <enum dtype E> __global__ void __launch_bounds__(MAX_HEAD_DIM, 4) pool_keys(select_work work)
{
    const device_problem &p = work.problem;
    SRAM_BEGIN;
    SRAM(float, other, KEY_POOLS *p.head_dim);
    int64_t block = blockIdx.x % work.blocks, head = blockIdx.x / work.blocks;
    int d = p.head_dim, half = d / 2, group = threadIdx.y, j = threadIdx.x;
    bool mine = j < half;
    pool_rows rows = rows_of_group(p, head, p.kv_heads, block);
    key_pool pools[2];
    for (int n = 0; n < 2; n++)
        pools[n] = {-INFINITY, INFINITY, -INFINITY, INFINITY, 0};
    for (int r = 0; mine && r < rows.count; r++) {
        float x = element_of<E>(p.k, p.k16, rows.at + r * rows.stride + j);
        float y = element_of<E>(p.k, p.k16, rows.at + r * rows.stride + j + half);
        turn t = turn_of(work, rows.first + r, j);
        pool_key(pools[0], x, x * t.cosine + y * t.sine);
        pool_key(pools[1], y, y * t.cosine - x * t.sine);
    }
    for (int n = 0; mine && group == 1 && n < 2; n++) {
        float *to = other + j + n * half;
        to[0] = pools[n].largest;
        to[d] = pools[n].least;
        to[2 * d] = pools[n].plain_largest;
        to[3 * d] = pools[n].plain_least;
        to[4 * d] = pools[n].plain_sum;
    }
    __syncthreads();
    int64_t all = p.len_kv - block * SELECT_BLOCK;
    float count = (float)(all < SELECT_BLOCK ? all : (int64_t)SELECT_BLOCK);
    for (int n = 0; mine && group == 0 && n < 2; n++) {
        const float *from = other + j + n * half;
        float *bound = work.k_bound + (head * work.blocks + block) * 2 * d + j + n * half;
        float *plain = work.k_plain + (head * work.blocks + block) * 3 * d + j + n * half;
        bound[0] = fmaxf(pools[n].largest, from[0]);
        bound[d] = fminf(pools[n].least, from[d]);
        plain[0] = fmaxf(pools[n].plain_largest, from[2 * d]);
        plain[d] = fminf(pools[n].plain_least, from[3 * d]);
        plain[2 * d] = (pools[n].plain_sum + from[4 * d]) / count;
    }
}

/* Each element of Q and K once, a cosine and a sine for two of them. */
inline void pool_stage(const struct attention_problem *p, struct kernel_stage *stage)
{
    double d = (double)p->head_dim, blocks = (double)select_blocks(p->len_kv), sequences = (double)p->batch;
    double q = sequences * (double)p->heads, k = sequences * (double)p->kv_heads, n = (double)p->len_kv;
    *stage = {"pool", 6 * (q + k) * n * d, (q + k) * n * d * ((double)dtype_size(p->dtype) + 4),
              4 * blocks * d * (3 * q + 5 * k)};
}

template <enum dtype E> enum status pool_launch(const select_work &work, void *stream)
{
    const device_problem &p = work.problem;
    unsigned heads = (unsigned)(p.batch * p.heads), kv_heads = (unsigned)(p.batch * p.kv_heads);
    unsigned blocks = (unsigned)work.blocks, columns = (unsigned)ceil_div(p.head_dim / 2, 32) * 32;
    size_t one = SRAM_BYTES(0, float, p.head_dim), five = SRAM_BYTES(0, float, KEY_POOLS *p.head_dim);
    enum status status = LAUNCH(pool_queries<E>, dim3(heads * blocks), dim3(columns, POOL_HALVES), one, stream, work);
    if (status == STATUS_OK)
        status = LAUNCH(pool_keys<E>, dim3(kv_heads * blocks), dim3(columns, POOL_HALVES), five, stream, work);
    return status;
}

} // namespace
