/* The last tile is short, and what lies beyond it was never filled. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void sum_tail(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 64);
    int i = threadIdx.x;
    if (i < a.n)
        tile[i] = a.in[i]; /* wrong: no zeros beyond */
    __syncthreads();
    float sum = 0;
    for (int j = 0; j < 64; j++)
        sum += tile[j];
    a.out[i] = sum;
}

} // namespace

enum status wrong_uninitialised_tail(struct simt *simt)
{
    return LAUNCH(sum_tail, 1, 64, 64 * sizeof(float), simt, make_vectors(simt, 50, 64));
}
