/* block_sparse.c - flash that walks only over the blocks of keys that a list names.
 *
 * Idea: whoever knows where attention falls (a window, a learned gate, an oracle) says so as a list of blocks for each
 * block of queries; the rest of the square is never touched. Blocks that lie side by side are one run, and up to 256
 * keys of several runs share one pass of the online softmax, so that a scattered list costs little more than a dense
 * one of its length.
 * Data movement: K and V are packed once a head, whatever the list; then each block of queries reads the packed blocks
 * that it lists. Q, O once.
 * Cost: 4 * head_dim FLOPs a kept pair: dense flash's time, times the density; and what no list makes smaller, packing
 * and passing over Q and O, which at N 8192 and head_dim 64 is 1 % of dense time (3 % of it under a causal mask). So a
 * tenth of the blocks takes more than a tenth of the time: `flashdeck reproduce block-sparse` measures how much.
 * Of a causal tenth's time that was, by profile: packing 9 %, Q and O 9 % (3 % since they are asked for a few rows at a
 * time while products are computed; some of it turned up there, so that the whole gained 2 to 3 %), the hidden halves
 * of diagonal blocks 3 %, and keys from the shared cache for 64 queries rather than flash's 96.
 * Tried: 64 queries in strips of 12 computed 72, which cost an eighth until the last strip was made narrower (-10 %);
 * asking ahead for the next blocks of packed keys made it slower (+4 to +10 %), for packed lines before they are
 * written did nothing with two threads; V read in place instead of packed was no faster at a tenth of the blocks and
 * slower by 5 % at half of them.
 * Source: FlashAttention 2205.14135, section 3.3 (block-sparse); the list as FlashInfer 2501.01005, section 3.1. */
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
    tiled_stages(problem, "block_sparse", stages);
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
    .launch = tiled_launch,
};
