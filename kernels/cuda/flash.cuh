/* flash.cuh - the inner loop that flash_tiled and sliding share: one block carries 64 queries of one head past the keys
 * that they see, 32 keys at a time.
 *
 * Who does what: a block has 8 warps, a warp owns 8 queries. For the scores a lane owns one of the 32 keys; for the
 * output a lane owns the columns lane, lane + 32, ... The weights P change hands between the two through SRAM, inside
 * the warp. D is head_dim rounded up, so that the sums stay in registers; columns beyond head_dim are zero.
 *
 * SRAM, in floats: Q 64 x D, K 32 x (D + 4) (so that 8 lanes that read 16 bytes of neighbouring keys meet different
 * banks), V 32 x D, P 64 x 32. */
#pragma once

#include "kernels/cuda/problem.cuh"

namespace
{

enum { BLOCK_Q = 64, BLOCK_K = 32, FLASH_WARPS = 8, WARP_ROWS = BLOCK_Q / FLASH_WARPS };
enum { FLASH_THREADS = FLASH_WARPS * 32 };

/* What a warp knows of its queries: the softmax so far, and the output so far, not yet divided by the sum. */
template <int D> struct flash_state {
    float largest[WARP_ROWS];
    float sum[WARP_ROWS]; /* this lane's keys only; added up over the lanes at the end */
    float out[WARP_ROWS][D / 32];
};

/* `rows` tokens of a tensor into SRAM, 16 bytes a thread and step; the rows up to `filled` become zero. */
static __device__ __forceinline__ void load_rows(float *tile, int pitch, const float *from, int64_t stride, int rows,
                                                 int filled, int head_dim)
{
    int chunks = head_dim / 4;
    for (int n = threadIdx.x; n < filled * chunks; n += FLASH_THREADS) {
        int r = n / chunks, c = n % chunks * 4;
        store4(tile + r * pitch + c, r < rows ? load4(from + r * stride + c) : make_float4(0, 0, 0, 0));
    }
}

/* scores[r] = Q[r] . K[lane], for the warp's rows. */
static __device__ __forceinline__ void dot_rows(const float *q_rows, int q_pitch, const float *key, int head_dim,
                                                float *scores)
{
    for (int r = 0; r < WARP_ROWS; r++)
        scores[r] = 0;
    for (int c = 0; c < head_dim; c += 4) {
        float4 k = load4(key + c);
#pragma unroll
        for (int r = 0; r < WARP_ROWS; r++) {
            float4 q = load4(q_rows + r * q_pitch + c);
            scores[r] += q.x * k.x + q.y * k.y + q.z * k.z + q.w * k.w;
        }
    }
}

static __device__ __forceinline__ float largest_of_warp(float value)
{
    for (int distance = 16; distance > 0; distance /= 2)
        value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, distance));
    return value;
}

static __device__ __forceinline__ float sum_of_warp(float value)
{
    for (int distance = 16; distance > 0; distance /= 2)
        value += __shfl_xor_sync(0xffffffffu, value, distance);
    return value;
}

/* The online softmax: a larger logit than all before it shrinks what was summed so far. Leaves the weights in SRAM. */
template <int D>
static __device__ __forceinline__ void soften(flash_state<D> &state, const float *scores, float *p_rows, int lane)
{
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
        float largest = fmaxf(state.largest[r], largest_of_warp(scores[r]));
        float base = largest == -INFINITY ? 0.0f : largest; /* no key yet: -inf minus -inf would be no number */
        float shrink = expf(state.largest[r] - base), weight = expf(scores[r] - base);
        state.largest[r] = largest;
        state.sum[r] = state.sum[r] * shrink + weight;
#pragma unroll
        for (int c = 0; c < D / 32; c++)
            state.out[r][c] *= shrink;
        p_rows[r * BLOCK_K + lane] = weight;
    }
}

/* out[r] += P[r] V, for the lane's columns, four keys at a time. */
template <int D>
static __device__ __forceinline__ void add_values(flash_state<D> &state, const float *p_rows, const float *v_tile,
                                                  int keys, int lane)
{
    for (int j = 0; j < keys; j += 4) {
        float4 weights[WARP_ROWS];
#pragma unroll
        for (int r = 0; r < WARP_ROWS; r++)
            weights[r] = load4(p_rows + r * BLOCK_K + j);
#pragma unroll
        for (int c = 0; c < D / 32; c++) {
            const float *v = v_tile + j * D + lane + 32 * c;
            float v0 = v[0], v1 = v[D], v2 = v[2 * D], v3 = v[3 * D];
#pragma unroll
            for (int r = 0; r < WARP_ROWS; r++)
                state.out[r][c] += weights[r].x * v0 + weights[r].y * v1 + weights[r].z * v2 + weights[r].w * v3;
        }
    }
}

