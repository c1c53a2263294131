/* A shuffle over the whole warp whose mask names only half of it. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void narrow(vectors a)
{
    float value = a.in[threadIdx.x];
    if (threadIdx.x < 16)
        value += __shfl_xor_sync(0x0000ffffu, value, 16); /* wrong: lane 16 and up are not in the mask */
    a.out[threadIdx.x] = value;
}

} // namespace

enum status wrong_narrow_lane_mask(struct simt *simt)
{
    return LAUNCH(narrow, 1, 32, 0, simt, make_vectors(simt, 32, 32));
}
