/* block_sparse as it is, but there is no barrier between the load of a tile and its use. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_barrier_before_scores

enum { FIRST_BARRIER = __COUNTER__ + 1 };
#undef __syncthreads
#define __syncthreads() (__COUNTER__ - FIRST_BARRIER == 0 ? (void)0 : simt_sync_threads()) /* wrong: the first */

#include "kernels/cuda/block_sparse.cu"
