/* flash_tiled.cu - exact attention that never stores the N x N scores. The one to read first; its loop is flash.cuh.
 *
 * Idea: 64 queries stay in SRAM while tiles of 32 keys pass by. The softmax is kept up to date on the way: the largest
 * logit so far, the sum so far, and the output so far, which shrinks when a larger logit turns up. Scores live in
 * registers and SRAM for a moment and are gone: one launch in place of naive's three, and no matrix in HBM.
 * Data movement, a head, in elements: Q in and O out once, N d each; K and V once for every 64 queries, 2 d N^2 / 64
 * without a mask; tiles that the mask hides from all 64 queries are never touched.
 * Cost: 4 d FLOPs a pair, plain float32 arithmetic, no tensor cores.
 * Source: FlashAttention 2205.14135, section 3.1, algorithm 1; FlashAttention-2 2307.08691, section 3.1 (a block owns
 * queries, walks over keys, and divides once at the end). */
#include "kernels/cuda/flash_rows.cuh"

namespace
{

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    one_stage(p, "flash_tiled", BLOCK_Q, stages);
}

enum status launch(const struct cuda_launch *launch)
{
    enum status status = flash_rows_launch(device_problem_of(launch), launch->stream);
    stage_ends(launch, 0);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(flash_tiled);
const struct cuda_kernel CUDA_ROW(flash_tiled) = {
    "flash_tiled",
    "flash",
    "flash, tiled in SRAM",
    "tiles of queries and keys in SRAM, online softmax: nothing of size N x N is stored",
    "FlashAttention 2205.14135, section 3.1",
    flash_rows_unsupported,
    no_workspace,
    stages,
    launch,
};
}
