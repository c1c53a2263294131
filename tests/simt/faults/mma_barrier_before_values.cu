/* flash_mma as it is, but there is no barrier between the wait for V and its use. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_barrier_before_values

enum { FIRST_BARRIER = __COUNTER__ + 1 };
#undef __syncthreads
#define __syncthreads() (__COUNTER__ - FIRST_BARRIER == 3 ? (void)0 : simt_sync_threads()) /* wrong: the fourth */

#include "kernels/cuda/flash_mma.cu"
