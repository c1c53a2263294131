/* launch.cuh - the few words of a .cu file that two compilers must read: nvcc, for a GPU, and g++, for the simulator
 * (kernels/simt/), which runs the same file on a CPU and judges every access.
 *
 *   LAUNCH(kernel, grid, block, sram, stream, argument)   launches; enum status. A kernel takes one struct by value.
 *   SRAM(type, name, count)      the block's next array in SRAM, aligned to 16 bytes; the same in every thread
 *   SRAM_BYTES(so_far, type, count)                       how the arrays add up, for the launch's `sram`
 *   load4(p), store4(p, v)       four floats at once; p is a multiple of 16 bytes
 *   load_words(p), store_words(p, v)                      the same 16 bytes as four words, of any array
 * Everything else is CUDA C as it is: __syncthreads, __shfl_xor_sync, threadIdx ... */
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
#include "kernels/cuda/cuda_kernel.h"
}

#define SRAM_BYTES(so_far, type, count) (((so_far) + 15) / 16 * 16 + sizeof(type) * (size_t)(count))

#ifdef __CUDACC__

#include <cuda_runtime.h>

/* Arrays are carved from the launch's dynamic SRAM one behind the other. */
#define SRAM_BEGIN                                                                                                     \
    extern __shared__ __align__(128) unsigned char sram_bytes_[];                                                      \
    size_t sram_used_ = 0
#define SRAM(type, name, count)                                                                                        \
    type *const name = reinterpret_cast<type *>(sram_bytes_ + (sram_used_ + 15) / 16 * 16);                            \
    sram_used_ = SRAM_BYTES(sram_used_, type, count)

static __device__ __forceinline__ float4 load4(const float *p)
{
    return *reinterpret_cast<const float4 *>(p);
}

static __device__ __forceinline__ void store4(float *p, float4 v)
{
    *reinterpret_cast<float4 *>(p) = v;
}

static __device__ __forceinline__ uint4 load_words(const void *p)
{
    return *static_cast<const uint4 *>(p);
}

static __device__ __forceinline__ void store_words(void *p, uint4 v)
{
    *static_cast<uint4 *>(p) = v;
}

/* Beyond 48 KB of SRAM a kernel must ask. */
template <typename P, typename A>
static enum status launch_on_gpu(void (*kernel)(P), dim3 grid, dim3 block, size_t sram, void *stream, const A &argument)
{
    if (sram > 48 * 1024 &&
        cudaFuncSetAttribute(reinterpret_cast<const void *>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
                             static_cast<int>(sram)) != cudaSuccess)
        return STATUS_FAILED;
    kernel<<<grid, block, sram, static_cast<cudaStream_t>(stream)>>>(argument);
    /* Looked at, not taken: who launched says what it was. */
    return cudaPeekAtLastError() == cudaSuccess ? STATUS_OK : STATUS_FAILED;
}

#define LAUNCH(kernel, grid, block, sram, stream, argument) launch_on_gpu(kernel, grid, block, sram, stream, argument)
#define CUDA_ROW(name)                                      cuda_kernel_##name

#else

#include "kernels/simt/cuda.cuh"

#define SRAM_BEGIN              (void)0
#define SRAM(type, name, count) type *const name = static_cast<type *>(simt_sram(#name, sizeof(type), count))

static inline float4 load4(const float *p)
{
    float4 v;
    simt_load(&v, p, sizeof v);
    return v;
}

static inline void store4(float *p, float4 v)
{
    simt_store(p, &v, sizeof v);
}

static inline uint4 load_words(const void *p)
{
    uint4 v;
    simt_load(&v, p, sizeof v);
    return v;
}

static inline void store_words(void *p, uint4 v)
{
    simt_store(p, &v, sizeof v);
}

#define LAUNCH(kernel, grid, block, sram, stream, argument)                                                            \
    simt_run(#kernel, kernel, grid, block, sram, stream, argument)
#define CUDA_ROW(name) simt_kernel_##name

#endif
