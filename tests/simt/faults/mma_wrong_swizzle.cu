/* flash_mma as it is, but K and V are written where another row's twist has them. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_wrong_swizzle

static inline void copy_twisted(void *sram, const void *hbm, bool wanted)
{
    uintptr_t to = reinterpret_cast<uintptr_t>(sram) - reinterpret_cast<uintptr_t>(sram) % 16;
    copy_async16_or_zero(reinterpret_cast<void *>(to ^ 32), hbm, wanted); /* wrong: ^ 32 */
}
#define copy_async16_or_zero copy_twisted

#include "kernels/cuda/flash_mma.cu"
