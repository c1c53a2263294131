/* Both branches have a barrier, but not the same one. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void branches(vectors a)
{
    if (threadIdx.x < 16) {
        a.out[threadIdx.x] = 1;
        __syncthreads();
    } else {
        a.out[threadIdx.x] = 2;
        __syncthreads(); /* wrong: it is another barrier */
    }
}

} // namespace

enum status wrong_two_barriers(struct simt *simt)
{
    return LAUNCH(branches, 1, 32, 0, simt, make_vectors(simt, 32, 32));
}
