/* A thread reads what its neighbour writes, with no barrier between. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void pairs(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 128);
    int i = threadIdx.x;
    tile[i] = a.in[i];
    a.out[i] = tile[i / 2 * 2]; /* wrong: no __syncthreads() before */
}

} // namespace

enum status wrong_missing_barrier(struct simt *simt)
{
    return LAUNCH(pairs, 1, 128, 128 * sizeof(float), simt, make_vectors(simt, 128, 128));
}
