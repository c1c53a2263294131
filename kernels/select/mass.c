#include "kernels/select/mass.h"

#include <cblas.h>

#include "kernels/cpu/tile.h"

size_t mass_scratch(int64_t length)
{
    return (size_t)(SELECT_BLOCK * length);
}

void attention_mass(const float *q, int64_t q_stride, const float *k, int64_t k_stride, int64_t length,
                    int64_t head_dim, float scale, bool causal, float *scratch, float *mass)
{
    int64_t blocks = select_blocks(length);
    const struct tile_ops *ops = tile_ops();
    for (int64_t i = 0; i < blocks; i++) {
        int64_t first = i * SELECT_BLOCK, rows = length - first < SELECT_BLOCK ? length - first : SELECT_BLOCK;
        int64_t keys = causal ? first + rows : length;
        float *row_mass = mass + i * blocks;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)keys, (int)head_dim, 1,
                    q + first * q_stride, (int)q_stride, k, (int)k_stride, 0, scratch, (int)keys);
        for (int64_t j = 0; j < blocks; j++)
            row_mass[j] = 0;
        for (int64_t r = 0; r < rows; r++) {
            float *weights = scratch + r * keys;
            int64_t seen = causal ? first + r + 1 : keys;
            ops->softmax(weights, seen, scale);
            for (int64_t j = 0; j * SELECT_BLOCK < seen; j++) {
                int64_t end = (j + 1) * SELECT_BLOCK < seen ? (j + 1) * SELECT_BLOCK : seen;
                float sum = 0;
                for (int64_t at = j * SELECT_BLOCK; at < end; at++)
                    sum += weights[at];
                row_mass[j] += sum / (float)rows;
            }
        }
    }
}
