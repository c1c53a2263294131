/* The tile is filled again while slower threads still read it. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void sum_tiles(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 64);
    int i = threadIdx.x;
    float sum = 0;
    for (int first = 0; first < a.n; first += 64) {
        tile[i] = a.in[first + i];
        __syncthreads();
        for (int j = 0; j < 64; j++)
            sum += tile[j];
        /* wrong: no __syncthreads() before the next turn */
    }
    a.out[i] = sum;
}

} // namespace

enum status wrong_missing_second_barrier(struct simt *simt)
{
    return LAUNCH(sum_tiles, 1, 64, 64 * sizeof(float), simt, make_vectors(simt, 256, 64));
}
