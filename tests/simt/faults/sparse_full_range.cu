/* block_sparse as it is, but blocks beyond the last key count as keys. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_full_range

#define list_of_row right_list_of_row
#include "kernels/cuda/key_tiles.cuh"
#undef list_of_row

static tiles_of_list list_of_row(const device_problem &p, int64_t row, int block_kv, int low, int high)
{
    (void)high;
    return right_list_of_row(p, row, block_kv, low, INT_MAX); /* wrong: not high */
}

#include "kernels/cuda/block_sparse.cu"
