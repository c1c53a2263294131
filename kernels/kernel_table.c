/* kernel_table.c - every way we compute attention, in reading order. */
#include "kernels/kernel.h"

#include <string.h>

#include "kernels/cpu/kernels.h"
#include "kernels/cuda/cuda_kernel.h"

const struct kernel *const kernel_table[] = {
    &kernel_cpu_naive,        &kernel_cpu_naive_blas,     &kernel_cpu_sliding, &kernel_cpu_alternating,
    &kernel_cpu_block_sparse, &kernel_cpu_learned_sparse, &kernel_cpu_flash,
};
const size_t kernel_count = sizeof kernel_table / sizeof kernel_table[0];

const struct kernel *kernel_find(const char *name, const char *backend)
{
    for (size_t i = 0; i < kernel_count; i++)
        if (strcmp(kernel_table[i]->name, name) == 0 && (!backend || strcmp(kernel_table[i]->backend, backend) == 0))
            return kernel_table[i];
    return NULL;
}

size_t kernel_workspace(const struct kernel *kernel, const struct attention_problem *problem, int threads)
{
    return kernel->cuda ? kernel->cuda->workspace(problem) : kernel->workspace(problem, threads);
}
