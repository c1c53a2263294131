/* kernel.h - one way to compute attention: a row of the one table of kernels.
 *
 * Adding a kernel is one file and one row in kernel_table.c; tests, measurement, record and deck then
 * know it. */
#ifndef KERNELS_KERNEL_H
#define KERNELS_KERNEL_H

#include "kernels/attention.h"

/* One pass of a kernel, with what it moves through the memory that all cores (or blocks) share: HBM on
 * a GPU, main memory on a CPU. By formula. */
struct kernel_stage {
    char name[32]; /* "scores", "softmax", "values"; "layer 0 global" ... for stacks */
    double flops, bytes_read, bytes_written;
};

struct kernel_stages {
    struct kernel_stage items[MAX_LAYERS];
    int count; /* at least 1: a kernel of one pass has one stage that carries its own name */
};

/* Told by a kernel when a stage ends, from the thread that launched it; stage i+1 begins there. A
 * stage may end several times (once a tile of heads): the times of each index are added up. */
struct stage_clock {
    void (*end)(struct stage_clock *clock, int stage);
};

struct kernel_launch {
    const struct attention_problem *problem;
    const struct attention_tensors *tensors;
    void *workspace;           /* kernel->workspace() bytes, aligned to 64; content undefined */
    int threads;               /* >= 1, worker threads to use */
    struct stage_clock *clock; /* may be NULL */
};

struct cuda_kernel;

struct kernel {
    const char *name;    /* "flash"; unique within its backend */
    const char *family;  /* "naive", "naive_blas", "sliding", "alternating", "flash" */
    const char *backend; /* "cpu", "cuda"; "simt": a CUDA kernel in the simulator */
    const char *title;   /* for a chart's label: "flash, tiled in cache" */
    const char *idea;    /* one sentence for `flashdeck list` */
    const char *source;  /* the paper and section, or the system, that it follows */

    /* NULL when the kernel can do the (checked) problem, else the reason in words, a static string. */
    const char *(*unsupported)(const struct attention_problem *problem);
    /* Bytes of scratch memory; 0 is fine. */
    size_t (*workspace)(const struct attention_problem *problem, int threads);
    /* Stages with their FLOPs and bytes. */
    void (*stages)(const struct attention_problem *problem, struct kernel_stages *stages);
    /* Runs it. No allocation of size N, no printing; every element of O (and log_sum_exp when asked for)
     * is written. STATUS_OK, STATUS_NO_MEMORY or STATUS_FAILED. */
    enum status (*launch)(const struct kernel_launch *launch);
    /* NULL on the CPU. Else a device's kernel, which is asked for scratch and launched through this row
     * (kernels/cuda/cuda_kernel.h) instead; `workspace` and `launch` are NULL then. */
    const struct cuda_kernel *cuda;
};

/* Bytes of scratch, whoever runs it. */
size_t kernel_workspace(const struct kernel *kernel, const struct attention_problem *problem, int threads);

/* The table, in reading order: naive first, flash last. */
extern const struct kernel *const kernel_table[];
extern const size_t kernel_count;

/* NULL when there is none of that name (first match; backend may be NULL for any). */
const struct kernel *kernel_find(const char *name, const char *backend);

#endif
