/* The last warp is not full, and a shuffle names lanes that do not exist. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void short_warp(vectors a)
{
    float value = a.in[threadIdx.x];
    a.out[threadIdx.x] = value + __shfl_xor_sync(0xffffffffu, value, 1); /* wrong: 16 lanes only */
}

} // namespace

enum status wrong_shuffle_beyond_the_block(struct simt *simt)
{
    return LAUNCH(short_warp, 1, 48, 0, simt, make_vectors(simt, 48, 48));
}
