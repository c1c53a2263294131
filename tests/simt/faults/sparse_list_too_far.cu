/* block_sparse as it is, but the list of a row is read one entry too far. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_list_too_far

#define list_of_row right_list_of_row
#include "kernels/cuda/key_tiles.cuh"
#undef list_of_row

static tiles_of_list list_of_row(const device_problem &p, int64_t row, int block_kv, int low, int high)
{
    tiles_of_list tiles = right_list_of_row(p, row, block_kv, low, high);
    tiles.left++; /* wrong */
    return tiles;
}

#include "kernels/cuda/block_sparse.cu"
