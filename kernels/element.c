#include "kernels/element.h"

#include <float.h>
#include <math.h>
#include <string.h>

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

float element_float(uint16_t bits, enum dtype dtype)
{
    if (dtype == DTYPE_BF16)
        return float_of((uint32_t)bits << 16);
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent == 31)
        return float_of(sign | 0x7f800000u | fraction << 13);
    if (exponent > 0)
        return float_of(sign | (exponent + 112) << 23 | fraction << 13);
    float size = (float)fraction * 0x1p-24f; /* denormal, or 0 */
    return sign ? -size : size;
}

static uint16_t bf16_bits(float value)
{
    uint32_t bits = bits_of(value);
    if (isnan(value))
        return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static uint16_t f16_bits(float value)
{
    uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000, size = bits & 0x7fffffff;
    if (isnan(value))
        return (uint16_t)(sign | 0x7e00);
    if (size >= 0x477ff000) /* 65520 and more round to 65536, which is none of its numbers */
        return (uint16_t)(sign | 0x7c00);
    if (size < 0x38800000) /* below 2^-14: adding 1/2 leaves the multiple of 2^-24 in the fraction, rounded */
        return (uint16_t)(sign | (bits_of(float_of(size) + 0.5f) - bits_of(0.5f)));
    return (uint16_t)(sign | (size - (112u << 23) + 0xfff + (size >> 13 & 1)) >> 13);
}

uint16_t element_bits(float value, enum dtype dtype)
{
    return dtype == DTYPE_BF16 ? bf16_bits(value) : f16_bits(value);
}

float element_read(const void *array, int64_t index, enum dtype dtype)
{
    return dtype == DTYPE_F32 ? ((const float *)array)[index] : element_float(((const uint16_t *)array)[index], dtype);
}

float element_round(float value, enum dtype dtype)
{
    return dtype == DTYPE_F32 ? value : element_float(element_bits(value, dtype), dtype);
}

void elements_from_floats(void *to, const float *from, int64_t count, enum dtype dtype)
{
    if (dtype == DTYPE_F32) {
        memmove(to, from, (size_t)count * sizeof *from);
        return;
    }
    /* Bytes, since the two arrays may be one. */
    for (int64_t i = 0; i < count; i++) {
        float value;
        memcpy(&value, (const char *)from + i * 4, sizeof value);
        uint16_t bits = element_bits(value, dtype);
        memcpy((char *)to + i * 2, &bits, sizeof bits);
    }
}

double element_epsilon(enum dtype dtype)
{
    static const double epsilons[] = {[DTYPE_F32] = FLT_EPSILON, [DTYPE_BF16] = 0x1p-7, [DTYPE_F16] = 0x1p-10};
    return epsilons[dtype];
}

double element_least(enum dtype dtype)
{
    static const double least[] = {[DTYPE_F32] = FLT_TRUE_MIN, [DTYPE_BF16] = 0x1p-133, [DTYPE_F16] = 0x1p-24};
    return least[dtype];
}
