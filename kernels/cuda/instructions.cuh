/* instructions.cuh - instructions that C cannot say, each with two bodies: PTX for nvcc, the simulator's for g++.
 *
 *   copy_async16(sram, hbm)    cp.async: 16 bytes on their way from HBM to SRAM, past the registers
 *   copy_async16_or_zero(sram, hbm, wanted)               the same; zeros, and nothing read, where not wanted
 *   copy_async_commit()        what was issued since the last commit becomes a group
 *   copy_async_wait<n>()       all groups of this thread but the newest n have arrived. Others need a barrier too.
 *   load_matrices(r, row)      ldmatrix.x4 (r[4]) or .x2 (r[2]): matrices of 8 x 8 elements of 16 bits from SRAM; lanes
 * 8m to 8m + 7 give the rows of matrix m, each 16 bytes on a multiple of 16 load_matrices_transposed   the same with
 * rows and columns exchanged multiply_bf16(c, a, b)     mma.sync.m16n8k16: c[4] += a[4] b[2], float32 sums;
 * multiply_f16 alike pair_bf16(low, high)       two float32 rounded to 16 bits, in one register; pair_f16 alike
 *   low_f16(pair), high_f16(pair)                         the way back; low_bf16 and high_bf16 alike
 *   exp2_flushed(x)            2^x as the hardware has it: within 2 units in the last place, what is denormal is 0
 * Which element a lane holds, with g = lane / 4 and t = lane % 4: A element i (two a register): row g, + 8 where i is
 * 2, 3, 6 or 7; column 2 t + i % 2, + 8 from i = 4. B: row 2 t + i % 2, + 8 from i = 2; column g. C: row g, + 8 from i
 * = 2; column 2 t + i % 2. Source: PTX ISA, "cp.async", "ldmatrix", "Matrix Fragments for mma.m16n8k16 with floating
 * point type". */
#pragma once

#include "kernels/cuda/launch.cuh"

#ifdef __CUDACC__

static __device__ __forceinline__ void copy_async16(void *sram, const void *hbm)
{
    unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(sram));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(to), "l"(hbm) : "memory");
}

static __device__ __forceinline__ void copy_async16_or_zero(void *sram, const void *hbm, bool wanted)
{
    unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(sram));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(to), "l"(hbm), "r"(wanted ? 16 : 0)
                 : "memory");
}

static __device__ __forceinline__ void copy_async_commit()
{
    asm volatile("cp.async.commit_group;\n" ::: "memory");
}

template <int LEFT> static __device__ __forceinline__ void copy_async_wait()
{
    asm volatile("cp.async.wait_group %0;\n" ::"n"(LEFT) : "memory");
}

static __device__ __forceinline__ void load_matrices(uint32_t (&r)[4], const void *row)
{
    unsigned from = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];\n"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from)
                 : "memory");
}

static __device__ __forceinline__ void load_matrices(uint32_t (&r)[2], const void *row)
{
    unsigned from = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];\n"
                 : "=r"(r[0]), "=r"(r[1])
                 : "r"(from)
                 : "memory");
}

static __device__ __forceinline__ void load_matrices_transposed(uint32_t (&r)[4], const void *row)
{
    unsigned from = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];\n"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from)
                 : "memory");
}

static __device__ __forceinline__ void load_matrices_transposed(uint32_t (&r)[2], const void *row)
{
    unsigned from = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];\n"
                 : "=r"(r[0]), "=r"(r[1])
                 : "r"(from)
                 : "memory");
}

static __device__ __forceinline__ void multiply_bf16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                 "{%0, %1, %2, %3};\n"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

static __device__ __forceinline__ void multiply_f16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                 "{%0, %1, %2, %3};\n"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

