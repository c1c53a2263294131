/* cuda_rope.h - RoPE (rope.h) over packed sequences on a GPU, before the attention of a stack: one launch over all
 * layers, positions from 0 in each sequence. */
#ifndef KERNELS_CUDA_CUDA_ROPE_H
#define KERNELS_CUDA_CUDA_ROPE_H

#include "kernels/cuda/cuda_kernel.h"
#include "kernels/packed.h"

struct cuda_rope_launch {
    const struct attention_problem *problem; /* batch 1, len_q = len_kv = all tokens */
    const struct packed *packed;
    const int64_t *starts;       /* in HBM: the same numbers as packed->starts */
    const void *q, *k;           /* in HBM, as struct attention_tensors */
    void *turned_q, *turned_k;   /* as large; may be q and k themselves */
    struct angles global, local; /* in HBM: rope_table's, of as many positions as the longest sequence has. As
                                    packed_rope: global is for layers without a window */
    void *stream;                /* as cuda_launch's */
};

struct cuda_rope {
    /* NULL when it can do the (checked) problem over these (checked) sequences, else the reason, a static string. */
    const char *(*unsupported)(const struct attention_problem *problem, const struct packed *packed);
    /* The one stage, "rope"; its bytes are exact. */
    void (*stage)(const struct attention_problem *problem, const struct packed *packed, struct kernel_stage *stage);
    /* Nothing is launched with STATUS_BAD_INPUT (starts that packed_check refuses: `diags` says which) and
     * STATUS_UNSUPPORTED; else as cuda_kernel's. */
    enum status (*launch)(const struct cuda_rope_launch *launch, struct diags *diags);
};
extern const struct cuda_rope cuda_kernel_rope; /* where nvcc built it */
extern const struct cuda_rope simt_kernel_rope; /* where the simulator is built */

#endif
