/* An index of -1 at the left edge. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void left(vectors a)
{
    int i = threadIdx.x;
    a.out[i] = a.in[i - 1]; /* wrong for thread 0 */
}

} // namespace

enum status wrong_before_the_tensor(struct simt *simt)
{
    return LAUNCH(left, 1, 32, 0, simt, make_vectors(simt, 32, 32));
}
