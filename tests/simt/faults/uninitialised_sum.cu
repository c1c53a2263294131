/* A sum is added to memory that nobody set to zero. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void accumulate(vectors a)
{
    a.out[threadIdx.x] += a.in[threadIdx.x]; /* wrong: out holds nothing yet */
}

} // namespace

enum status wrong_uninitialised_sum(struct simt *simt)
{
    return LAUNCH(accumulate, 1, 32, 0, simt, make_vectors(simt, 32, 32));
}
