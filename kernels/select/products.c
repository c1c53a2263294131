#include "kernels/select/products.h"

#include <cblas.h>

enum { TILE = 32 }; /* blocks of queries that are cut at one column */

void block_products(const float *x, int64_t rows_each, const float *y, int64_t blocks, int64_t inner, float factor,
                    float keep, bool causal, float *out)
{
    int64_t tile = causal ? TILE : blocks;
    for (int64_t first = 0; first < blocks; first += tile) {
        int64_t last = first + tile < blocks ? first + tile : blocks, rows = (last - first) * rows_each;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)(causal ? last : blocks), (int)inner,
                    factor, x + first * rows_each * inner, (int)inner, y, (int)inner, keep,
                    out + first * rows_each * blocks, (int)blocks);
    }
}

/* max(q largest, q least) is q largest where q > 0 and q least where q < 0: one product with twice the columns. */
void bound_products(const float *q, int64_t rows_each, const float *around, int64_t blocks, int64_t d, float factor,
                    bool causal, float *scratch, float *out)
{
    for (int64_t r = 0; r < blocks * rows_each; r++)
        for (int64_t c = 0; c < d; c++) {
            float value = q[r * d + c];
            scratch[r * 2 * d + c] = value > 0 ? value : 0;
            scratch[r * 2 * d + d + c] = value > 0 ? 0 : value;
        }
    block_products(scratch, rows_each, around, blocks, 2 * d, factor, 0, causal, out);
}
