/* A block asks for more SRAM than the device has. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void large(vectors a)
{
    a.out[threadIdx.x] = 1;
}

} // namespace

enum status wrong_too_much_sram(struct simt *simt)
{
    return LAUNCH(large, 1, 32, 228 * 1024, simt, make_vectors(simt, 32, 32)); /* wrong: 227 KB is the most */
}
