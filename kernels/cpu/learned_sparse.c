/* learned_sparse.c - attention that looks for its own keys: a learned gate scores blocks, the best are attended to.
 *
 * Idea: pool Q and K to a few vectors a block of 64 tokens, let the gate score every pair of blocks (select/gate.h),
 * keep the best of each row, and run block_sparse over these alone. What is pooled grows with N, what is scored with
 * (N / 64)^2, what is attended to with N^2 times the density.
 * Data movement: Q and K read once more than flash reads them; pools and scores stay in cache up to long sequences.
 * Cost: the gate's (gate.h), and density times dense flash's. Each stage is timed, so that all of choosing counts.
 * Source: SeerAttention 2410.13276, section 3; Quest 2406.10774, section 3.2 (the bound). */
#include <stdint.h>

#include "kernels/cpu/kernels.h"
#include "kernels/cpu/tiled.h"
#include "kernels/select/choice.h"

enum { STAGE_ATTEND = SELECTION_STAGES };

static const char *unsupported(const struct attention_problem *problem)
{
    if (problem->dtype != DTYPE_F32)
        return "the CPU kernels compute in float32 only";
    if (!problem->mask.blocks || !problem->mask.blocks->choice)
        return "there is nothing to choose: give a mask of the kind causal_g10_b64";
    return choice_unsupported(problem);
}

/* Up to a cache line, so that what comes behind is aligned as launches promise. */
static size_t selecting(const struct attention_problem *problem, int threads)
{
    return (selection_workspace(problem, threads) + 63) / 64 * 64;
}

static size_t workspace(const struct attention_problem *problem, int threads)
{
    return selecting(problem, threads) + tiled_workspace(problem, threads);
}

static void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    double heads = (double)(p->batch * p->heads), n = (double)p->len_kv, d = (double)p->head_dim, f = GATE_FEATURES;
    double blocks = (double)select_blocks(p->len_kv),
           pairs = p->mask.causal ? blocks * (blocks + 1) / 2 : blocks * blocks;
    double pools = 4.0 * (double)pooled_floats(p->len_kv, p->head_dim), entries = (double)p->mask.blocks->entries;
    *stages = (struct kernel_stages){
        .items = {{"pool", heads * 6 * n * d, heads * 8 * n * d, heads * pools},
                  {"score", heads * (8 * blocks * d * f + pairs * (2 * f + 8 * d)), heads * pools, heads * 4 * pairs},
                  {"keep", 0, heads * 4 * pairs, 4 * entries},
                  {.name = "attend"}},
        .count = STAGE_ATTEND + 1};
    tiled_stage(p, 0, &stages->items[STAGE_ATTEND]);
}

static enum status launch(const struct kernel_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    /* The one who launches owns the mask, and has it chosen here. */
    struct block_mask *mask = (struct block_mask *)(uintptr_t)p->mask.blocks;
    const struct block_choice *choice = mask->choice;
    const struct selection selection = {.selector = SELECT_GATE,
                                        .density = choice->density,
                                        .gate = &choice->gate,
                                        .angles = {choice->angles, choice->angles + p->len_kv * p->head_dim / 2}};
    struct kernel_launch attend = *launch;
    selection_fill(p, launch->tensors, &selection, launch->workspace, launch->threads, launch->clock, mask);
    attend.workspace = (char *)launch->workspace + selecting(p, launch->threads);
    enum status status = tiled_run(&attend, 0, 1);
    if (launch->clock)
        launch->clock->end(launch->clock, STAGE_ATTEND);
    return status;
}

const struct kernel kernel_cpu_learned_sparse = {
    .name = "learned_sparse",
    .family = "learned_sparse",
    .backend = "cpu",
    .title = "learned sparse",
    .idea = "a learned gate chooses the blocks of keys that are worth a look, and only those are attended to",
    .source = "SeerAttention 2410.13276, section 3",
    .unsupported = unsupported,
    .workspace = workspace,
    .stages = stages,
    .launch = launch,
};
