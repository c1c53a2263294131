#include "kernels/simt/attend.h"

#include <string.h>

#include "kernels/block_mask.h"
#include "kernels/oracle.h"

size_t simt_attention_bytes(const struct cuda_kernel *kernel, const struct attention_problem *problem)
{
    size_t elements = 2 * (size_t)attention_q_elements(problem) + 2 * (size_t)attention_kv_elements(problem);
    const struct block_mask *blocks = problem->mask.blocks;
    size_t mask = blocks ? (size_t)(blocks->count * blocks->rows + 1 + blocks->entries) * sizeof(int64_t) : 0;
    return mask + elements * dtype_size(problem->dtype) + (size_t)attention_rows(problem) * sizeof(float) +
           kernel->workspace(problem) + (64 << 10);
}

/* Told when a stage is over: what was counted since the last one is its own. */
struct counting_clock {
    struct stage_clock clock;
    struct simt *simt;
    struct simt_attention *result;
};

static void stage_ended(struct stage_clock *clock, int stage)
{
    struct counting_clock *counting = (struct counting_clock *)clock;
    struct simt_attention *result = counting->result;
    const struct simt_counts *now = simt_counts(counting->simt);
    struct simt_counts *of = &result->stages[stage];
    result->ended[stage]++;
    of->hbm_read += now->hbm_read;
    of->hbm_written += now->hbm_written;
    of->sram_read += now->sram_read;
    of->sram_written += now->sram_written;
    of->launches += now->launches;
    of->blocks += now->blocks;
    of->barriers += now->barriers;
    of->exchanges += now->exchanges;
    of->async_bytes += now->async_bytes;
    of->products += now->products;
    of->sram_block = now->sram_block > of->sram_block ? now->sram_block : of->sram_block;
    of->sram_spare = now->sram_spare > of->sram_spare ? now->sram_spare : of->sram_spare;
    if (stage >= result->stage_count)
        result->stage_count = stage + 1;
    simt_clear_counts(counting->simt);
}

static void *input(struct simt *simt, const char *name, const void *from, int64_t count, size_t element)
{
    void *tensor = simt_alloc(simt, name, element, (size_t)count);
    if (tensor && from)
        simt_upload(simt, tensor, from, (size_t)count * element);
    else if (tensor)
        simt_assume_initialised(simt, tensor);
    return tensor;
}

static void *output(struct simt *simt, const char *name, size_t count, size_t element)
{
    void *tensor = simt_alloc(simt, name, element, count);
    if (tensor)
        oracle_poison(tensor, count * element);
    return tensor;
}

static bool upload_blocks(struct simt *simt, const struct block_mask *mask, struct cuda_launch *launch)
{
    int64_t *first = input(simt, "block_first", mask->first, mask->count * mask->rows + 1, sizeof *first);
    int32_t *list = input(simt, "block_list", mask->block, mask->entries, sizeof *list);
    launch->block_first = first;
    launch->block_list = list;
    return first && list;
}

enum status simt_attend(struct simt *simt, const struct cuda_kernel *kernel, const struct attention_problem *problem,
                        const void *q, const void *k, const void *v, struct simt_attention *result)
{
    *result = (struct simt_attention){.stage_count = 0};
    simt_reset(simt);
    simt_clear_fault(simt);
    simt_clear_counts(simt);
    struct attention_tensors *t = &result->tensors;
    size_t element = dtype_size(problem->dtype);
    t->q = input(simt, "q", q, attention_q_elements(problem), element);
    t->k = input(simt, "k", k, attention_kv_elements(problem), element);
    t->v = input(simt, "v", v, attention_kv_elements(problem), element);
    t->o = output(simt, "o", (size_t)attention_q_elements(problem), element);
    t->log_sum_exp = output(simt, "log_sum_exp", (size_t)attention_rows(problem), sizeof(float));
    size_t scratch = kernel->workspace(problem);
    void *workspace = scratch ? output(simt, "workspace", scratch / sizeof(float), sizeof(float)) : NULL;
    if (!t->q || !t->k || !t->v || !t->o || !t->log_sum_exp || (scratch && !workspace))
        return STATUS_NO_MEMORY;
    struct counting_clock clock = {{stage_ended}, simt, result};
    struct cuda_launch launch = {
        .problem = problem, .tensors = t, .workspace = workspace, .stream = simt, .clock = &clock.clock};
    if (problem->mask.blocks && !upload_blocks(simt, problem->mask.blocks, &launch))
        return STATUS_NO_MEMORY;
    return kernel->launch(&launch);
}
