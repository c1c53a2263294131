/* A loop with a barrier in it runs one time more for some threads. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void uneven(vectors a)
{
    int turns = threadIdx.x < 40 ? 3 : 2; /* wrong: the number of turns must be the same */
    for (int i = 0; i < turns; i++)
        __syncthreads();
    a.out[threadIdx.x] = 1;
}

} // namespace

enum status wrong_uneven_turns(struct simt *simt)
{
    return LAUNCH(uneven, 1, 64, 0, simt, make_vectors(simt, 64, 64));
}
