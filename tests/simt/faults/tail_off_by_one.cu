/* The bound of the tail is <= where it should be <. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void copy(vectors a)
{
    int i = blockIdx.x * 32 + threadIdx.x;
    if (i <= a.n - 1 + 1) /* wrong: one too many */
        a.out[i] = 1;
}

} // namespace

enum status wrong_tail_off_by_one(struct simt *simt)
{
    return LAUNCH(copy, 4, 32, 0, simt, make_vectors(simt, 100, 100));
}
