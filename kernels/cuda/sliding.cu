/* sliding.cu - a local window: each query sees only its neighbours.
 *
 * Idea: with a window the mask keeps a band of the square, N x w pairs instead of N x N. The loop is flash_tiled's
 * (flash.cuh): a block walks from the first key that any of its 64 queries sees to the last, so keys outside the band
 * are never loaded, and only the band's two edges compute pairs that are thrown away.
 * Data movement, a head, in elements: Q in and O out once; K and V, for every 64 queries, window + 64 keys each.
 * Cost: 4 d FLOPs a kept pair: time grows with N, not with its square.
 * Source: Longformer 2004.05150, section 3.1; the window's ends as FlashAttention's (left, right). */
#include "kernels/cuda/flash_rows.cuh"

namespace
{

const char *unsupported(const struct attention_problem *p)
{
    if (p->mask.window_left < 0 && p->mask.window_right < 0)
        return "there is no window: give one, or use flash_tiled";
    if (p->mask.global_every > 0)
        return "some layers are global: use alternating";
    return flash_unsupported(p);
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    flash_stages(p, "sliding", stages);
}

enum status launch(const struct cuda_launch *launch)
{
    enum status status = flash_launch(launch, 0, launch->problem->layers);
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
