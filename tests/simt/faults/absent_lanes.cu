/* A shuffle of the whole warp inside a branch that half of it takes. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void absent(vectors a)
{
    float value = a.in[threadIdx.x];
    if (threadIdx.x < 16)
        value += __shfl_xor_sync(0xffffffffu, value, 8); /* wrong: the mask names lanes that never come */
    a.out[threadIdx.x] = value;
}

} // namespace

enum status wrong_absent_lanes(struct simt *simt)
{
    return LAUNCH(absent, 1, 32, 0, simt, make_vectors(simt, 32, 32));
}
