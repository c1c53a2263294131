/* kernel_table.c - the CUDA kernels in reading order; compiled once for the GPU's build and once for the simulator's.
 */
#include "kernels/cuda/cuda_kernel.h"

#ifdef KERNELS_FOR_SIMT
#define ROW(name) simt_kernel_##name
#define TABLE     simt_kernels
#define COUNT     simt_kernel_count
#else
#define ROW(name) cuda_kernel_##name
#define TABLE     cuda_kernels
#define COUNT     cuda_kernel_count
#endif

extern const struct cuda_kernel ROW(naive), ROW(naive_blas), ROW(flash_tiled), ROW(flash_mma), ROW(sliding),
    ROW(block_sparse), ROW(learned_sparse), ROW(alternating);

const struct cuda_kernel *const TABLE[] = {&ROW(naive),   &ROW(naive_blas),   &ROW(flash_tiled),    &ROW(flash_mma),
                                           &ROW(sliding), &ROW(block_sparse), &ROW(learned_sparse), &ROW(alternating)};
const size_t COUNT = sizeof TABLE / sizeof TABLE[0];
