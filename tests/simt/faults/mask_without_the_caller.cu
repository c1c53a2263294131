/* A lane takes part in an exchange whose mask does not name it. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void uninvited(vectors a)
{
    float value = a.in[threadIdx.x];
    a.out[threadIdx.x] = __shfl_xor_sync(0x0000ffffu, value, 1); /* wrong: all 32 lanes call */
}

} // namespace

enum status wrong_mask_without_the_caller(struct simt *simt)
{
    return LAUNCH(uninvited, 1, 32, 0, simt, make_vectors(simt, 32, 32));
}
