/* gate.cuh - the learned gate's score for every pair of blocks that may see each other (select/gate.h), in float32.
 *
 * Features: a thread block multiplies 16 pooled rows of one head by its weights, 32 of the inner columns at a time
 * through SRAM; a warp owns 2 rows, a lane the features j and j + 32, which RoPE turns together.
 * Scores: a thread block fills 16 rows by 32 columns of blocks; a warp owns 2 rows, a lane one column. The features'
 * product and both halves' bounds pass through the same SRAM, 32 columns at a time; the pitch of 33 lets lanes that
 * read one column of neighbouring rows meet different banks. Tiles right of the diagonal are not launched for
 * anything: they return at once. */
#pragma once

#include "kernels/cuda/pool.cuh"

namespace
{

enum { GATE_ROWS = 16, GATE_COLUMNS = 32, GATE_WARPS = 8, GATE_THREADS = GATE_WARPS * 32, GATE_CHUNK = 32 };
enum { GATE_WARP_ROWS = GATE_ROWS / GATE_WARPS, GATE_PITCH = GATE_CHUNK + 1 };
static_assert((int)GATE_FEATURES == 2 * GATE_CHUNK, "a lane owns two features");

/* `rows` rows of `columns` columns from column `at` on into SRAM; rows that are not there become zero. */
static __device__ __forceinline__ void load_chunk_of(float *tile, int pitch, const float *from, int64_t stride,
                                                     int rows, int filled, int at, int columns)
{
    for (int n = threadIdx.x; n < filled * GATE_CHUNK; n += GATE_THREADS) {
        int r = n / GATE_CHUNK, c = n % GATE_CHUNK;
        if (c < columns)
            tile[r * pitch + c] = r < rows ? from[r * stride + at + c] : 0.0f;
    }
}

/* The weights of head `head`: Wq, Wk behind it, and the weight of the bound at the end. */
static __device__ __forceinline__ const float *weights_of(const select_work &work, int64_t head)
{
    int64_t each = 4 * work.problem.head_dim * GATE_FEATURES + 1;
    return work.gate + head % work.problem.heads % work.gate_heads * each;
}

static __device__ __forceinline__ int64_t kv_head_of(const device_problem &p, int64_t head)
{
    return head / p.heads * p.kv_heads + head % p.heads / (p.heads / p.kv_heads);
}

/* Which of the two products: A from Q', or C from K'. */
struct projection {
    const float *from, *weights;
    float *to;
    int inner;
};

static __device__ __forceinline__ projection projection_of(const select_work &work, int64_t head, bool keys)
{
    int d = work.problem.head_dim;
    const float *weights = weights_of(work, head);
    if (!keys)
        return {work.q_plain + head * work.blocks * d, weights, work.a + head * work.blocks * GATE_FEATURES, d};
    return {work.k_plain + kv_head_of(work.problem, head) * work.blocks * 3 * d, weights + d * GATE_FEATURES,
            work.c + head * work.blocks * GATE_FEATURES, 3 * d};
}

__global__ void __launch_bounds__(GATE_THREADS, 2) gate_features(select_work work)
{
    SRAM_BEGIN;
    SRAM(float, x_tile, GATE_ROWS *GATE_CHUNK);
    SRAM(float, w_tile, GATE_CHUNK *GATE_FEATURES);
    int64_t tiles = (work.blocks + GATE_ROWS - 1) / GATE_ROWS, tile = blockIdx.x % tiles, rest = blockIdx.x / tiles;
    projection of = projection_of(work, rest / 2, rest % 2 == 1);
    int first = (int)tile * GATE_ROWS, rows = work.blocks - first < GATE_ROWS ? work.blocks - first : (int)GATE_ROWS;
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, my_row = warp * GATE_WARP_ROWS;
    float low_sum[GATE_WARP_ROWS] = {0}, high_sum[GATE_WARP_ROWS] = {0};
    for (int at = 0; at < of.inner; at += GATE_CHUNK) {
        int columns = of.inner - at < GATE_CHUNK ? of.inner - at : (int)GATE_CHUNK;
        load_chunk_of(x_tile, GATE_CHUNK, of.from + (int64_t)first * of.inner, of.inner, rows, GATE_ROWS, at, columns);
        for (int n = threadIdx.x; n < columns * GATE_FEATURES; n += GATE_THREADS)
            w_tile[n] = of.weights[at * GATE_FEATURES + n];
        __syncthreads();
        for (int c = 0; c < columns; c++) {
            float low_weight = w_tile[c * GATE_FEATURES + lane], high_weight = w_tile[c * GATE_FEATURES + lane + 32];
#pragma unroll
            for (int r = 0; r < GATE_WARP_ROWS; r++) {
                float x = x_tile[(my_row + r) * GATE_CHUNK + c];
                low_sum[r] += x * low_weight;
                high_sum[r] += x * high_weight;
            }
        }
        __syncthreads();
    }
    const float *angles = work.angles + work.problem.len_kv * work.problem.head_dim;
    for (int r = 0; r < GATE_WARP_ROWS && my_row + r < rows; r++) {
        int64_t row = first + my_row + r;
        float cosine = angles[row * 32 + lane], sine = angles[(work.blocks + row) * 32 + lane];
        of.to[row * GATE_FEATURES + lane] = low_sum[r] * cosine - high_sum[r] * sine;
        of.to[row * GATE_FEATURES + lane + 32] = high_sum[r] * cosine + low_sum[r] * sine;
    }
}

/* log(exp(x) + exp(y)), without overflow. */
static __device__ __forceinline__ float log_sum(float x, float y)
{
    return fmaxf(x, y) + log1pf(expf(-fabsf(x - y)));
}

__global__ void __launch_bounds__(GATE_THREADS, 2) gate_score(select_work work)
{
    const device_problem &p = work.problem;
    SRAM_BEGIN;
    SRAM(float, q_tile, GATE_ROWS *POOL_HALVES *GATE_CHUNK);
    SRAM(float, largest_tile, GATE_COLUMNS *GATE_PITCH);
    SRAM(float, least_tile, GATE_COLUMNS *GATE_PITCH);
    SRAM(float, weight, 1);
    int64_t row_tiles = (work.blocks + GATE_ROWS - 1) / GATE_ROWS;
    int64_t column_tiles = (work.blocks + GATE_COLUMNS - 1) / GATE_COLUMNS,
            place = blockIdx.x % (row_tiles * column_tiles);
    int64_t head = blockIdx.x / (row_tiles * column_tiles), kv_head = kv_head_of(p, head);
    int first = (int)(place / column_tiles) * GATE_ROWS, begin = (int)(place % column_tiles) * GATE_COLUMNS;
    int rows = work.blocks - first < GATE_ROWS ? work.blocks - first : (int)GATE_ROWS;
    int columns = work.blocks - begin < GATE_COLUMNS ? work.blocks - begin : (int)GATE_COLUMNS;
    if (p.causal && begin >= first + rows)
        return;
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, my_row = warp * GATE_WARP_ROWS, d = p.head_dim;
    float features[GATE_WARP_ROWS] = {0}, bounds[GATE_WARP_ROWS][POOL_HALVES] = {{0}};
    if (threadIdx.x == 0)
        weight[0] = weights_of(work, head)[4 * d * GATE_FEATURES];

    const float *a = work.a + (head * work.blocks + first) * GATE_FEATURES;
    const float *c = work.c + (head * work.blocks + begin) * GATE_FEATURES;
    for (int at = 0; at < GATE_FEATURES; at += GATE_CHUNK) {
        load_chunk_of(q_tile, GATE_CHUNK, a, GATE_FEATURES, rows, GATE_ROWS, at, GATE_CHUNK);
        load_chunk_of(largest_tile, GATE_PITCH, c, GATE_FEATURES, columns, GATE_COLUMNS, at, GATE_CHUNK);
        __syncthreads();
        for (int n = 0; n < GATE_CHUNK; n++) {
            float key = largest_tile[lane * GATE_PITCH + n];
#pragma unroll
            for (int r = 0; r < GATE_WARP_ROWS; r++)
                features[r] += q_tile[(my_row + r) * GATE_CHUNK + n] * key;
        }
        __syncthreads();
    }

    const float *halves = work.q_half + (head * work.blocks + first) * POOL_HALVES * d;
    const float *around = work.k_bound + (kv_head * work.blocks + begin) * 2 * d;
    for (int at = 0; at < d; at += GATE_CHUNK) {
        int inner = d - at < GATE_CHUNK ? d - at : (int)GATE_CHUNK;
        load_chunk_of(q_tile, GATE_CHUNK, halves, d, rows * POOL_HALVES, GATE_ROWS * POOL_HALVES, at, inner);
        load_chunk_of(largest_tile, GATE_PITCH, around, 2 * d, columns, GATE_COLUMNS, at, inner);
        load_chunk_of(least_tile, GATE_PITCH, around + d, 2 * d, columns, GATE_COLUMNS, at, inner);
        __syncthreads();
        for (int n = 0; n < inner; n++) {
            float largest = largest_tile[lane * GATE_PITCH + n], least = least_tile[lane * GATE_PITCH + n];
#pragma unroll
            for (int r = 0; r < GATE_WARP_ROWS; r++)
#pragma unroll
                for (int h = 0; h < POOL_HALVES; h++) {
                    float q = q_tile[((my_row + r) * POOL_HALVES + h) * GATE_CHUNK + n];
                    bounds[r][h] += fmaxf(q * largest, q * least);
                }
        }
        __syncthreads();
    }

    float factor = 1 / sqrtf((float)d), root = 1 / sqrtf((float)GATE_FEATURES);
    float *scores = work.scores + (head * work.blocks + first) * work.blocks + begin;
#pragma unroll
    for (int r = 0; r < GATE_WARP_ROWS; r++) {
        int row = my_row + r;
        if (row < rows && lane < columns && (!p.causal || begin + lane <= first + row))
            scores[(int64_t)row * work.blocks + lane] =
                features[r] * root + weight[0] * log_sum(bounds[r][0] * factor, bounds[r][1] * factor);
    }
}

/* The features, a head: pools, angles and the weights for each tile; then each tile of scores. */
inline void score_stage(const struct attention_problem *p, struct kernel_stage *stage)
{
    int64_t blocks = select_blocks(p->len_kv), f = GATE_FEATURES, d = p->head_dim, read = 0, written = 0, pairs = 0;
    int64_t tiles = ceil_div(blocks, GATE_ROWS);
    read += blocks * 4 * d + tiles * 4 * d * f + 2 * blocks * f;
    written += 2 * blocks * f;
    for (int64_t first = 0; first < blocks; first += GATE_ROWS)
        for (int64_t begin = 0; begin < blocks; begin += GATE_COLUMNS) {
            int64_t rows = blocks - first < GATE_ROWS ? blocks - first : (int64_t)GATE_ROWS;
            int64_t columns = blocks - begin < GATE_COLUMNS ? blocks - begin : (int64_t)GATE_COLUMNS;
            if (p->mask.causal && begin >= first + rows)
                continue;
            read += (rows + columns) * f + (rows + columns) * 2 * d + 1;
        }
    pairs = p->mask.causal ? blocks * (blocks + 1) / 2 : blocks * blocks;
    written += pairs;
    double heads = (double)(p->batch * p->heads);
    *stage = {"score", heads * ((double)(8 * blocks * d * f) + (double)pairs * (double)(2 * f + 8 * d)),
              4 * heads * (double)read, 4 * heads * (double)written};
}

/* Thread blocks of the larger of the two launches. */
inline double score_blocks(const struct attention_problem *p)
{
    double blocks = (double)select_blocks(p->len_kv), rows = ceil(blocks / GATE_ROWS);
    return (double)(p->batch * p->heads) * rows * fmax(2, ceil(blocks / GATE_COLUMNS));
}

inline enum status score_launch(const select_work &work, void *stream)
{
    const device_problem &p = work.problem;
    unsigned heads = (unsigned)(p.batch * p.heads), rows = (unsigned)ceil_div(work.blocks, GATE_ROWS);
    unsigned columns = (unsigned)ceil_div(work.blocks, GATE_COLUMNS);
    size_t project = SRAM_BYTES(0, float, GATE_ROWS *GATE_CHUNK);
    project = SRAM_BYTES(project, float, GATE_CHUNK *GATE_FEATURES);
    size_t score = SRAM_BYTES(0, float, GATE_ROWS *POOL_HALVES *GATE_CHUNK);
    score = SRAM_BYTES(SRAM_BYTES(score, float, GATE_COLUMNS *GATE_PITCH), float, GATE_COLUMNS *GATE_PITCH);
    score = SRAM_BYTES(score, float, 1);
    enum status status = LAUNCH(gate_features, dim3(heads * 2 * rows), GATE_THREADS, project, stream, work);
    if (status == STATUS_OK)
        status = LAUNCH(gate_score, dim3(heads * rows * columns), GATE_THREADS, score, stream, work);
    return status;
}

} // namespace
