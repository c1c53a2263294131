#include "kernels/select/pool.h"

#include <math.h>
#include <string.h>

size_t pooled_floats(int64_t length, int64_t head_dim)
{
    return (size_t)(select_blocks(length) * head_dim) * (1 + POOL_HALVES + 1 + 2 + 1 + 3);
}

struct pooled pooled_in(float *room, int64_t length, int64_t head_dim)
{
    int64_t blocks = select_blocks(length), one = blocks * head_dim;
    struct pooled pooled = {.blocks = blocks, .head_dim = head_dim, .q_mean = room};
    pooled.q_half = pooled.q_mean + one;
    pooled.k_mean = pooled.q_half + POOL_HALVES * one;
    pooled.k_bound = pooled.k_mean + one;
    pooled.q_plain = pooled.k_bound + 2 * one;
    pooled.k_plain = pooled.q_plain + one;
    return pooled;
}

static void add(float *to, const float *row, int64_t d)
{
    for (int64_t c = 0; c < d; c++)
        to[c] += row[c];
}

static void scale(float *row, int64_t d, float factor)
{
    for (int64_t c = 0; c < d; c++)
        row[c] *= factor;
}

static void bound(float *largest, float *least, const float *row, int64_t d, bool first)
{
    for (int64_t c = 0; c < d; c++) {
        largest[c] = first || row[c] > largest[c] ? row[c] : largest[c];
        least[c] = first || row[c] < least[c] ? row[c] : least[c];
    }
}

static void turn_back(const float *row, const struct angles *angles, int64_t position, int64_t d, float *plain)
{
    memcpy(plain, row, (size_t)d * sizeof *plain);
    rope_turn_back(d, angles->cosine + position * (d / 2), angles->sine + position * (d / 2), plain);
}

static void pool_q(const float *q, int64_t stride, int64_t first, int64_t rows, const struct angles *angles, int64_t d,
                   const struct pooled *to, int64_t block)
{
    float *mean = to->q_mean + block * d, *plain = to->q_plain + block * d;
    float *halves = to->q_half + block * POOL_HALVES * d, turned[MAX_HEAD_DIM];
    enum { HALF = SELECT_BLOCK / POOL_HALVES };
    memset(mean, 0, (size_t)d * sizeof *mean);
    memset(plain, 0, (size_t)d * sizeof *plain);
    memset(halves, 0, (size_t)(POOL_HALVES * d) * sizeof *halves);
    for (int64_t r = 0; r < rows; r++) {
        const float *row = q + (first + r) * stride;
        turn_back(row, angles, first + r, d, turned);
        add(plain, turned, d);
        add(mean, row, d);
        add(halves + r / HALF * d, row, d);
    }
    scale(mean, d, 1.0f / (float)rows);
    scale(plain, d, 1.0f / (float)rows);
    for (int64_t h = 0; h < POOL_HALVES; h++) {
        int64_t in_half = rows - h * HALF < HALF ? rows - h * HALF : HALF;
        if (in_half > 0)
            scale(halves + h * d, d, 1.0f / (float)in_half);
        else
            memcpy(halves + h * d, halves + (h - 1) * d, (size_t)d * sizeof *halves);
    }
}

static void pool_k(const float *k, int64_t stride, int64_t first, int64_t rows, const struct angles *angles, int64_t d,
                   const struct pooled *to, int64_t block)
{
    float *mean = to->k_mean + block * d, *around = to->k_bound + block * 2 * d, *plain = to->k_plain + block * 3 * d;
    float turned[MAX_HEAD_DIM];
    memset(mean, 0, (size_t)d * sizeof *mean);
    memset(plain + 2 * d, 0, (size_t)d * sizeof *plain);
    for (int64_t r = 0; r < rows; r++) {
        const float *row = k + (first + r) * stride;
        turn_back(row, angles, first + r, d, turned);
        add(mean, row, d);
        bound(around, around + d, row, d, r == 0);
        add(plain + 2 * d, turned, d);
        bound(plain, plain + d, turned, d, r == 0);
    }
    scale(mean, d, 1.0f / (float)rows);
    scale(plain + 2 * d, d, 1.0f / (float)rows);
}

void pool_head(const float *q, int64_t q_stride, const float *k, int64_t k_stride, int64_t length,
               const struct angles *angles, struct pooled *pooled)
{
    for (int64_t block = 0; block < pooled->blocks; block++) {
        int64_t first = block * SELECT_BLOCK, rows = length - first < SELECT_BLOCK ? length - first : SELECT_BLOCK;
        pool_q(q, q_stride, first, rows, angles, pooled->head_dim, pooled, block);
        pool_k(k, k_stride, first, rows, angles, pooled->head_dim, pooled, block);
    }
}
