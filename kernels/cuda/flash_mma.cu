/* flash_mma.cu - exact attention on tensor cores: flash_tiled's idea, with every step of the way made fast. Its loop is
 * mma.cuh.
 *
 * Idea: the products are mma.sync m16n8k16 in bf16 or f16 with float32 sums; scores, weights and outputs never leave
 * the registers. The ladder, all of it climbed here: 16-byte cp.async; swizzled tiles, no bank met twice; ldmatrix.x4
 * for Q, K and V; the next K and this V on their way under the products; Q in registers (where head_dim leaves room);
 * exp2 with the scale folded in; rescaling only when it is needed; only tiles on an edge of the mask compare; a warp
 * skips tiles that its own rows do not see; O in 16-byte stores. Data movement, a head, in elements: Q in and O out
 * once, N d each; K and V once for every 128 queries, 2 d N^2 / 128 without a mask; tiles that the mask hides from all
 * 128 queries are never touched. Heads run in groups whose K and V fit into L2 together, of each the longest blocks
 * first: under a causal mask the short ones fill the last wave. Cost: 4 d FLOPs a pair in tiles of 128 x 64, on tensor
 * cores; one exp2 a pair beside them. Source: FlashAttention-2 2307.08691, section 3; the order of blocks as
 * FlashAttention-3's longest-first scheduler. */
#include "kernels/cuda/mma_rows.cuh"

namespace
{

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    one_stage(p, "flash_mma", MMA_ROWS, stages);
}

enum status launch(const struct cuda_launch *launch)
{
    enum status status = mma_rows_launch(device_problem_of(launch), launch->problem->dtype, launch->stream);
    stage_ends(launch, 0);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(flash_mma);
const struct cuda_kernel CUDA_ROW(flash_mma) = {
    "flash_mma",
    "flash",
    "flash, on tensor cores",
    "16-bit products on tensor cores, all of the softmax in registers, the next tile on its way",
    "FlashAttention-2 2307.08691, section 3",
    mma_rows_unsupported,
    no_workspace,
    stages,
    launch,
};
}