/* One block: queries [first_row, first_row + 64) of `head` (over all sequences). */
template <int D> static __device__ __forceinline__ void flash_block(const device_problem &p)
{
    SRAM_BEGIN;
    SRAM(float, q_tile, BLOCK_Q *D);
    SRAM(float, k_tile, BLOCK_K *(D + 4));
    SRAM(float, v_tile, BLOCK_K *D);
    SRAM(float, p_tile, BLOCK_Q *BLOCK_K);
    int64_t tiles = (p.len_q + BLOCK_Q - 1) / BLOCK_Q, head = blockIdx.x / tiles;
    int64_t first_row = (tiles - 1 - blockIdx.x % tiles) * BLOCK_Q; /* under a causal mask the longest come first */
    int64_t sequence = head / p.heads, h = head % p.heads, group = h / (p.heads / p.kv_heads);
    int64_t q_stride = p.heads * p.head_dim, kv_stride = p.kv_heads * p.head_dim;
    int64_t q_at = (sequence * p.len_q + first_row) * q_stride + h * p.head_dim;
    int64_t kv_at = sequence * p.len_kv * kv_stride + group * p.head_dim;
    int rows = p.len_q - first_row < BLOCK_Q ? (int)(p.len_q - first_row) : (int)BLOCK_Q;
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, my_row = warp * WARP_ROWS;
    struct window window = window_of_layer(p, sequence / p.batch);
    struct key_range keys = keys_of_rows(p, window, first_row, first_row + rows - 1);

    flash_state<D> state;
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
        state.largest[r] = -INFINITY;
        state.sum[r] = 0;
#pragma unroll
        for (int c = 0; c < D / 32; c++)
            state.out[r][c] = 0;
    }
    load_rows(q_tile, D, p.q + q_at, q_stride, rows, BLOCK_Q, p.head_dim);
    int beyond = D - p.head_dim;
    for (int n = threadIdx.x; n < BLOCK_K * beyond; n += FLASH_THREADS)
        v_tile[n / beyond * D + p.head_dim + n % beyond] = 0;

    for (int64_t key = keys.first; key < keys.last; key += BLOCK_K) {
        int count = keys.last - key < BLOCK_K ? (int)(keys.last - key) : (int)BLOCK_K;
        load_rows(k_tile, D + 4, p.k + kv_at + key * kv_stride, kv_stride, count, count, p.head_dim);
        load_rows(v_tile, D, p.v + kv_at + key * kv_stride, kv_stride, count, (count + 3) / 4 * 4, p.head_dim);
        __syncthreads();

        float scores[WARP_ROWS];
        if (lane < count)
            dot_rows(q_tile + my_row * D, D, k_tile + lane * (D + 4), p.head_dim, scores);
        /* Where the key stands relative to the row's own place: the mask is a range of that. */
        int64_t relative = key + lane - (first_row + my_row + p.len_kv - p.len_q);
#pragma unroll
        for (int r = 0; r < WARP_ROWS; r++) {
            bool kept = lane < count && relative - r >= -window.left && relative - r <= window.right;
            scores[r] = kept ? p.scale * scores[r] : -INFINITY;
        }
        soften(state, scores, p_tile + my_row * BLOCK_K, lane);
        __syncwarp();
        add_values(state, p_tile + my_row * BLOCK_K, v_tile, count, lane);
        __syncthreads();
    }

#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
        float sum = sum_of_warp(state.sum[r]), factor = sum > 0 ? 1 / sum : 0.0f;
        if (my_row + r >= rows)
            continue;
#pragma unroll
        for (int c = 0; c < D / 32; c++)
            if (lane + 32 * c < p.head_dim)
                p.o[q_at + (my_row + r) * q_stride + lane + 32 * c] = state.out[r][c] * factor;
        if (lane == 0 && p.log_sum_exp)
            p.log_sum_exp[head * p.len_q + first_row + my_row + r] = sum > 0 ? state.largest[r] + logf(sum) : -INFINITY;
    }
}

size_t flash_sram(int d)
{
    size_t q = SRAM_BYTES(0, float, BLOCK_Q *d), k = SRAM_BYTES(q, float, BLOCK_K *(d + 4));
    return SRAM_BYTES(SRAM_BYTES(k, float, BLOCK_K *d), float, BLOCK_Q *BLOCK_K);
}

double flash_blocks(const struct attention_problem *p)
{
    return (double)(p->layers * p->batch * p->heads) * (double)ceil_div(p->len_q, BLOCK_Q);
}

/* One pass: Q in and O out once; for every tile of 64 queries the keys that any of them sees, from the first to the
 * last, K and V each. */
void flash_stages(const struct attention_problem *p, const char *name, struct kernel_stages *stages)
{
    double heads = (double)(p->batch * p->heads), d = (double)p->head_dim, rows = (double)p->len_q;
    *stages = {};
    struct kernel_stage *stage = &stages->items[0];
    snprintf(stage->name, sizeof stage->name, "%s", name);
    stages->count = 1;
    for (int64_t layer = 0; layer < p->layers; layer++) {
        double keys = 0;
        for (int64_t first = 0; first < p->len_q; first += BLOCK_Q) {
            int64_t last = first + BLOCK_Q < p->len_q ? first + BLOCK_Q - 1 : p->len_q - 1;
            keys += (double)(attention_keys(p, layer, last).last - attention_keys(p, layer, first).first);
        }
        stage->flops += 4 * d * (double)attention_layer_pairs(p, layer);
        stage->bytes_read += heads * 4 * d * (rows + 2 * keys);
        stage->bytes_written += heads * 4 * rows * (d + 1);
    }
}

size_t no_workspace(const struct attention_problem *)
{
    return 0;
}

} // namespace
