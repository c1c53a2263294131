/* flash_mma as it is, but the two weights of a register are the wrong way round. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_swapped_weights

template <enum dtype E> static inline uint32_t swapped_pair(float left, float right)
{
    return pair<E>(right, left); /* wrong */
}
#define pair swapped_pair

#include "kernels/cuda/flash_mma.cu"
