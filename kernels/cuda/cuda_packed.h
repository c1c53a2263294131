/* cuda_packed.h - the kernels of cuda_kernel.h over packed sequences of unequal length (packed.h): flash_tiled,
 * flash_mma, sliding and alternating, in one launch over all sequences (alternating: one for each layer).
 *
 * The problem has batch 1 and len_q = len_kv = all tokens; tensors and log-sum-exp are laid out as packed.h says. */
#ifndef KERNELS_CUDA_CUDA_PACKED_H
#define KERNELS_CUDA_CUDA_PACKED_H

#include "kernels/cuda/cuda_kernel.h"
#include "kernels/packed.h"

/* Starts are the host's in `packed`, and the same numbers in HBM in `starts`: count + 1 of them. Every block finds its
 * own sequence there, so that the host sends no list of blocks. */
struct cuda_packed_launch {
    struct cuda_launch launch; /* block_first and block_list are NULL; no workspace is needed */
    const struct packed *packed;
    const int64_t *starts;
};

struct cuda_packed {
    /* NULL when the kernel can do the (checked) problem over these (checked) sequences, else the reason in words, a
     * static string. A kernel that knows no packed sequences says so. */
    const char *(*unsupported)(const struct cuda_kernel *kernel, const struct attention_problem *problem,
                               const struct packed *packed);
    /* As cuda_kernel's: the bytes are exact, those of the search for a block's sequence among them. */
    void (*stages)(const struct cuda_kernel *kernel, const struct attention_problem *problem,
                   const struct packed *packed, struct kernel_stages *stages);
    /* Puts it on the stream. Nothing is launched with STATUS_BAD_INPUT (starts that packed_check refuses: `diags` says
     * which) and STATUS_UNSUPPORTED; else as cuda_kernel's. */
    enum status (*launch)(const struct cuda_kernel *kernel, const struct cuda_packed_launch *launch,
                          struct diags *diags);
};
extern const struct cuda_packed cuda_kernel_packed; /* where nvcc built it */
extern const struct cuda_packed simt_kernel_packed; /* where the simulator is built */

#endif
