/* block_sparse as it is, but a block that the causal edge crosses is taken for a full one. */
#include "simt/faults/sparse.cuh"

#define CUDA_ROW(name) wrong_sparse_partial_as_full

#define place_of_rows right_place_of_rows
#include "kernels/cuda/flash.cuh"
#undef place_of_rows

static flash_place place_of_rows(const device_problem &p, int64_t head, int64_t first_row, int64_t rows)
{
    flash_place place = right_place_of_rows(p, head, first_row, rows);
    place.last_key += 64; /* wrong */
    return place;
}

#include "kernels/cuda/block_sparse.cu"
