/* flash_mma as it is, but the wait for V lets one group more be on its way. */
#include "simt/faults/mma.cuh"

#define CUDA_ROW(name) wrong_mma_stale_stage

template <int LEFT> static inline void short_wait()
{
    copy_async_wait<LEFT == 0 ? 0 : LEFT + 1>(); /* wrong: + 1 */
}
#define copy_async_wait short_wait

#include "kernels/cuda/flash_mma.cu"
