/* flash_mma as it is, but nothing waits for the copies. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_missing_wait

template <int LEFT> static inline void no_wait()
{
} /* wrong */
#define copy_async_wait no_wait

#include "kernels/cuda/flash_mma.cu"
