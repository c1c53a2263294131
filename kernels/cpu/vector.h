/* vector.h - the vector type of the instruction set that a file is compiled for, and its exp2.
 *
 * Only for files compiled with TILE_VECTOR set to the floats in a vector: the width must follow the target, since
 * wider vectors are split and spilled. gcc's vector extensions give one source for all sets; with
 * -ffp-contract=fast a * b + c becomes a fused multiply-add. */
#ifndef KERNELS_CPU_VECTOR_H
#define KERNELS_CPU_VECTOR_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef float vector __attribute__((vector_size(TILE_VECTOR * 4)));
typedef int32_t integers __attribute__((vector_size(TILE_VECTOR * 4)));
typedef uint32_t naturals __attribute__((vector_size(TILE_VECTOR * 4)));              /* where bits may run over */
typedef float loose_vector __attribute__((vector_size(TILE_VECTOR * 4), aligned(4))); /* for unaligned loads */

#define INLINE static inline __attribute__((always_inline))

INLINE vector vector_of(float x)
{
    return x - (vector){0};
}

/* Lane by lane: a where the mask is all ones, b where it is zero. */
INLINE vector vector_select(integers mask, vector a, vector b)
{
    return (vector)((mask & (integers)a) | (~mask & (integers)b));
}

/* The one operation for which compare and select costs too much: it stands in the inner loop. */
INLINE vector vector_max(vector a, vector b)
{
#if TILE_VECTOR == 16 && defined(__AVX512F__)
    return (vector)_mm512_max_ps((__m512)a, (__m512)b);
#elif TILE_VECTOR == 8 && defined(__AVX__)
    return (vector)_mm256_max_ps((__m256)a, (__m256)b);
#elif TILE_VECTOR == 4 && defined(__SSE__)
    return (vector)_mm_max_ps((__m128)a, (__m128)b);
#else
    return vector_select(a > b, a, b);
#endif
}

/* Once a row: lane after lane, each addition would wait for the one before. */
INLINE float vector_sum(vector a)
{
#if TILE_VECTOR == 16 && defined(__AVX512F__)
    return _mm512_reduce_add_ps((__m512)a);
#elif TILE_VECTOR == 8 && defined(__AVX__)
    __m128 half = _mm_add_ps(_mm256_castps256_ps128((__m256)a), _mm256_extractf128_ps((__m256)a, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1)));
#else
    float sum = 0;
    for (int i = 0; i < TILE_VECTOR; i++)
        sum += a[i];
    return sum;
#endif
}

/* Once a row and tile: a chain of scalar comparisons would cost as much as an exponential of the row. */
INLINE float vector_largest(vector a)
{
#if TILE_VECTOR == 16 && defined(__AVX512F__)
    return _mm512_reduce_max_ps((__m512)a);
#elif TILE_VECTOR == 8 && defined(__AVX__)
    __m128 half = _mm_max_ps(_mm256_castps256_ps128((__m256)a), _mm256_extractf128_ps((__m256)a, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_shuffle_ps(half, half, 1)));
#else
    float largest = a[0];
    for (int i = 1; i < TILE_VECTOR; i++)
        largest = a[i] > largest ? a[i] : largest;
    return largest;
#endif
}

/* 2^x for x <= 0 (and a little above), relative error below 3e-7; 0 below -126 and for -inf, so that no denormal is
 * ever made. 2^x = 2^n * 2^(x - n), the second factor by a polynomial of degree 5. */
#if TILE_VECTOR == 16 && defined(__AVX512DQ__)
/* n = floor(x): the processor has an instruction for each of the two steps. */
INLINE vector vector_exp2(vector x)
{
    vector r = (vector)_mm512_reduce_ps((__m512)x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    vector p = vector_of(0.00187757669f);
    p = p * r + 0.00898933969f;
    p = p * r + 0.0558263175f;
    p = p * r + 0.240153611f;
    p = p * r + 0.693153083f;
    p = p * r + 0.99999994f;
    __mmask16 normal = _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(-126.0f), _CMP_GE_OQ);
    return (vector)_mm512_maskz_scalef_ps(normal, (__m512)p, (__m512)x);
}
#else
/* n = x rounded, by adding 1.5 * 2^23; it goes into the exponent by an integer addition. */
INLINE vector vector_exp2(vector x)
{
    const vector magic = vector_of(12582912.0f);
    vector shifted = x + magic;
    vector r = x - (shifted - magic);
    vector p = vector_of(0.0013390863f);
    p = p * r + 0.009676032f;
    p = p * r + 0.05550357f;
    p = p * r + 0.24022107f;
    p = p * r + 0.6931472f;
    p = p * r + 1.0f;
    naturals bits = (naturals)p + ((naturals)shifted << 23);
    return (vector)(bits & (naturals)(x >= vector_of(-126.0f)));
}
#endif

#endif
