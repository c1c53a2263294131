/* A block of more than 1024 threads. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void crowd(vectors a)
{
    a.out[threadIdx.x] = 1;
}

} // namespace

enum status wrong_too_many_threads(struct simt *simt)
{
    return LAUNCH(crowd, 1, dim3(33, 32), 0, simt, make_vectors(simt, 32, 2048)); /* wrong: 1056 threads */
}
