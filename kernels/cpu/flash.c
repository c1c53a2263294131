/* flash.c - exact attention without ever storing the N x N scores.
 *
 * Idea: a tile of queries meets one tile of keys after another; the softmax is kept up to date on the way (largest
 * logit so far, sum so far, and the old sums rescaled when a larger logit turns up), so that scores live in L1 for
 * a moment and are gone.
 * Data movement: Q, K, V from main memory once, K and V packed once for the register tiles (tile_isa.c), O written
 * once; the scores never leave the core. Naive attention moves the N x N scores four times.
 * Cost: 4 * head_dim FLOPs and one exponential a pair; tiles that the mask hides are never touched. Bytes grow with
 * N, time with the pairs kept.
 * Source: FlashAttention 2205.14135, section 3.1, algorithm 1; FlashAttention-2 2307.08691, section 3.1 (rescale
 * once a tile, divide once at the end). */
#include "kernels/cpu/kernels.h"
#include "kernels/cpu/tiled.h"

static void stages(const struct attention_problem *problem, struct kernel_stages *stages)
{
    tiled_stages(problem, "flash", stages);
}

const struct kernel kernel_cpu_flash = {
    .name = "flash",
    .family = "flash",
    .backend = "cpu",
    .title = "flash, tiled in cache",
    .idea = "tiles of queries and keys, online softmax: nothing of size N x N is stored",
    .source = "FlashAttention 2205.14135, section 3.1",
    .unsupported = cpu_unsupported,
    .workspace = tiled_workspace,
    .stages = stages,
    .launch = tiled_launch,
};
