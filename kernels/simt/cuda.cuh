/* cuda.cuh - CUDA C's words for g++: what kernels/cuda/launch.cuh includes where nvcc is not the compiler. */
#pragma once

#include <cmath>
#include <cstring>

#include "kernels/simt/device.h"

#define __global__ __attribute__((noinline))
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __restrict__ __restrict

#define threadIdx simt_thread_index()
#define blockIdx  simt_block_index()
#define blockDim  simt_block_size()
#define gridDim   simt_grid_size()

struct dim3 : simt_size {
    dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : simt_size{x_, y_, z_}
    {
    }
};

struct alignas(16) float4 {
    float x, y, z, w;
};

struct alignas(16) uint4 {
    unsigned x, y, z, w;
};

static inline float4 make_float4(float x, float y, float z, float w)
{
    return {x, y, z, w};
}

#define __syncthreads() simt_sync_threads()
#define __syncwarp()    simt_sync_warp(0xffffffffu)

template <typename T> static inline T simt_shuffle_as(uint32_t mask, T value, enum simt_shuffle how, int operand)
{
    static_assert(sizeof(T) == 4, "the simulator exchanges 4 bytes at a time");
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    bits = simt_shuffle(mask, bits, how, operand);
    std::memcpy(&value, &bits, 4);
    return value;
}

#define __any_sync(mask, predicate)    (simt_ballot(mask, predicate) != 0)
#define __ballot_sync(mask, predicate) simt_ballot(mask, predicate)
#define __popc(bits)                   __builtin_popcount(bits)
#define __float_as_uint(value)         simt_float_bits(value)

static inline unsigned simt_float_bits(float value)
{
    unsigned bits;
    std::memcpy(&bits, &value, 4);
    return bits;
}

#define __shfl_sync(mask, value, lane)          simt_shuffle_as(mask, value, SIMT_SHUFFLE_INDEX, lane)
#define __shfl_up_sync(mask, value, distance)   simt_shuffle_as(mask, value, SIMT_SHUFFLE_UP, distance)
#define __shfl_down_sync(mask, value, distance) simt_shuffle_as(mask, value, SIMT_SHUFFLE_DOWN, distance)
#define __shfl_xor_sync(mask, value, lane_mask) simt_shuffle_as(mask, value, SIMT_SHUFFLE_XOR, lane_mask)

/* One argument is enough for our kernels: a struct by value, as the device's constant memory has it. */
template <typename P> struct simt_bound {
    void (*kernel)(P);
    P argument;
};

template <typename P> __attribute__((no_sanitize("thread"))) void simt_enter(void *bound)
{
    simt_bound<P> *b = static_cast<simt_bound<P> *>(bound);
    b->kernel(b->argument);
}

template <typename P, typename A>
static inline enum status simt_run(const char *name, void (*kernel)(P), dim3 grid, dim3 block, size_t sram,
                                   void *stream, const A &argument)
{
    simt_bound<P> bound = {kernel, argument};
    return simt_launch(static_cast<struct simt *>(stream), name, grid, block, sram, simt_enter<P>, &bound,
                       sizeof bound);
}
