/* The arrays of a kernel are larger than the SRAM that its launch asked for. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void greedy(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, first, 32);
    SRAM(float, second, 32);
    first[threadIdx.x] = second[threadIdx.x] = 1;
    a.out[threadIdx.x] = first[threadIdx.x];
}

} // namespace

enum status wrong_sram_beyond_the_launch(struct simt *simt)
{
    return LAUNCH(greedy, 1, 32, 32 * sizeof(float), simt, make_vectors(simt, 32, 32)); /* wrong: one array only */
}
