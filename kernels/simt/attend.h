/* attend.h - a whole problem through one CUDA kernel in the simulator: tensors into HBM, launch, counts of each stage.
 */
#ifndef KERNELS_SIMT_ATTEND_H
#define KERNELS_SIMT_ATTEND_H

#include "kernels/cuda/cuda_packed.h"
#include "kernels/simt/simt.h"

struct simt_attention {
    /* In the simulator's HBM, readable by the host until simt_reset. O, log_sum_exp and the workspace held poison
     * (oracle.h) and counted as uninitialised. */
    struct attention_tensors tensors;
    const void *workspace;                 /* NULL where the kernel needs none */
    struct simt_counts stages[MAX_LAYERS]; /* in order of the kernel's stages */
    int ended[MAX_LAYERS];                 /* how often the kernel said of a stage that it is over */
    int stage_count;
};

/* HBM that a simulator needs for this problem. */
size_t simt_attention_bytes(const struct cuda_kernel *kernel, const struct attention_problem *problem);

/* q, k and v are the host's, as struct attention_tensors, of the problem's dtype; all NULL: zeros, for those who only
 * count. STATUS_OK, STATUS_WRONG (simt_fault says what), STATUS_NO_MEMORY. Resets the simulator first. */
enum status simt_attend(struct simt *simt, const struct cuda_kernel *kernel, const struct attention_problem *problem,
                        const void *q, const void *k, const void *v, struct simt_attention *result);

/* The same over packed sequences; `how` is simt_kernel_packed, or one that is wrong on purpose. Also what its launch
 * refuses: STATUS_BAD_INPUT (`diags` says why), STATUS_UNSUPPORTED. */
enum status simt_attend_packed(struct simt *simt, const struct cuda_kernel *kernel, const struct cuda_packed *how,
                               const struct attention_problem *problem, const struct packed *packed, const void *q,
                               const void *k, const void *v, struct simt_attention *result, struct diags *diags);

#endif
