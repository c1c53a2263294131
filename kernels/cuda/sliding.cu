/* sliding.cu - a local window: each query sees only its neighbours.
 *
 * Idea: with a window the mask keeps a band of the square, N x w pairs instead of N x N. The loop is flash_tiled's
 * in float32 and flash_mma's in 16 bits (any_rows.cuh): a block walks from the first key that any of its queries sees
 * to the last, so keys outside the band are never loaded, and only the band's two edges compute pairs that are thrown
 * away. Data movement, a head, in elements: Q in and O out once; K and V, for every 64 queries (128 in 16 bits), window
 * + 64 (128) keys each. Cost: 4 d FLOPs a kept pair: time grows with N, not with its square. Source: Longformer
 * 2004.05150, section 3.1; the window's ends as FlashAttention's (left, right). */
#include "kernels/cuda/any_rows.cuh"

namespace
{

const char *unsupported(const struct attention_problem *p)
{
    if (p->mask.window_left < 0 && p->mask.window_right < 0)
        return "there is no window: give one, or use flash_tiled";
    if (p->mask.global_every > 0)
        return "some layers are global: use alternating";
    return rows_unsupported(p);
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    one_stage(p, "sliding", rows_of_block(p), stages);
}

enum status launch(const struct cuda_launch *launch)
{
    enum status status = rows_launch(device_problem_of(launch), launch->problem->dtype, launch->stream);
    stage_ends(launch, 0);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(sliding);
const struct cuda_kernel CUDA_ROW(sliding) = {
    "sliding",
    "sliding",
    "sliding window, tiled in SRAM",
    "only the keys inside the window are loaded: cost grows with N times the window",
    "Longformer 2004.05150, section 3.1",
    unsupported,
    no_workspace,
    stages,
    launch,
};
}
