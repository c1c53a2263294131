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
#include <cstdio>

#include "kernels/cuda/flash.cuh"

namespace
{

template <int D> __global__ void __launch_bounds__(FLASH_THREADS) flash_tiled(device_problem p)
{
    flash_block<D>(p);
}

const char *unsupported(const struct attention_problem *p)
{
    return plain_unsupported(p, flash_blocks(p));
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    flash_stages(p, "flash_tiled", stages);
}

enum status launch(const struct cuda_launch *launch)
{
    struct device_problem problem = device_problem_of(launch);
    dim3 blocks((unsigned)flash_blocks(launch->problem));
    enum status status;
    if (problem.head_dim <= 32)
        status = LAUNCH(flash_tiled<32>, blocks, FLASH_THREADS, flash_sram(32), launch->stream, problem);
    else if (problem.head_dim <= 64)
        status = LAUNCH(flash_tiled<64>, blocks, FLASH_THREADS, flash_sram(64), launch->stream, problem);
    else if (problem.head_dim <= 128)
        status = LAUNCH(flash_tiled<128>, blocks, FLASH_THREADS, flash_sram(128), launch->stream, problem);
    else
        status = LAUNCH(flash_tiled<256>, blocks, FLASH_THREADS, flash_sram(256), launch->stream, problem);
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
    unsupported,
    no_workspace,
    stages,
    launch,
};
}
