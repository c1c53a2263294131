/* tile_products.h - the two products of attention as register tiles: scores of a group of keys, values of a group of
 * columns.
 *
 * Only for files compiled as tile_isa.c is (tile_pack.h). `rows` and `vectors` are constants wherever these are called,
 * so that the sums are registers: ROWS x VECTORS of them fill the registers of the instruction set, and fewer are for
 * the last queries of a work item and the last columns. */
#ifndef KERNELS_CPU_TILE_PRODUCTS_H
#define KERNELS_CPU_TILE_PRODUCTS_H

#include <math.h>

#include "kernels/cpu/tile.h"
#include "kernels/cpu/tile_pack.h"

enum {
    /* Columns, or keys, a round of the inner loops: wide vectors pass so fast that the loop itself is felt; without
     * a fused multiply-add there is no register left to spend on it (74 to 68 % of the peak). Divides every head_dim
     * and KEYS. */
    STEP = TILE_VECTOR >= 8 ? 8 : 1
};

#define UNROLL _Pragma("GCC unroll 32")

/* Scores of `rows` queries against the first `vectors` vectors of a group of keys; the strip's largest so far ride
 * along. */
INLINE void scores_of_group(int rows, int vectors, const float *q, const float *k, int64_t head_dim, float *s,
                            vector *largest)
{
    vector sums[ROWS][VECTORS];
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int n = 0; n < vectors; n++) sums[r][n] = (vector){0};
    for (const float *end = q + head_dim * rows; q < end; q += STEP * rows, k += STEP * KEYS)
        UNROLL for (int c = 0; c < STEP; c++)
        {
            vector keys[VECTORS];
            UNROLL for (int n = 0; n < vectors; n++) keys[n] = *(const vector *)(k + c * KEYS + n * TILE_VECTOR);
            UNROLL for (int r = 0; r < rows; r++) UNROLL for (int n = 0; n < vectors; n++) sums[r][n] +=
                q[c * rows + r] * keys[n];
        }
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int n = 0; n < vectors; n++)
    {
        *(vector *)(s + r * KEY_TILE + n * TILE_VECTOR) = sums[r][n];
        largest[r] = vector_max(largest[r], sums[r][n]);
    }
}

/* The same at the mask's edge: keys outside a row's range get -inf. `key` is the group's first. */
INLINE void mask_group(int rows, float *s, int64_t key, const struct key_range *ranges, vector *largest)
{
    integers lane;
    for (int i = 0; i < TILE_VECTOR; i++)
        lane[i] = i;
    for (int r = 0; r < rows; r++) {
        /* Relative to the group, so that 32 bits are enough at any length. */
        int64_t first = ranges[r].first - key, last = ranges[r].last - key;
        int32_t low = (int32_t)(first < 0 ? 0 : first > KEYS ? KEYS : first);
        int32_t high = (int32_t)(last < 0 ? 0 : last > KEYS ? KEYS : last);
        for (int n = 0; n < VECTORS; n++) {
            vector *at = (vector *)(s + r * KEY_TILE + n * TILE_VECTOR);
            integers at_key = lane + n * TILE_VECTOR;
            integers seen = (at_key >= low) & (at_key < high);
            *at = vector_select(seen, *at, vector_of(-INFINITY));
            largest[r] = vector_max(largest[r], *at);
        }
    }
}

/* Keys [first, last) of a tile: whole groups. A tile is one run, or several where blocks are left out between. */
struct run {
    int64_t first, last;
};

enum { MOST_RUNS = 8 };

/* O of `rows` queries and `vectors` vectors of columns += weights x values over the runs' keys; what was there is first
 * multiplied by the row's correction. `v` is the group's first packed key; the weights of key k of run r are at
 * s[k + at[r]]. */
INLINE void values_of_group(int rows, int vectors, const float *weights, const float *v, const struct run *runs,
                            const int64_t *at, int count, const float *correction, float *o, int64_t columns)
{
    vector sums[ROWS][VECTORS];
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int n = 0; n < vectors; n++) sums[r][n] =
        correction[r] * *(vector *)(o + r * columns + n * TILE_VECTOR);
    for (int run = 0; run < count; run++) {
        int64_t keys = runs[run].last - runs[run].first;
        const float *from = v + runs[run].first * vectors * TILE_VECTOR, *s = weights + runs[run].first + at[run];
        for (int64_t key = 0; key < keys; key += STEP)
            UNROLL for (int step = 0; step < STEP; step++)
            {
                vector values[VECTORS];
                UNROLL for (int n = 0; n < vectors; n++) values[n] =
                    *(const vector *)(from + ((key + step) * vectors + n) * TILE_VECTOR);
                UNROLL for (int r = 0; r < rows; r++) UNROLL for (int n = 0; n < vectors; n++) sums[r][n] +=
                    s[r * KEY_TILE + key + step] * values[n];
            }
    }
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int n = 0; n < vectors; n++) *
        (vector *)(o + r * columns + n * TILE_VECTOR) = sums[r][n];
}

/* The same for one group of columns, `vectors` wide: a constant number of vectors each, so that the sums are
 * registers. */
INLINE void values_of_columns(int rows, int64_t vectors, const float *s, const float *v, const struct run *runs,
                              const int64_t *at, int count, const float *correction, float *o, int64_t columns)
{
    switch (vectors) {
    case VECTORS:
        values_of_group(rows, VECTORS, s, v, runs, at, count, correction, o, columns);
        break;
#if TILE_VECTORS > 3
    case 3:
        values_of_group(rows, 3, s, v, runs, at, count, correction, o, columns);
        break;
#endif
#if TILE_VECTORS > 2
    case 2:
        values_of_group(rows, 2, s, v, runs, at, count, correction, o, columns);
        break;
#endif
    default:
        values_of_group(rows, 1, s, v, runs, at, count, correction, o, columns);
        break;
    }
}

#endif
