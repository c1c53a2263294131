/* flash_mma as it is, but no larger logit raises the base of the exponents. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_base_never_raised

#undef __any_sync
#define __any_sync(mask, predicate) ((void)(predicate), false) /* wrong */

#include "kernels/cuda/flash_mma.cu"
