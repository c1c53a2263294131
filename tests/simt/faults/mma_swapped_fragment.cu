/* flash_mma as it is, but V is not transposed on its way to the registers. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_swapped_fragment

#define load_matrices_transposed load_matrices /* wrong */

#include "kernels/cuda/flash_mma.cu"
