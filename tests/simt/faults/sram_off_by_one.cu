/* A row of SRAM is read one element beyond its end. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void shift(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, first, 32);
    SRAM(float, second, 32);
    int i = threadIdx.x;
    first[i] = a.in[i];
    second[i] = 0;
    __syncthreads();
    a.out[i] = first[i + 1]; /* wrong for the last thread: on the device this is second[0] */
}

} // namespace

enum status wrong_sram_off_by_one(struct simt *simt)
{
    return LAUNCH(shift, 1, 32, 64 * sizeof(float), simt, make_vectors(simt, 32, 32));
}
