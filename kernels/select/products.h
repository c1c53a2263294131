/* products.h - blocks of queries times the blocks of keys that they may see: the products under every score.
 *
 * Where causal, a tile of block rows stops at its own last column, so that about half of the square is computed; what
 * lies right of the diagonal is left as it was, or is of no use. */
#ifndef KERNELS_SELECT_PRODUCTS_H
#define KERNELS_SELECT_PRODUCTS_H

#include <stdbool.h>
#include <stdint.h>

/* out[blocks * rows_each, blocks] = factor X Y^T + keep out; X [blocks * rows_each, inner], Y [blocks, inner]. */
void block_products(const float *x, int64_t rows_each, const float *y, int64_t blocks, int64_t inner, float factor,
                    float keep, bool causal, float *out);

/* out[blocks * rows_each, blocks] = factor sum_c max(q_c largest_c, q_c least_c): what no key of a block can pass for
 * this query (Quest 2406.10774, section 3.2). Q [blocks * rows_each, d]; `around` [blocks, 2 d] holds the largest of
 * each column, then the least. `scratch`: 2 d floats a row of Q. */
void bound_products(const float *q, int64_t rows_each, const float *around, int64_t blocks, int64_t d, float factor,
                    bool causal, float *scratch, float *out);

#endif
