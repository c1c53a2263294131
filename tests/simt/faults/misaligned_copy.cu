/* A row pitch that is no multiple of 16 bytes, under a copy of 16. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void pitched(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 32 * 5);
    copy_async16(tile + 5 * threadIdx.x, a.in + 4 * threadIdx.x); /* wrong: 20 bytes a row */
    copy_async_commit();
    copy_async_wait<0>();
    a.out[threadIdx.x] = tile[5 * threadIdx.x];
}

} // namespace

enum status wrong_misaligned_copy(struct simt *simt)
{
    return LAUNCH(pitched, 1, 32, 160 * sizeof(float), simt, make_vectors(simt, 128, 32));
}
