/* workload.h - seeded inputs: the same seed gives the same bits on every machine. */
#ifndef KERNELS_WORKLOAD_H
#define KERNELS_WORKLOAD_H

#include "kernels/attention.h"

/* splitmix64 (Steele, Lea, Flood 2014): next value, advances *state. */
uint64_t workload_random(uint64_t *state);

/* A standard normal by the Irwin-Hall sum of 12 uniforms less 6: integers and one exact scaling, so no
 * libm and no rounding differs between machines. */
float workload_normal(uint64_t *state);

/* Fills `count` float32 with `deviation` times standard normals. Blocks of 4096 elements have seeds of
 * their own, so that the result does not depend on `threads`. */
void workload_gaussian(float *values, int64_t count, float deviation, uint64_t seed, int threads);

/* Q, K and V of a problem, each from a seed derived from `seed`: the same normals in every dtype, rounded to it.
 * STATUS_OK; STATUS_NO_MEMORY in 16 bits, where one tensor passes through float32. */
enum status workload_fill(const struct attention_problem *problem, void *q, void *k, void *v, uint64_t seed,
                          int threads);

#endif
