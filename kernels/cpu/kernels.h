/* kernels.h - the rows that the CPU's files add to the one table (kernel_table.c). */
#ifndef KERNELS_CPU_KERNELS_H
#define KERNELS_CPU_KERNELS_H

#include "kernels/kernel.h"

extern const struct kernel kernel_cpu_naive;
extern const struct kernel kernel_cpu_naive_blas;
extern const struct kernel kernel_cpu_sliding;
extern const struct kernel kernel_cpu_alternating;
extern const struct kernel kernel_cpu_flash;

#endif
