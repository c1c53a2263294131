/* mass.h - how much attention falls on each pair of blocks: what a gate learns, and what a selection is judged by. */
#ifndef KERNELS_SELECT_MASS_H
#define KERNELS_SELECT_MASS_H

#include "kernels/select/pool.h"

/* Floats of scratch for attention_mass. */
size_t mass_scratch(int64_t length);

/* mass[blocks, blocks]: mass_ij is the mean over the queries of block i of the softmax weight on the keys of block j,
 * so a row adds up to 1. One head after RoPE, rows `stride` floats apart; causal or not. Block by block: memory grows
 * with `length`, not with its square. */
void attention_mass(const float *q, int64_t q_stride, const float *k, int64_t k_stride, int64_t length,
                    int64_t head_dim, float scale, bool causal, float *scratch, float *mass);

#endif
