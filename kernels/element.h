/* element.h - numbers of 16 bits in memory, and the float32 that they stand for.
 *
 * bf16 is the upper half of a float32; f16 is IEEE 754's binary16 (5 bits of exponent, 10 of fraction). Rounding is to
 * the nearest, ties to even, as the GPU's conversions do; what is too large for f16 becomes infinite. */
#ifndef KERNELS_ELEMENT_H
#define KERNELS_ELEMENT_H

#include "kernels/attention.h"

/* The float32 with the value of these bits: exact. */
float element_float(uint16_t bits, enum dtype dtype);
/* The nearest number of 16 bits. `dtype` is DTYPE_BF16 or DTYPE_F16, as above. */
uint16_t element_bits(float value, enum dtype dtype);

/* Element `index` of an array of any dtype. */
float element_read(const void *array, int64_t index, enum dtype dtype);
/* `value` as an element of this dtype would hold it; float32 is itself. */
float element_round(float value, enum dtype dtype);
/* `count` float32 to elements. The arrays may be the same one: elements are never wider than what they come from. */
void elements_from_floats(void *to, const float *from, int64_t count, enum dtype dtype);

/* The distance from 1 to the next larger number: 2^-23, 2^-7, 2^-10. */
double element_epsilon(enum dtype dtype);
/* The least number above 0. */
double element_least(enum dtype dtype);

#endif
