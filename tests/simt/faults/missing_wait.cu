/* An asynchronous copy is used before it was waited for. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void through(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 128);
    int i = threadIdx.x;
    copy_async16(tile + 4 * i, a.in + 4 * i);
    copy_async_commit();
    /* wrong: no copy_async_wait<0>() */
    __syncthreads();
    a.out[i] = tile[i];
}

} // namespace

enum status wrong_missing_wait(struct simt *simt)
{
    return LAUNCH(through, 1, 32, 128 * sizeof(float), simt, make_vectors(simt, 128, 32));
}
