/* A block reads what the block before it left in SRAM. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void inherit(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 32);
    if (blockIdx.x == 0)
        tile[threadIdx.x] = a.in[threadIdx.x]; /* wrong: the other block has SRAM of its own */
    __syncthreads();
    a.out[blockIdx.x * 32 + threadIdx.x] = tile[threadIdx.x];
}

} // namespace

enum status wrong_sram_of_the_block_before(struct simt *simt)
{
    return LAUNCH(inherit, 2, 32, 32 * sizeof(float), simt, make_vectors(simt, 32, 64));
}
