/* kernels.h - the rows that the CPU's files add to the one table (kernel_table.c). */
#ifndef KERNELS_CPU_KERNELS_H
#define KERNELS_CPU_KERNELS_H

#include "kernels/kernel.h"

extern const struct kernel kernel_cpu_naive;
extern const struct kernel kernel_cpu_naive_blas;
extern const struct kernel kernel_cpu_sliding;
extern const struct kernel kernel_cpu_alternating;
extern const struct kernel kernel_cpu_block_sparse;
extern const struct kernel kernel_cpu_learned_sparse;
extern const struct kernel kernel_cpu_flash;

/* What all of them refuse, in words; NULL when it is nothing of that. */
static inline const char *cpu_unsupported(const struct attention_problem *problem)
{
    if (problem->dtype != DTYPE_F32)
        return "the CPU kernels compute in float32 only";
    if (problem->mask.blocks)
        return "this kernel knows no block masks: use block_sparse";
    return NULL;
}

#endif
