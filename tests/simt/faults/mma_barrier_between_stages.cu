/* flash_mma as it is, but there is no barrier where a tile ends and the next begins. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_barrier_between_stages

enum { FIRST_BARRIER = __COUNTER__ + 1 };
#undef __syncthreads
#define __syncthreads() (__COUNTER__ - FIRST_BARRIER == 2 ? (void)0 : simt_sync_threads()) /* wrong: the third */

#include "kernels/cuda/flash_mma.cu"
