#include "kernels/simt/attend.h"

#include <string.h>

#include "kernels/oracle.h"
#include "kernels/select/choice.h"

size_t simt_attention_bytes(const struct cuda_kernel *kernel, const struct attention_problem *problem)
{
    size_t elements = 2 * (size_t)attention_q_elements(problem) + 2 * (size_t)attention_kv_elements(problem);
    const struct block_mask *blocks = problem->mask.blocks;
    const struct block_choice *choice = blocks ? blocks->choice : NULL;
    size_t gate = choice ? ((size_t)gate_weights(choice->gate.heads, choice->gate.head_dim) +
                            choice_angles(choice->length, choice->gate.head_dim)) *
                               sizeof(float)
                         : 0;
    size_t mask = blocks ? (size_t)(blocks->count * blocks->rows + 1 + blocks->entries) * sizeof(int64_t) : 0;
    return gate + mask + elements * dtype_size(problem->dtype) + (size_t)attention_rows(problem) * sizeof(float) +
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
    const struct block_choice *choice = mask->choice;
    if (!choice || !first || !list)
        return first && list;
    int64_t weights = gate_weights(choice->gate.heads, choice->gate.head_dim);
    int64_t angles = (int64_t)choice_angles(choice->length, choice->gate.head_dim);
    launch->gate = input(simt, "gate", choice->gate.weights, weights, sizeof(float));
    launch->angles = input(simt, "angles", choice->angles, angles, sizeof(float));
    return launch->gate && launch->angles;
}

/* Forgets what was, and takes the tensors. */
static enum status take_tensors(struct simt *simt, const struct attention_problem *problem, const void *q,
                                const void *k, const void *v, struct simt_attention *result)
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
    return t->q && t->k && t->v && t->o && t->log_sum_exp ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status simt_attend(struct simt *simt, const struct cuda_kernel *kernel, const struct attention_problem *problem,
                        const void *q, const void *k, const void *v, struct simt_attention *result)
{
    if (take_tensors(simt, problem, q, k, v, result) != STATUS_OK)
        return STATUS_NO_MEMORY;
    size_t scratch = kernel->workspace(problem);
    void *workspace = scratch ? output(simt, "workspace", scratch / sizeof(float), sizeof(float)) : NULL;
    if (scratch && !workspace)
        return STATUS_NO_MEMORY;
    result->workspace = workspace;
    struct counting_clock clock = {{stage_ended}, simt, result};
    struct cuda_launch launch = {
        .problem = problem, .tensors = &result->tensors, .workspace = workspace, .stream = simt, .clock = &clock.clock};
    if (problem->mask.blocks && !upload_blocks(simt, problem->mask.blocks, &launch))
        return STATUS_NO_MEMORY;
    enum status status = kernel->launch(&launch);
    if (problem->mask.blocks && problem->mask.blocks->choice) /* the mask is as the kernel chose, from here on */
        memcpy((void *)(uintptr_t)problem->mask.blocks->block, launch.block_list,
               (size_t)problem->mask.blocks->entries * sizeof *launch.block_list);
    return status;
}

enum status simt_attend_packed(struct simt *simt, const struct cuda_kernel *kernel, const struct cuda_packed *how,
                               const struct attention_problem *problem, const struct packed *packed, const void *q,
                               const void *k, const void *v, struct simt_attention *result, struct diags *diags)
{
    if (take_tensors(simt, problem, q, k, v, result) != STATUS_OK)
        return STATUS_NO_MEMORY;
    int64_t *starts = input(simt, "starts", packed->starts, packed->count + 1, sizeof *starts);
    if (!starts)
        return STATUS_NO_MEMORY;
    struct counting_clock clock = {{stage_ended}, simt, result};
    struct cuda_packed_launch launch = {
        {.problem = problem, .tensors = &result->tensors, .stream = simt, .clock = &clock.clock}, packed, starts};
    return how->launch(kernel, &launch, diags);
}
