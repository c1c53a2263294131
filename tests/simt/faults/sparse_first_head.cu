/* block_sparse as it is, but every head takes the lists of the first. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_first_head

#define list_of_row right_list_of_row
#include "kernels/cuda/key_tiles.cuh"
#undef list_of_row

static tiles_of_list list_of_row(const device_problem &p, int64_t row, int block_kv, int low, int high)
{
    int64_t rows = (p.len_q + 63) / 64;
    return right_list_of_row(p, row % rows, block_kv, low, high); /* wrong: % rows */
}

#include "kernels/cuda/block_sparse.cu"
