/* Two stages in flight, and the wait leaves one group too many. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void stages(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 256);
    int i = threadIdx.x;
    float sum = 0;
    copy_async16(tile + 4 * i, a.in + 4 * i);
    copy_async_commit();
    for (int s = 0; s < 4; s++) {
        if (s < 3)
            copy_async16(tile + (s + 1) % 2 * 128 + 4 * i, a.in + (s + 1) * 128 + 4 * i);
        copy_async_commit();
        copy_async_wait<2>(); /* wrong: 1 is right, the newest group is the next stage */
        __syncthreads();
        sum += tile[s % 2 * 128 + i];
        __syncthreads();
    }
    a.out[i] = sum;
}

} // namespace

enum status wrong_stale_stage(struct simt *simt)
{
    return LAUNCH(stages, 1, 32, 256 * sizeof(float), simt, make_vectors(simt, 512, 32));
}
