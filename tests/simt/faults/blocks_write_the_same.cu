/* Two blocks write the same element of one tensor. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void collide(vectors a)
{
    a.out[threadIdx.x] = a.in[threadIdx.x]; /* wrong: the block's own offset is missing */
}

} // namespace

enum status wrong_blocks_write_the_same(struct simt *simt)
{
    return LAUNCH(collide, 3, 32, 0, simt, make_vectors(simt, 32, 96));
}
