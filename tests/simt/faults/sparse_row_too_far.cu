/* block_sparse as it is, but a row takes the list of the next one. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_row_too_far

#define list_of_row right_list_of_row
#include "kernels/cuda/key_tiles.cuh"
#undef list_of_row

static tiles_of_list list_of_row(const device_problem &p, int64_t row, int block_kv, int low, int high)
{
    return right_list_of_row(p, row + 1, block_kv, low, high); /* wrong: + 1 */
}

#include "kernels/cuda/block_sparse.cu"
