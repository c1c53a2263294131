/* A tensor is read after it was given back. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void late(vectors a)
{
    a.out[threadIdx.x] = a.in[threadIdx.x];
}

} // namespace

enum status wrong_freed_tensor(struct simt *simt)
{
    vectors a = make_vectors(simt, 32, 32);
    simt_free(simt, const_cast<float *>(a.in)); /* wrong: before the launch */
    return LAUNCH(late, 1, 32, 0, simt, a);
}
