/* A barrier inside a branch that only half of the threads take. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void half(vectors a)
{
    if (threadIdx.x < 16)
        __syncthreads(); /* wrong: the others never come */
    a.out[threadIdx.x] = 1;
}

} // namespace

enum status wrong_divergent_barrier(struct simt *simt)
{
    return LAUNCH(half, 1, 32, 0, simt, make_vectors(simt, 32, 32));
}
