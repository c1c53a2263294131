/* sass.h - what the machine code of the CUDA kernels is: registers, spills, SRAM, a hash.
 *
 * At build time from ptxas and the cubins (cmake/nvcc.cmake): sass_facts, there in every build, empty without nvcc. At
 * run time from the runtime itself, on the GPU at hand: sass_query, only where nvcc built the kernels. */
#ifndef KERNELS_CUDA_SASS_H
#define KERNELS_CUDA_SASS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct sass_fact {
    const char *file;                     /* "naive.cu" */
    const char *architecture;             /* "sm_90a" */
    const char *function;                 /* "naive_scores", "flash_tiled<64>", "flash_mma<bf16, 128>" */
    int registers;                        /* a thread */
    int spill_stores, spill_loads, stack; /* bytes a thread, of local memory */
    int sram;                             /* static, bytes a block; dynamic SRAM is the launch's */
    const char *code;  /* 16 hex digits of SHA-256 over the machine code; "unknown" without readelf */
    const char *entry; /* the mangled name */
    bool spill_free;   /* listed in spill_free.txt: the build fails when it spills */
};
extern const struct sass_fact sass_facts[];
extern const size_t sass_fact_count;

/* One launch of a kernel as the runtime sees it on this GPU. */
struct sass_launch {
    char entry[512];               /* as sass_fact's; "" where the runtime does not tell (before CUDA 12.3) */
    const struct sass_fact *fact;  /* of this entry and the nearest architecture not above the GPU's; NULL: none */
    int registers, local_bytes;    /* a thread; local memory holds spills and arrays that have no register */
    int static_sram, dynamic_sram; /* bytes a block */
    int threads;                   /* of a block */
    long long blocks;              /* of the launch */
    int blocks_together;           /* that one multiprocessor holds at a time */
    double occupancy;              /* their threads over the most that it holds, 0..1 */
    int binary_version;            /* of the code that was chosen: 90 for sm_90 */
};
enum { SASS_LAUNCHES = 64 };

struct cuda_kernel;
struct cuda_launch;

/* What `kernel` would launch for this problem, in order: its launch is captured on the stream and never runs. Tensors
 * and workspace are only looked at as addresses. STATUS_FAILED with a sentence in `reason` when the runtime refuses. */
enum status sass_query(const struct cuda_kernel *kernel, const struct cuda_launch *launch,
                       struct sass_launch launches[SASS_LAUNCHES], int *count, char *reason, size_t size);

#endif
