/* oracle.h - the judge: attention in float64, row by row, and the rule by which a kernel passes. */
#ifndef KERNELS_ORACLE_H
#define KERNELS_ORACLE_H

#include "kernels/attention.h"

/* What the judge saw. All errors are absolute. */
struct verdict {
    bool pass;
    int64_t rows_compared; /* rows of head_dim outputs held against float64 */
    int64_t rows_total;
    double max_error;     /* of O against float64, over the compared rows */
    double max_error_lse; /* of log_sum_exp; 0 when it was not written */
    double plain_error;   /* of the plain computation in the kernel's own precision, same rows */
    double tolerance;     /* max_error must not exceed it */
    char message[256];    /* when it failed: which element, what was there, what should be */
};

/* Judges outputs. Rows compared: all when rows_total <= max_rows, else max_rows of them: the first and
 * last rows of each (layer, batch, head) in turn, then seeded random ones; and ALL elements of O and
 * log_sum_exp are checked for poison (oracle_poison) and for values that are not finite.
 * Tolerance (FlashAttention's rule, tests/test_flash_attn.py): twice plain_error plus a floor,
 *     floor = FLT_EPSILON * (4 + largest |logit| of the compared rows) * largest |V| seen by them
 *             + FLT_TRUE_MIN * (1 + most keys of a row / 2), which only matters where V is denormal,
 *             + in 16 bits half a step of the largest |O|, the rounding of the output itself.
 * The plain computation in 16 bits rounds the product, the scaled logit, the weight and the output, as a framework's
 * unfused attention does; its sums are float32.
 * The log-sum-exp has the same rule: twice the plain computation's error plus a floor of
 *     FLT_EPSILON * (8 + 4 * largest |logit| + 2 * log2(1 + len_kv)).
 * Threads: uses `threads` OpenMP threads. STATUS_OK (also when the verdict is a fail), STATUS_NO_MEMORY. */
enum status oracle_judge(const struct attention_problem *problem, const struct attention_tensors *tensors,
                         int64_t max_rows, uint64_t seed, int threads, struct verdict *verdict);

/* One row in float64: out[head_dim], *log_sum_exp. Needs scratch[len_kv]. */
void oracle_row(const struct attention_problem *problem, const struct attention_tensors *tensors, int64_t layer,
                int64_t batch, int64_t head, int64_t i, double *scratch, double *out, double *log_sum_exp);

/* Fills outputs (and workspaces) with a NaN of a bit pattern of its own before a launch, so that an
 * element never written is known for one. */
void oracle_poison(void *bytes, size_t length);

#endif
