#include "harness/layer_check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/memory.h"
#include "kernels/block_rule.h"
#include "kernels/select/choice.h"

enum { SIDE = 64, CAUSAL_WINDOW = 127, GLOBAL_EVERY = 3 };

/* What kernels that cannot do the layer's own mask are offered, in turn. */
static const struct offer {
    int32_t global_every;
    bool window, blocks;
    struct block_rule rule;
} offers[] = {
    {0, false, false, {0}},
    {0, true, false, {0}},
    {GLOBAL_EVERY, true, false, {0}},
    {0, false, true, {BLOCKS_A_SHAPE, {1, 4}, 64}},
    {0, false, true, {BLOCKS_GATE, {10, 0}, 64}},
};
enum { OFFERS = sizeof offers / sizeof offers[0] };

/* The problem under an offer's mask; its blocks are the caller's to free. */
static enum status under(const struct layer_input *input, const struct offer *offer, struct attention_problem *problem,
                         struct diags *diags)
{
    struct block_mask *blocks = NULL;
    *problem = input->problem;
    problem->mask.global_every = offer->global_every;
    if (offer->window) {
        problem->mask.window_left = problem->mask.causal ? CAUSAL_WINDOW : SIDE;
        problem->mask.window_right = problem->mask.causal ? -1 : SIDE;
    }
    enum status status = offer->blocks ? block_rule_build(&offer->rule, problem, &blocks, diags) : STATUS_OK;
    problem->mask.blocks = blocks;
    return status;
}

/* The first offer that the kernel can do; else *reason is why it cannot do the last. */
static enum status choose(const struct layer_input *input, const struct kernel *kernel,
                          struct attention_problem *problem, const char **reason, struct diags *diags)
{
    for (int n = 0; n < OFFERS; n++) {
        struct diags ignored = {0};
        enum status status = under(input, &offers[n], problem, n == OFFERS - 1 ? &ignored : diags);
        diags_free(&ignored);
        /* Where no gate can choose there is no mask of it either. */
        if (status != STATUS_OK && !(status == STATUS_BAD_INPUT && offers[n].rule.kind == BLOCKS_GATE))
            return status;
        *reason = status == STATUS_OK ? kernel->unsupported(problem) : choice_unsupported(problem);
        if (!*reason)
            return STATUS_OK;
        block_mask_free((struct block_mask *)(uintptr_t)problem->mask.blocks);
        problem->mask.blocks = NULL;
    }
    return STATUS_OK;
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
    *verdict = (struct layer_verdict){.kernel = kernel};
    enum status status = choose(input, kernel, &problem, &verdict->reason, diags);
    if (status == STATUS_OK) {
        attention_mask_label(&problem.mask, verdict->mask, sizeof verdict->mask);
        if (!verdict->reason)
            status = run(input, &problem, kernel, rows, threads, clock, verdict);
    }
    block_mask_free((struct block_mask *)(uintptr_t)problem.mask.blocks);
    return status;
}
