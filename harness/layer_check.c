#include "harness/layer_check.h"

#include <stdlib.h>
#include <string.h>

#include "harness/memory.h"
#include "kernels/block_rule.h"

enum { SIDE = 64, CAUSAL_WINDOW = 127, GLOBAL_EVERY = 3 };
static const struct block_rule usual_blocks = {BLOCKS_A_SHAPE, {1, 4}, 64};

static void give_window(struct attention_mask *mask)
{
    mask->window_left = mask->causal ? CAUSAL_WINDOW : SIDE;
    mask->window_right = mask->causal ? -1 : SIDE;
}

/* The problem under the first mask that the kernel can do; *blocks is the caller's to free. */
static enum status choose(const struct layer_input *input, const struct kernel *kernel,
                          struct attention_problem *problem, struct block_mask **blocks, const char **reason,
                          struct diags *diags)
{
    *problem = input->problem;
    *blocks = NULL;
    *reason = kernel->unsupported(problem);
    if (!*reason)
        return STATUS_OK;
    const char *first = *reason;
    give_window(&problem->mask);
    for (int every = 0; every <= GLOBAL_EVERY; every += GLOBAL_EVERY) {
        problem->mask.global_every = every;
        *reason = kernel->unsupported(problem);
        if (!*reason)
            return STATUS_OK;
    }
    *problem = input->problem;
    enum status status = block_rule_build(&usual_blocks, problem, blocks, diags);
    problem->mask.blocks = *blocks;
    if (status == STATUS_OK && kernel->unsupported(problem))
        *reason = first;
    else
        *reason = NULL;
    return status;
}

static enum status run(const struct layer_input *input, const struct attention_problem *problem,
                       const struct kernel *kernel, int64_t rows, int threads, const struct clock_source *clock,
                       struct layer_verdict *verdict)
{
    size_t o_bytes = (size_t)attention_q_elements(problem) * sizeof(float);
    size_t lse_bytes = (size_t)attention_rows(problem) * sizeof(float),
           scratch = kernel_workspace(kernel, problem, threads);
    double needed = (double)o_bytes + (double)lse_bytes + (double)scratch, there = (double)memory_available();
    if (there > 0 && needed > 0.9 * there) {
        verdict->reason = "it does not fit in memory";
        return STATUS_OK;
    }
    float *o = memory_take(o_bytes), *log_sum_exp = memory_take(lse_bytes);
    void *workspace = memory_take(scratch);
    enum status status = STATUS_NO_MEMORY;
    if (o && log_sum_exp && workspace) {
        struct attention_tensors tensors = {input->q, input->k, input->v, o, log_sum_exp};
        struct kernel_launch launch = {problem, &tensors, workspace, threads, NULL};
        oracle_poison(o, o_bytes);
        oracle_poison(log_sum_exp, lse_bytes);
        double start = clock->wall(clock->context);
        status = kernel->launch(&launch);
        verdict->seconds = clock->wall(clock->context) - start;
        if (status == STATUS_OK)
            status = oracle_judge(problem, &tensors, rows, 1, threads, &verdict->verdict);
    }
    free(o);
    free(log_sum_exp);
    free(workspace);
    return status;
}

enum status layer_check(const struct layer_input *input, const struct kernel *kernel, int64_t rows, int threads,
                        const struct clock_source *clock, struct layer_verdict *verdict, struct diags *diags)
{
    struct attention_problem problem;
    struct block_mask *blocks;
    *verdict = (struct layer_verdict){.kernel = kernel};
    enum status status = choose(input, kernel, &problem, &blocks, &verdict->reason, diags);
    if (status == STATUS_OK) {
        attention_mask_label(&problem.mask, verdict->mask, sizeof verdict->mask);
        if (!verdict->reason)
            status = run(input, &problem, kernel, rows, threads, clock, verdict);
    }
    block_mask_free(blocks);
    return status;
}
