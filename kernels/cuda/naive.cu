/* naive.cu - attention as the formula is written: three kernels, each through HBM.
 *
 * Idea: S = Q K^T for all pairs, then P = softmax(S) row by row, then O = P V; each launch reads from HBM what the one
 * before wrote there. The products are tiled (32 x 32 in SRAM), as any first matrix product on a GPU is; nothing else
 * is clever.
 * Data movement, a head, in elements: scores reads Q once for every 32 keys and K once for every 32 queries and writes
 * N^2; softmax reads the kept scores twice and writes N^2; values reads P once for every 32 columns of V and V once
 * for every 32 queries. At d 64: 2 N^2 + N^2, 2 N^2 + N^2, 2 N^2 + 2 N^2: ten crossings of an N x N matrix.
 * Cost: 4 N^2 d FLOPs a head whatever the mask; S of all heads must fit into HBM.
 * Source: Attention Is All You Need 1706.03762, section 3.2.1; the three kernels of FlashAttention 2205.14135,
 * algorithm 0; the tiled product: CUDA C++ Programming Guide, "Shared Memory". */
#include <cstdio>

#include "kernels/cuda/problem.cuh"

namespace
{

enum { TILE = 32, PITCH = TILE + 1, STRIDE = 8 }; /* a block: 32 x 8 threads, each four rows of a 32 x 32 tile */
enum { ROWS = TILE / STRIDE };
enum { SOFTMAX_ROWS = 4 }; /* one warp a row */

/* Which tile of which head a block works on. */
struct place {
    int64_t row, column; /* of the tile's first element */
    int64_t head;        /* over all sequences */
    int64_t q, k;        /* offsets of the head's first token in Q and O, in K and V */
};

__device__ __forceinline__ struct place place_of(const device_problem &p, int64_t columns)
{
    int64_t tiles_x = (columns + TILE - 1) / TILE, tiles_y = (p.len_q + TILE - 1) / TILE, block = blockIdx.x;
    struct place at;
    at.column = block % tiles_x * TILE;
    at.row = block / tiles_x % tiles_y * TILE;
    at.head = block / (tiles_x * tiles_y);
    int64_t sequence = at.head / p.heads, h = at.head % p.heads, group = h / (p.heads / p.kv_heads);
    at.q = (sequence * p.len_q * p.heads + h) * p.head_dim;
    at.k = (sequence * p.len_kv * p.kv_heads + group) * p.head_dim;
    return at;
}

/* S[row, column] = Q[row] . K[column], raw: the scale is the softmax's business. */
__global__ void __launch_bounds__(TILE *STRIDE) naive_scores(device_problem p)
{
    SRAM_BEGIN;
    SRAM(float, q_tile, TILE *PITCH);
    SRAM(float, k_tile, TILE *PITCH);
    struct place at = place_of(p, p.len_kv);
    int x = threadIdx.x, y = threadIdx.y;
    float sums[ROWS] = {0};
    for (int depth = 0; depth < p.head_dim; depth += TILE) {
        for (int r = y; r < TILE; r += STRIDE) {
            bool inside = depth + x < p.head_dim;
            int64_t row = at.row + r, key = at.column + r;
            q_tile[r * PITCH + x] = inside && row < p.len_q ? p.q[at.q + row * p.heads * p.head_dim + depth + x] : 0.0f;
            k_tile[r * PITCH + x] =
                inside && key < p.len_kv ? p.k[at.k + key * p.kv_heads * p.head_dim + depth + x] : 0.0f;
        }
        __syncthreads();
        for (int c = 0; c < TILE; c++) {
            float key = k_tile[x * PITCH + c];
            for (int r = 0; r < ROWS; r++)
                sums[r] += q_tile[(y + r * STRIDE) * PITCH + c] * key;
        }
        __syncthreads();
    }
    for (int r = 0; r < ROWS; r++) {
        int64_t row = at.row + y + r * STRIDE, column = at.column + x;
        if (row < p.len_q && column < p.len_kv)
            p.scores[(at.head * p.len_q + row) * p.len_kv + column] = sums[r];
    }
}

/* The largest logit of some keys and the sum of exp(logit - largest): two such halves make a whole. */
struct softmax_part {
    float largest, sum;
};

__device__ __forceinline__ struct softmax_part add(struct softmax_part a, float largest, float sum)
{
    float both = fmaxf(a.largest, largest);
    if (both == -INFINITY)
        return a;
    return {both, a.sum * expf(a.largest - both) + sum * expf(largest - both)};
}

/* P = softmax(scale * S) in place: zero outside the mask. One warp a row. */
__global__ void __launch_bounds__(SOFTMAX_ROWS * 32) naive_softmax(device_problem p)
{
    int64_t row = (int64_t)blockIdx.x * SOFTMAX_ROWS + threadIdx.y;
    if (row >= p.layers * p.batch * p.heads * p.len_q)
        return; /* a whole warp */
    int lane = threadIdx.x;
    int64_t i = row % p.len_q, layer = row / (p.batch * p.heads * p.len_q);
    struct key_range keys = keys_of_rows(p, window_of_layer(p, layer), i, i);
    float *scores = p.scores + row * p.len_kv;
    struct softmax_part part = {-INFINITY, 0};
    for (int64_t j = keys.first + lane; j < keys.last; j += 32)
        part = add(part, p.scale * scores[j], 1);
    for (int distance = 16; distance > 0; distance /= 2) {
        float largest = __shfl_xor_sync(0xffffffffu, part.largest, distance);
        float sum = __shfl_xor_sync(0xffffffffu, part.sum, distance);
        part = add(part, largest, sum);
    }
    for (int64_t j = lane; j < p.len_kv; j += 32) {
        bool kept = j >= keys.first && j < keys.last;
        scores[j] = kept ? expf(p.scale * scores[j] - part.largest) / part.sum : 0.0f;
    }
    if (lane == 0 && p.log_sum_exp)
        p.log_sum_exp[row] = keys.first < keys.last ? part.largest + logf(part.sum) : -INFINITY;
}

/* O[row, column] = P[row] . V[:, column]. */
__global__ void __launch_bounds__(TILE *STRIDE) naive_values(device_problem p)
{
    SRAM_BEGIN;
    SRAM(float, p_tile, TILE *PITCH);
    SRAM(float, v_tile, TILE *PITCH);
    struct place at = place_of(p, p.head_dim);
    int x = threadIdx.x, y = threadIdx.y;
    bool inside = at.column + x < p.head_dim;
    float sums[ROWS] = {0};
    for (int64_t key = 0; key < p.len_kv; key += TILE) {
        for (int r = y; r < TILE; r += STRIDE) {
            int64_t row = at.row + r;
            p_tile[r * PITCH + x] =
                row < p.len_q && key + x < p.len_kv ? p.scores[(at.head * p.len_q + row) * p.len_kv + key + x] : 0.0f;
            v_tile[r * PITCH + x] =
                inside && key + r < p.len_kv ? p.v[at.k + (key + r) * p.kv_heads * p.head_dim + at.column + x] : 0.0f;
        }
        __syncthreads();
        for (int j = 0; j < TILE; j++) {
            float value = v_tile[j * PITCH + x];
            for (int r = 0; r < ROWS; r++)
                sums[r] += p_tile[(y + r * STRIDE) * PITCH + j] * value;
        }
        __syncthreads();
    }
    for (int r = 0; r < ROWS; r++) {
        int64_t row = at.row + y + r * STRIDE;
        if (inside && row < p.len_q)
            p.o[at.q + row * p.heads * p.head_dim + at.column + x] = sums[r];
    }
}

int64_t heads_of(const struct attention_problem *p)
{
    return p->layers * p->batch * p->heads;
}

int64_t tiles_of(const struct attention_problem *p, int64_t columns)
{
    return heads_of(p) * ceil_div(p->len_q, TILE) * ceil_div(columns, TILE);
}

const char *unsupported(const struct attention_problem *p)
{
    double tiles = (double)heads_of(p) * (double)ceil_div(p->len_q, TILE);
    double most = (double)ceil_div(p->len_kv, TILE); /* a head has no more tiles of columns than blocks of softmax */
    return plain_unsupported(p, tiles * (most > TILE / SOFTMAX_ROWS ? most : TILE / SOFTMAX_ROWS));
}

size_t workspace(const struct attention_problem *p)
{
    return static_cast<size_t>(heads_of(p) * p->len_q * p->len_kv) * sizeof(float);
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    double heads = (double)heads_of(p), d = (double)p->head_dim, n = (double)p->len_q, m = (double)p->len_kv;
    double tiles_q = (double)ceil_div(p->len_q, TILE), tiles_kv = (double)ceil_div(p->len_kv, TILE);
    double tiles_d = (double)ceil_div(p->head_dim, TILE), pairs = 0;
    for (int64_t layer = 0; layer < p->layers; layer++)
        pairs += (double)attention_layer_pairs(p, layer);
    *stages = {};
    stages->items[0] = {"scores", heads * 2 * n * m * d, heads * 4 * d * (n * tiles_kv + m * tiles_q),
                        heads * 4 * n * m};
    stages->items[1] = {"softmax", 0, 8 * pairs, heads * 4 * n * (m + 1)};
    stages->items[2] = {"values", heads * 2 * n * m * d, heads * 4 * m * (n * tiles_d + d * tiles_q),
                        heads * 4 * n * d};
    stages->count = 3;
}

enum status launch(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    struct device_problem problem = device_problem_of(launch);
    const dim3 threads(TILE, STRIDE);
    size_t sram = SRAM_BYTES(SRAM_BYTES(0, float, TILE *PITCH), float, TILE *PITCH);
    enum status status =
        LAUNCH(naive_scores, dim3((unsigned)tiles_of(p, p->len_kv)), threads, sram, launch->stream, problem);
    stage_ends(launch, 0);
    if (status != STATUS_OK)
        return status;
    status = LAUNCH(naive_softmax, dim3((unsigned)ceil_div(heads_of(p) * p->len_q, SOFTMAX_ROWS)),
                    dim3(32, SOFTMAX_ROWS), 0, launch->stream, problem);
    stage_ends(launch, 1);
    if (status != STATUS_OK)
        return status;
    status = LAUNCH(naive_values, dim3((unsigned)tiles_of(p, p->head_dim)), threads, sram, launch->stream, problem);
    stage_ends(launch, 2);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(naive);
const struct cuda_kernel CUDA_ROW(naive) = {
    "naive",
    "naive",
    "naive, three kernels",
    "scores, softmax, values: three launches, each through HBM",
    "Attention Is All You Need 1706.03762, section 3.2.1",
    unsupported,
    workspace,
    stages,
    launch,
};
}
