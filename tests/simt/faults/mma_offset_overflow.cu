/* flash_mma as it is, but offsets into the tensors have 32 bits. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_offset_overflow
#define int64_t        int /* wrong */
#include "kernels/cuda/mma.cuh"
#undef int64_t

#include "kernels/cuda/flash_mma.cu"
