/* block_sparse as it is, but the list is handed round under the mask of half a warp. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_narrow_lane_mask

#undef __shfl_sync
#define __shfl_sync(mask, value, lane)                                                                                 \
    simt_shuffle_as((mask)&0xffffu, value, SIMT_SHUFFLE_INDEX, lane) /* wrong: & 0xffff */

#include "kernels/cuda/block_sparse.cu"
