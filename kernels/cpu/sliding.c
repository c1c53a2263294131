/* sliding.c - a local window: each query sees only its neighbours.
 *
 * Idea: with a window the mask keeps a band of the square, N x w pairs instead of N x N. The kernel walks only the
 * keys that a strip of queries can see, in groups as narrow as the register tile, so that little is computed and
 * thrown away at the band's two edges.
 * Data movement: Q, K, V in and O out once. Some hundred queries share a stretch of packed keys that stays in their
 * core's cache (tiled.c), so that scratch memory does not grow with N; a strip of queries reads about window + strip
 * keys of it.
 * Cost: 4 * head_dim FLOPs a pair of the band: time grows with N, not with its square.
 * Source: Longformer 2004.05150, section 3.1; the window's ends as FlashAttention's (left, right). */
#include "kernels/cpu/kernels.h"
#include "kernels/cpu/tiled.h"

static const char *unsupported(const struct attention_problem *problem)
{
    if (cpu_unsupported(problem))
        return cpu_unsupported(problem);
    if (problem->mask.window_left < 0 && problem->mask.window_right < 0)
        return "there is no window: give one, or use flash";
    if (problem->mask.global_every > 0)
        return "some layers are global: use alternating";
    return NULL;
}

static void stages(const struct attention_problem *problem, struct kernel_stages *stages)
{
    tiled_stages(problem, "sliding", stages);
}

const struct kernel kernel_cpu_sliding = {
    .name = "sliding",
    .family = "sliding",
    .backend = "cpu",
    .title = "sliding window",
    .idea = "only the keys of a local window: time grows with N, not N x N",
    .source = "Longformer 2004.05150, section 3.1",
    .unsupported = unsupported,
    .workspace = tiled_workspace,
    .stages = stages,
    .launch = tiled_launch,
};
