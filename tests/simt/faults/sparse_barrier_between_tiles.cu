/* block_sparse as it is, but there is no barrier where a tile ends and the next begins. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_barrier_between_tiles

enum { FIRST_BARRIER = __COUNTER__ + 1 };
#undef __syncthreads
#define __syncthreads() (__COUNTER__ - FIRST_BARRIER == 1 ? (void)0 : simt_sync_threads()) /* wrong: the second */

#include "kernels/cuda/block_sparse.cu"
