/* A loop that goes one too far through a thread's own array: registers on a GPU, so no address tells. */
#include "kernels/cuda/launch.cuh"
#include "simt/faults/faults.h"

namespace
{

struct sums {
    float *to;
    int count;
};

__global__ void own_array(sums p)
{
    float sum[4] = {0}, guard = 1;
    for (int i = 0; i <= p.count; i++)
        sum[i] += (float)i;
    p.to[threadIdx.x] = sum[threadIdx.x % 4] + guard;
}

} // namespace

enum status wrong_own_array(struct simt *simt)
{
    sums p = {static_cast<float *>(simt_alloc(simt, "to", sizeof(float), 32)), 4};
    return LAUNCH(own_array, 1, 32, 0, simt, p);
}
