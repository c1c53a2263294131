/* flash.cuh - the inner loop in plain float32 that flash_tiled, sliding, alternating and block_sparse share: one
 * block carries 64 queries of one head past the keys that an iterator names, 32 at a time.
 *
 * Who does what: a block has 8 warps, a warp owns 8 queries. For the scores a lane owns one of the 32 keys; for the
 * output a lane owns the columns lane, lane + 32, ... The weights P change hands between the two through SRAM, inside
 * the warp. D is head_dim rounded up, so that the sums stay in registers; columns beyond head_dim are zero.
 *
 * SRAM, in floats: Q 64 x D, K 32 x (D + 4) (so that 8 lanes that read 16 bytes of neighbouring keys meet different
 * banks), V 32 x D, P 64 x 32. */
#pragma once

#include "kernels/cuda/key_tiles.cuh"

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

/* scores[r] = scale * Q[r] . K[lane], for the warp's rows. */
static __device__ __forceinline__ void dot_rows(const float *q_rows, int q_pitch, const float *key, int head_dim,
                                                float scale, float *scores)
{
    for (int r = 0; r < WARP_ROWS; r++)
        scores[r] = 0;
#pragma unroll 1 /* more would cost the registers that let two blocks live on a multiprocessor at D 64 */
    for (int c = 0; c < head_dim; c += 4) {
        float4 k = load4(key + c);
#pragma unroll
        for (int r = 0; r < WARP_ROWS; r++) {
            float4 q = load4(q_rows + r * q_pitch + c);
            scores[r] += q.x * k.x + q.y * k.y + q.z * k.z + q.w * k.w;
        }
    }
    for (int r = 0; r < WARP_ROWS; r++)
        scores[r] *= scale;
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

/* What one block works on. Offsets are in elements. */
struct flash_place {
    int rows;                /* of the head's queries: at least 1 of them, at most BLOCK_Q */
    int first_key, last_key; /* the first row sees keys [first_key, last_key), which may lie outside; row r below it
                                those that are r further */
    int64_t row;             /* of log_sum_exp, of the first row */
    int64_t q, kv;           /* of the first row in Q and O; of the head's first key in K and V */
};

/* Queries [first_row, first_row + rows) of `head`, which counts over all sequences. */
static __device__ __forceinline__ flash_place place_of_rows(const device_problem &p, int64_t head, int64_t first_row,
                                                            int64_t rows)
{
    int64_t sequence = head / p.heads, h = head % p.heads, group = h / (p.heads / p.kv_heads);
    struct window window = window_of_layer(p, sequence / p.batch);
    int64_t own_key = first_row + p.len_kv - p.len_q;
    flash_place place;
    place.rows = (int)(p.len_q - first_row < rows ? p.len_q - first_row : rows);
    place.first_key = (int)(own_key - window.left);
    place.last_key = (int)(own_key + window.right + 1);
    place.row = head * p.len_q + first_row;
    place.q = ((sequence * p.len_q + first_row) * p.heads + h) * p.head_dim;
    place.kv = (sequence * p.len_kv * p.kv_heads + group) * p.head_dim;
    return place;
}

/* The logits of the warp's rows for key `key`, this lane's; -inf where the mask hides it, or where there is none. Only
 * tiles that an edge of the mask or the end of the keys crosses are compared key by key. `first` and `last` as in
 * flash_place, of the warp's first row. */
static __device__ __forceinline__ void hide(float *scores, struct key_tile tile, int first, int last, int lane)
{
    if (tile.count == BLOCK_K && tile.first >= first + WARP_ROWS - 1 && tile.first + BLOCK_K <= last)
        return;
    int key = tile.first + lane;
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++)
        if (lane >= tile.count || key < first + r || key >= last + r)
            scores[r] = -INFINITY;
}

/* Divides by the sums, and leaves O and the log-sum-exp. */
template <int D>
static __device__ __forceinline__ void write_rows(const device_problem &p, const flash_place &place,
                                                  const flash_state<D> &state, int my_row, int lane)
{
    int64_t stride = p.heads * p.head_dim;
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
        float sum = sum_of_warp(state.sum[r]), factor = sum > 0 ? 1 / sum : 0.0f;
        if (my_row + r >= place.rows)
            continue;
#pragma unroll
        for (int c = 0; c < D / 32; c++)
            if (lane + 32 * c < p.head_dim)
                p.o[place.q + (my_row + r) * stride + lane + 32 * c] = state.out[r][c] * factor;
        if (lane == 0 && p.log_sum_exp)
            p.log_sum_exp[place.row + my_row + r] = sum > 0 ? state.largest[r] + logf(sum) : -INFINITY;
    }
}

/* The whole block. `tiles` is an iterator of key_tiles.cuh, in any order, no key twice. */
template <int D, class Tiles>
static __device__ __forceinline__ void flash_block(const device_problem &p, const flash_place &place, Tiles tiles)
{
    SRAM_BEGIN;
    SRAM(float, q_tile, BLOCK_Q *D);
    SRAM(float, k_tile, BLOCK_K *(D + 4));
    SRAM(float, v_tile, BLOCK_K *D);
    SRAM(float, p_tile, BLOCK_Q *BLOCK_K);
    int64_t stride = p.kv_heads * p.head_dim;
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, my_row = warp * WARP_ROWS;
    int beyond = D - p.head_dim;

    flash_state<D> state;
#pragma unroll
    for (int r = 0; r < WARP_ROWS; r++) {
        state.largest[r] = -INFINITY;
        state.sum[r] = 0;
#pragma unroll
        for (int c = 0; c < D / 32; c++)
            state.out[r][c] = 0;
    }
    load_rows(q_tile, D, p.q + place.q, p.heads * p.head_dim, place.rows, BLOCK_Q, p.head_dim);
    for (int n = threadIdx.x; n < BLOCK_K * beyond; n += FLASH_THREADS)
        v_tile[n / beyond * D + p.head_dim + n % beyond] = 0;

    for (struct key_tile tile = tiles.take(BLOCK_K); tile.count > 0; tile = tiles.take(BLOCK_K)) {
        int64_t at = place.kv + tile.first * stride;
        load_rows(k_tile, D + 4, p.k + at, stride, tile.count, tile.count, p.head_dim);
        load_rows(v_tile, D, p.v + at, stride, tile.count, (tile.count + 3) / 4 * 4, p.head_dim);
        __syncthreads();
        if (my_row < place.rows) { /* the whole warp, or not */
            float scores[WARP_ROWS];
            if (lane < tile.count)
                dot_rows(q_tile + my_row * D, D, k_tile + lane * (D + 4), p.head_dim, p.scale, scores);
            hide(scores, tile, place.first_key + my_row, place.last_key + my_row, lane);
            soften(state, scores, p_tile + my_row * BLOCK_K, lane);
            __syncwarp();
            add_values(state, p_tile + my_row * BLOCK_K, v_tile, tile.count, lane);
        }
        __syncthreads();
    }
    write_rows(p, place, state, my_row, lane);
}

inline size_t flash_sram(int d)
{
    size_t q = SRAM_BYTES(0, float, BLOCK_Q *d), k = SRAM_BYTES(q, float, BLOCK_K *(d + 4));
    return SRAM_BYTES(SRAM_BYTES(k, float, BLOCK_K *d), float, BLOCK_Q *BLOCK_K);
}

/* head_dim rounded up to what the loop is built for. */
inline int flash_columns(int head_dim)
{
    return head_dim <= 32 ? 32 : head_dim <= 64 ? 64 : head_dim <= 128 ? 128 : 256;
}

} // namespace
