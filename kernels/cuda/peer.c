#include "kernels/cuda/peer.h"

#include <cuda_runtime_api.h>
#include <string.h>

#include "kernels/block_mask.h"
#include "kernels/cuda/cuda_kernel.h"

/* A problem whose mask lies beside it. */
struct given {
    struct attention_problem problem;
    struct block_mask blocks;
};

static const struct cuda_kernel *find(const char *name)
{
    for (size_t i = 0; i < cuda_kernel_count; i++)
        if (strcmp(cuda_kernels[i]->name, name) == 0)
            return cuda_kernels[i];
    return NULL;
}

static void take(const struct peer_problem *from, struct given *to)
{
    *to = (struct given){
        .problem = {
            .layers = from->layers,
            .batch = from->batch,
            .heads = from->heads,
            .kv_heads = from->kv_heads,
            .len_q = from->len_q,
            .len_kv = from->len_kv,
            .head_dim = from->head_dim,
            .dtype = (enum dtype)from->dtype,
            .mask = {.causal = from->causal != 0, .window_left = from->window_left, .window_right = from->window_right},
            .scale = from->scale}};
    if (from->block <= 0)
        return;
    to->blocks = (struct block_mask){.block_q = from->block,
                                     .block_kv = from->block,
                                     .count = 1,
                                     .rows = (from->len_q + from->block - 1) / from->block,
                                     .columns = (from->len_kv + from->block - 1) / from->block,
                                     .first = from->host_first,
                                     .block = from->host_list};
    to->blocks.entries = from->host_first[to->blocks.rows];
    to->problem.mask.blocks = &to->blocks;
}

int64_t flashdeck_kernels(void)
{
    return (int64_t)cuda_kernel_count;
}

const char *flashdeck_kernel(int64_t index)
{
    return index >= 0 && (size_t)index < cuda_kernel_count ? cuda_kernels[index]->name : NULL;
}

const char *flashdeck_unsupported(const char *kernel, const struct peer_problem *problem)
{
    const struct cuda_kernel *row = find(kernel);
    struct given given;
    struct diags diags = {0};
    take(problem, &given);
    enum status status = attention_check(&given.problem, &diags);
    diags_free(&diags);
    if (!row || status != STATUS_OK)
        return row ? "this is no valid problem" : "there is no such kernel";
    return row->unsupported(&given.problem);
}

int64_t flashdeck_workspace(const char *kernel, const struct peer_problem *problem)
{
    const struct cuda_kernel *row = find(kernel);
    struct given given;
    take(problem, &given);
    return row ? (int64_t)row->workspace(&given.problem) : 0;
}

int32_t flashdeck_launch(const char *kernel, const struct peer_problem *problem, const void *q, const void *k,
                         const void *v, void *o, float *log_sum_exp, void *workspace, void *stream)
{
    const struct cuda_kernel *row = find(kernel);
    struct given given;
    struct attention_tensors tensors = {q, k, v, o, log_sum_exp};
    take(problem, &given);
    struct cuda_launch launch = {.problem = &given.problem,
                                 .tensors = &tensors,
                                 .block_first = problem->first,
                                 .block_list = (int32_t *)(uintptr_t)problem->list, /* only read: none chooses */
                                 .workspace = workspace,
                                 .stream = stream};
    cudaGetLastError(); /* what others left behind is not ours */
    return row ? (int32_t)row->launch(&launch) : -1;
}
