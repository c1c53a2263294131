/* block_sparse.c - flash that walks only over the blocks of keys that a list names.
 *
 * Idea: whoever knows where attention falls (a window, a learned gate, an oracle) says so as a list of blocks for each
 * block of queries; the rest of the square is never touched. Blocks that lie side by side are one run, and up to 256
 * keys of several runs share one pass of the online softmax, so that a scattered list costs little more than a dense
 * one of its length.
 * Data movement: K and V are packed once a head, whatever the list; then each block of queries reads the packed blocks
 * that it lists. Q, O once.
 * Cost: 4 * head_dim FLOPs a kept pair: dense flash's time, times the density.
 * Source: FlashAttention 2205.14135, section 3.3 (block-sparse); the list as FlashInfer 2501.01005, section 3.1. */
#include <stdio.h>

#include "kernels/block_mask.h"
#include "kernels/cpu/kernels.h"
#include "kernels/cpu/tile.h"
#include "kernels/cpu/tiled.h"

static const char *unsupported(const struct attention_problem *problem)
{
    if (problem->dtype != DTYPE_F32)
        return "the CPU kernels compute in float32 only";
    if (!problem->mask.blocks)
        return "there is no block mask: give one, or use flash";
    if (problem->mask.blocks->choice)
        return "a gate chooses these blocks: use learned_sparse";
    if (problem->mask.blocks->block_kv % BLOCK_KEYS)
        return "on the CPU a block must have a multiple of 32 keys";
    return NULL;
}

static void stages(const struct attention_problem *problem, struct kernel_stages *stages)
{
    *stages = (struct kernel_stages){.items = {{.name = "block_sparse"}}, .count = 1};
    for (int64_t layer = 0; layer < problem->layers; layer++)
        tiled_stage(problem, layer, &stages->items[0]);
}

static enum status launch(const struct kernel_launch *launch)
{
    enum status status = tiled_run(launch, 0, launch->problem->layers);
    if (launch->clock)
        launch->clock->end(launch->clock, 0);
    return status;
}

const struct kernel kernel_cpu_block_sparse = {
    .name = "block_sparse",
    .family = "block_sparse",
    .backend = "cpu",
    .title = "block-sparse, tiled in cache",
    .idea = "flash over the listed blocks of keys only: what a selection kept, and nothing else",
    .source = "FlashAttention 2205.14135, section 3.3",
    .unsupported = unsupported,
    .workspace = tiled_workspace,
    .stages = stages,
    .launch = launch,
};
