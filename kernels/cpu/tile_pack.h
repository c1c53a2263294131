/* tile_pack.h - how queries, keys and values are laid out for the register tiles of tile_isa.c.
 *
 * Only for files compiled with TILE_VECTOR, TILE_ROWS and TILE_VECTORS set. Queries and keys are transposed, so that a
 * step of the inner loop finds what it broadcasts and what it loads side by side; values keep their rows, cut into
 * groups of columns (tile.h draws the layouts). A row is read and written once a head, and serves all query tiles. */
#ifndef KERNELS_CPU_TILE_PACK_H
#define KERNELS_CPU_TILE_PACK_H

#include "kernels/attention.h"
#include "kernels/cpu/vector.h"

enum { ROWS = TILE_ROWS, VECTORS = TILE_VECTORS, KEYS = TILE_VECTORS * TILE_VECTOR };

INLINE int64_t columns_of(int64_t head_dim)
{
    return (head_dim + TILE_VECTOR - 1) / TILE_VECTOR * TILE_VECTOR;
}

typedef float four __attribute__((vector_size(16)));
typedef float loose_four __attribute__((vector_size(16), aligned(4)));

/* Four columns of four rows, times a factor, become four rows of `to`, `stride` floats apart. */
INLINE void transpose_four(const float *const from[4], float factor, float *to, int64_t stride)
{
    four a = factor * *(const loose_four *)from[0], b = factor * *(const loose_four *)from[1];
    four c = factor * *(const loose_four *)from[2], d = factor * *(const loose_four *)from[3];
    four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(loose_four *)to = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
    *(loose_four *)(to + stride) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
    *(loose_four *)(to + 2 * stride) = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
    *(loose_four *)(to + 3 * stride) = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

enum { LINE_FLOATS = 16 }; /* that arrive from memory together */

/* Rows lie far apart, so that no processor guesses which is next. */
INLINE void prefetch_row(const float *row, int64_t length)
{
    for (int64_t c = 0; c < length; c += LINE_FLOATS)
        __builtin_prefetch(row + c);
}

/* `count` rows of `length` floats, both at least 4 and `length` a multiple of 4, become columns: to[c * count + row].
 * Where count is no multiple of 4 the last four rows overlap those before. On the way the lines `ahead` floats behind
 * the rows, which come next, are asked for; 0: none. */
INLINE void transpose_rows(const float *const *rows, int count, int64_t length, float factor, int64_t ahead, float *to)
{
    for (int64_t c = 0; c < length; c += 4)
        for (int row = 0; row < count; row += 4) {
            int first = row + 4 <= count ? row : count - 4;
            if (ahead) /* four steps along a line, four rows: one each */
                __builtin_prefetch(rows[first + c / 4 % 4] + ahead + c / LINE_FLOATS * LINE_FLOATS);
            const float *four_rows[4] = {rows[first] + c, rows[first + 1] + c, rows[first + 2] + c,
                                         rows[first + 3] + c};
            transpose_four(four_rows, factor, to + c * count + first, count);
        }
}

INLINE void pack_k(const float *k, int64_t stride, int64_t len, int64_t head_dim, int64_t first, int64_t last,
                   float *packed)
{
    static const float padding[MAX_HEAD_DIM] = {0};
    for (int64_t group = first; group < last; group += KEYS) {
        const float *rows[KEYS];
        for (int64_t key = 0; key < KEYS; key++)
            rows[key] = group + key < len ? k + (group + key) * stride : padding;
        bool more = group + 2 * KEYS <= last && group + 2 * KEYS <= len;
        transpose_rows(rows, KEYS, head_dim, 1.0f, more ? KEYS * stride : 0, packed + group * head_dim);
    }
}

INLINE void pack_v(const float *v, int64_t stride, int64_t len, int64_t head_dim, int64_t first, int64_t last,
                   int64_t padded_keys, float *packed)
{
    enum { AHEAD = 8 };
    int64_t columns = columns_of(head_dim);
    for (int64_t c = 0; c < columns; c += KEYS) {
        int64_t width = columns - c < KEYS ? columns - c : KEYS, real = head_dim - c < width ? head_dim - c : width;
        for (int64_t key = first; key < last; key++) {
            const float *from = v + key * stride + c;
            float *to = packed + c * padded_keys + key * width;
            int64_t column = 0;
            if (key + AHEAD < last && key + AHEAD < len)
                prefetch_row(from + AHEAD * stride, real);
            for (; key < len && column + TILE_VECTOR <= real; column += TILE_VECTOR)
                *(vector *)(to + column) = *(const loose_vector *)(from + column);
            for (; key < len && column < real; column++)
                to[column] = from[column];
            for (; column < width; column++)
                to[column] = 0;
        }
    }
}

#endif
