/* Lanes of a warp change places through SRAM without meeting. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void neighbours(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 32);
    int i = threadIdx.x;
    tile[i] = a.in[i];
    __syncwarp();
    float value = tile[(i + 1) % 32];
    tile[i] = value; /* wrong: the neighbour may not have read yet */
    __syncwarp();
    a.out[i] = tile[i];
}

} // namespace

enum status wrong_missing_syncwarp(struct simt *simt)
{
    return LAUNCH(neighbours, 1, 32, 32 * sizeof(float), simt, make_vectors(simt, 32, 32));
}
