/* An offset beyond 2^31 elements is computed in 32 bits. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void far(vectors a)
{
    unsigned token = 40000u * 65536u; /* wrong: int64_t is needed, and a negative offset comes out */
    a.out[threadIdx.x] = a.in[static_cast<int>(token + threadIdx.x)];
}

} // namespace

enum status wrong_offset_overflow(struct simt *simt)
{
    vectors a;
    a.in = static_cast<float *>(simt_alloc(simt, "in", sizeof(float), static_cast<size_t>(41000) * 65536));
    a.out = static_cast<float *>(simt_alloc(simt, "out", sizeof(float), 32));
    a.n = 0;
    simt_assume_initialised(simt, const_cast<float *>(a.in));
    return LAUNCH(far, 1, 32, 0, simt, a);
}
