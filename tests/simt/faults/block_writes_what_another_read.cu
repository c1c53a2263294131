/* A block overwrites in place what an earlier block read. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void in_place(vectors a)
{
    int i = blockIdx.x * 32 + threadIdx.x;
    float *data = const_cast<float *>(a.in);
    data[i] = data[(i + a.n - 32) % a.n]; /* wrong: the neighbour block may read before or after */
}

} // namespace

enum status wrong_block_writes_what_another_read(struct simt *simt)
{
    return LAUNCH(in_place, 2, 32, 0, simt, make_vectors(simt, 64, 1));
}
