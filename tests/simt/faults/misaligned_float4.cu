/* Four floats are loaded from an address that is no multiple of 16. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void vector(vectors a)
{
    float4 v = load4(a.in + 4 * threadIdx.x + 1); /* wrong: one element off */
    a.out[threadIdx.x] = v.x + v.y + v.z + v.w;
}

} // namespace

enum status wrong_misaligned_float4(struct simt *simt)
{
    return LAUNCH(vector, 1, 16, 0, simt, make_vectors(simt, 128, 16));
}
