/* cuda_kernel.h - one way to compute attention on a GPU: a row of the table of CUDA kernels.
 *
 * The same shape as struct kernel (kernels/kernel.h), with a stream in place of threads. Each .cu file makes its row;
 * built by nvcc the rows are cuda_kernels, built for the simulator they are simt_kernels: the same files, and both may
 * stand in one program. */
#ifndef KERNELS_CUDA_CUDA_KERNEL_H
#define KERNELS_CUDA_CUDA_KERNEL_H

#include "kernels/attention.h"
#include "kernels/kernel.h"

struct cuda_launch {
    const struct attention_problem *problem;
    const struct attention_tensors *tensors; /* in HBM */
    const int64_t *block_first;              /* in HBM: the arrays of problem->mask.blocks, NULL without one */
    int32_t *block_list;                     /* written by a kernel that chooses its blocks, else only read */
    const float *gate, *angles; /* in HBM: weights and angles of the mask's choice (select/choice.h), else NULL */
    void *workspace;            /* in HBM: workspace() bytes, aligned to 256; content undefined */
    void *stream;               /* a cudaStream_t; in the simulator its struct simt */
    struct stage_clock *clock;  /* may be NULL; told on the host when a stage was put on the stream */
};

struct cuda_kernel {
    const char *name, *family, *title, *idea, *source; /* as in struct kernel */
    /* NULL when the kernel can do the (checked) problem, else the reason in words, a static string. */
    const char *(*unsupported)(const struct attention_problem *problem);
    size_t (*workspace)(const struct attention_problem *problem);
    /* The bytes are exact: what the kernel asks of HBM, caches left aside, with log_sum_exp asked for. The simulator's
     * count equals them. */
    void (*stages)(const struct attention_problem *problem, struct kernel_stages *stages);
    /* Puts it on the stream. STATUS_OK, STATUS_FAILED; from the simulator STATUS_WRONG when it found a fault. */
    enum status (*launch)(const struct cuda_launch *launch);
};

/* In reading order. */
extern const struct cuda_kernel *const cuda_kernels[]; /* where nvcc built them */
extern const size_t cuda_kernel_count;
extern const struct cuda_kernel *const simt_kernels[]; /* where the simulator is built */
extern const size_t simt_kernel_count;

#endif
