/* blas.h - many products of matrices at once, 16 bits with float32 sums: what a library does best.
 *
 * On a GPU cuBLAS does it (blas.cuh), found at run time: nothing is linked. In the simulator, which cannot run cuBLAS,
 * the host multiplies plainly in its place (kernels/simt/product.c): nothing is launched and nothing counted, so the
 * bytes of such a stage are computed, by formula. */
#ifndef KERNELS_CUDA_BLAS_H
#define KERNELS_CUDA_BLAS_H

#include "kernels/attention.h"

enum { BLAS_LEVELS = 3 };

/* Row-major in HBM; columns are next to each other. All in elements. */
struct blas_matrix {
    void *first;
    int64_t row;               /* from a row to the next */
    int64_t step[BLAS_LEVELS]; /* from a product to the next, in each level */
};

/* C[rows][columns] = alpha A[rows][depth] B[depth][columns], count[0] * count[1] * count[2] times. */
struct blas_products {
    enum dtype dtype; /* bf16 or f16 */
    int64_t rows, columns, depth;
    int64_t count[BLAS_LEVELS]; /* outermost first */
    float alpha;
    struct blas_matrix a, b, c;
    bool b_transposed; /* B lies as [columns][depth] */
};

/* The stand-in. `simt` is the launch's stream. STATUS_OK, STATUS_NO_MEMORY. */
enum status simt_products(void *simt, const struct blas_products *products);

#endif
