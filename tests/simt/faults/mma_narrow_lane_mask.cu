/* flash_mma as it is, but the lanes of a row meet under the mask of half a warp. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_narrow_lane_mask

#undef __shfl_xor_sync
#define __shfl_xor_sync(mask, value, lane_mask)                                                                        \
    simt_shuffle_as((mask)&0xffffu, value, SIMT_SHUFFLE_XOR, lane_mask) /* wrong: & 0xffff */

#include "kernels/cuda/flash_mma.cu"
