/* A block reads what another block of the same launch writes. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void chain(vectors a)
{
    int i = blockIdx.x * 32 + threadIdx.x;
    a.out[i] = blockIdx.x == 0 ? a.in[i] : a.out[i - 32] + 1; /* wrong: blocks have no order */
}

} // namespace

enum status wrong_block_reads_another(struct simt *simt)
{
    return LAUNCH(chain, 2, 32, 0, simt, make_vectors(simt, 64, 64));
}