static __device__ __forceinline__ uint32_t pair_bf16(float low, float high)
{
    uint32_t pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;\n" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}

static __device__ __forceinline__ uint32_t pair_f16(float low, float high)
{
    uint32_t pair;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;\n" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}

static __device__ __forceinline__ float low_f16(uint32_t pair)
{
    float value;
    asm("{\n.reg .b16 low, high;\nmov.b32 {low, high}, %1;\ncvt.f32.f16 %0, low;\n}\n" : "=f"(value) : "r"(pair));
    return value;
}

static __device__ __forceinline__ float high_f16(uint32_t pair)
{
    float value;
    asm("{\n.reg .b16 low, high;\nmov.b32 {low, high}, %1;\ncvt.f32.f16 %0, high;\n}\n" : "=f"(value) : "r"(pair));
    return value;
}

static __device__ __forceinline__ float low_bf16(uint32_t pair)
{
    return __uint_as_float(pair << 16);
}

static __device__ __forceinline__ float high_bf16(uint32_t pair)
{
    return __uint_as_float(pair & 0xffff0000u);
}

static __device__ __forceinline__ float exp2_flushed(float x)
{
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;\n" : "=f"(y) : "f"(x));
    return y;
}

#else

extern "C" {
#include "kernels/element.h"
}

static inline void copy_async16(void *sram, const void *hbm)
{
    simt_copy_async(sram, hbm, 16);
}

static inline void copy_async16_or_zero(void *sram, const void *hbm, bool wanted)
{
    simt_copy_async(sram, wanted ? hbm : nullptr, 16);
}

static inline void copy_async_commit()
{
    simt_copy_async_commit();
}

template <int LEFT> static inline void copy_async_wait()
{
    simt_copy_async_wait(LEFT);
}

template <int MATRICES> static inline void load_matrices(uint32_t (&r)[MATRICES], const void *row)
{
    simt_load_matrices(r, row, MATRICES, false);
}

template <int MATRICES> static inline void load_matrices_transposed(uint32_t (&r)[MATRICES], const void *row)
{
    simt_load_matrices(r, row, MATRICES, true);
}

static inline void multiply_bf16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
    simt_multiply(c, a, b, SIMT_BF16);
}

static inline void multiply_f16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
    simt_multiply(c, a, b, SIMT_F16);
}

static inline uint32_t pair_bf16(float low, float high)
{
    return element_bits(low, DTYPE_BF16) | static_cast<uint32_t>(element_bits(high, DTYPE_BF16)) << 16;
}

static inline uint32_t pair_f16(float low, float high)
{
    return element_bits(low, DTYPE_F16) | static_cast<uint32_t>(element_bits(high, DTYPE_F16)) << 16;
}

static inline float low_f16(uint32_t pair)
{
    return element_float(static_cast<uint16_t>(pair), DTYPE_F16);
}

static inline float high_f16(uint32_t pair)
{
    return element_float(static_cast<uint16_t>(pair >> 16), DTYPE_F16);
}

static inline float low_bf16(uint32_t pair)
{
    return element_float(static_cast<uint16_t>(pair), DTYPE_BF16);
}

static inline float high_bf16(uint32_t pair)
{
    return element_float(static_cast<uint16_t>(pair >> 16), DTYPE_BF16);
}

static inline float exp2_flushed(float x)
{
    return x < -126 ? 0.0f : exp2f(x);
}

#endif

/* For kernels that take the type as a number: DTYPE_BF16 or DTYPE_F16. */
template <enum dtype E>
static __device__ __forceinline__ void multiply(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2])
{
    if (E == DTYPE_BF16)
        multiply_bf16(c, a, b);
    else
        multiply_f16(c, a, b);
}

template <enum dtype E> static __device__ __forceinline__ uint32_t pair(float low, float high)
{
    return E == DTYPE_BF16 ? pair_bf16(low, high) : pair_f16(low, high);
}

template <enum dtype E> static __device__ __forceinline__ float low(uint32_t pair)
{
    return E == DTYPE_BF16 ? low_bf16(pair) : low_f16(pair);
}

template <enum dtype E> static __device__ __forceinline__ float high(uint32_t pair)
{
    return E == DTYPE_BF16 ? high_bf16(pair) : high_f16(pair);
}
