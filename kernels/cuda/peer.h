/* peer.h - the CUDA kernels for programs that are not ours: libflashdeck_cuda.so, by names and plain numbers.
 *
 * scripts/peers_torch.py calls it by ctypes, so that our kernels run in PyTorch's own process, on its tensors and its
 * stream, in turns with PyTorch's. All pointers but `kernel` and the host's block mask are in the GPU's memory; tensors
 * as struct attention_tensors. Nothing is allocated and nothing waited for. */
#ifndef KERNELS_CUDA_PEER_H
#define KERNELS_CUDA_PEER_H

#include <stdint.h>

struct peer_problem {
    int64_t layers, batch, heads, kv_heads, len_q, len_kv, head_dim;
    int64_t window_left, window_right; /* -1: no limit */
    int32_t causal, dtype;             /* dtype: 0 f32, 1 bf16, 2 f16 */
    float scale;
    int32_t block; /* rows and keys of a block of the block mask; 0: there is none */
    /* The block mask, one for all heads, CSR as in kernels/block_mask.h: on the host, and the same in the GPU's memory.
     */
    const int64_t *host_first, *first;
    const int32_t *host_list, *list;
};

int64_t flashdeck_kernels(void);
const char *flashdeck_kernel(int64_t index);
/* NULL when the kernel does the problem, else why not. */
const char *flashdeck_unsupported(const char *kernel, const struct peer_problem *problem);
int64_t flashdeck_workspace(const char *kernel, const struct peer_problem *problem);
/* 0, or the status that is not; -1: there is no such kernel. */
int32_t flashdeck_launch(const char *kernel, const struct peer_problem *problem, const void *q, const void *k,
                         const void *v, void *o, float *log_sum_exp, void *workspace, void *stream);

#endif
