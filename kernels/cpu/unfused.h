/* unfused.h - what the two unfused kernels share: three passes through an N x N matrix, and what they move. */
#ifndef KERNELS_CPU_UNFUSED_H
#define KERNELS_CPU_UNFUSED_H

#include "kernels/kernel.h"

enum { STAGE_SCORES, STAGE_SOFTMAX, STAGE_VALUES };

/* scores: Q, K read, S written; softmax: S read, P written; values: P, V read, O written. The full square, whatever
 * the mask: that is what the unfused way computes and moves. */
void unfused_stages(const struct attention_problem *problem, struct kernel_stages *stages);

/* NULL, or why an unfused CPU kernel cannot do the problem. */

/* One row of S (len_kv raw scores) becomes P in place: zero outside the mask, softmax inside. Returns the
 * log-sum-exp. */
float unfused_softmax_row(const struct attention_problem *problem, int64_t layer, int64_t i, float *row);

#endif
