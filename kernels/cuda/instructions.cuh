/* instructions.cuh - instructions that C cannot say, each with two bodies: PTX for nvcc, the simulator's for g++.
 *
 *   copy_async16(sram, hbm)    cp.async: 16 bytes on their way from HBM to SRAM, past the registers
 *   copy_async_commit()        what was issued since the last commit becomes a group
 *   copy_async_wait<n>()       all groups of this thread but the newest n have arrived. Others need a barrier too.
 * Source: PTX ISA, "Data Movement and Conversion Instructions: cp.async". */
#pragma once

#include "kernels/cuda/launch.cuh"

#ifdef __CUDACC__

static __device__ __forceinline__ void copy_async16(void *sram, const void *hbm)
{
    unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(sram));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(to), "l"(hbm) : "memory");
}

static __device__ __forceinline__ void copy_async_commit()
{
    asm volatile("cp.async.commit_group;\n" ::: "memory");
}

template <int LEFT> static __device__ __forceinline__ void copy_async_wait()
{
    asm volatile("cp.async.wait_group %0;\n" ::"n"(LEFT) : "memory");
}

#else

static inline void copy_async16(void *sram, const void *hbm)
{
    simt_copy_async(sram, hbm, 16);
}

static inline void copy_async_commit()
{
    simt_copy_async_commit();
}

template <int LEFT> static inline void copy_async_wait()
{
    simt_copy_async_wait(LEFT);
}

#endif
