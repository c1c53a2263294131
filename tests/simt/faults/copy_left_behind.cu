/* The block ends while a copy is still in flight. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void forgotten(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 128);
    copy_async16(tile + 4 * threadIdx.x, a.in + 4 * threadIdx.x);
    copy_async_commit();
    a.out[threadIdx.x] = 1; /* wrong: no wait before the end */
}

} // namespace

enum status wrong_copy_left_behind(struct simt *simt)
{
    return LAUNCH(forgotten, 1, 32, 128 * sizeof(float), simt, make_vectors(simt, 128, 32));
}
