/* flash_mma as it is, but a warp reads O from SRAM without waiting for its other lanes. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_missing_syncwarp

#undef __syncwarp
#define __syncwarp() (void)0 /* wrong */

#include "kernels/cuda/flash_mma.cu"
