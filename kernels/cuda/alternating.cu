/* alternating.cu - a stack of layers: every n-th global, the others local.
 *
 * Idea: a window is cheap but short-sighted; ModernBERT lets layers 0, 3, 6 ... see every key and all others 64 keys to
 * either side, so that what is far away still arrives, a layer or two later. Each layer is a launch of its own, as in a
 * model, and a stage: a global layer is dense flash, a local one sliding, both on one loop: in float32 that of
 * flash_tiled, in 16 bits that of flash_mma (any_rows.cuh).
 * Data movement, a head and layer, in elements: Q in and O out once; K and V for every 64 queries (128 in 16 bits), N
 * keys each in a global layer, window + 64 (128) in a local one.
 * Cost: 4 d FLOPs a kept pair: a third of the layers N^2, the rest N x 129, towards a third of an all-global stack.
 * Source: ModernBERT 2412.13663, section 2.1.3. */
#include "kernels/cuda/any_rows.cuh"

namespace
{

const char *unsupported(const struct attention_problem *p)
{
    if (p->mask.global_every == 0)
        return "no layer is global: set global_every (3 in ModernBERT)";
    if (p->mask.window_left < 0 && p->mask.window_right < 0)
        return "the local layers have no window (64 keys to either side in ModernBERT)";
    return rows_unsupported(p);
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    *stages = {};
    stages->count = (int)p->layers;
    for (int layer = 0; layer < stages->count; layer++) {
        struct kernel_stage *stage = &stages->items[layer];
        snprintf(stage->name, sizeof stage->name, "layer %d %s", layer,
                 layer % p->mask.global_every == 0 ? "global" : "local");
        range_stage(p, layer, rows_of_block(p), stage);
    }
}

enum status launch(const struct cuda_launch *launch)
{
    enum status status = STATUS_OK;
    for (int layer = 0; layer < launch->problem->layers && status == STATUS_OK; layer++) {
        status = rows_launch(device_problem_of_layer(launch, layer), launch->problem->dtype, launch->stream);
        stage_ends(launch, layer);
    }
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(alternating);
const struct cuda_kernel CUDA_ROW(alternating) = {
    "alternating",
    "alternating",
    "global and local layers, tiled in SRAM",
    "a stack of layers, every third one global, the others a window of 64 keys to either side",
    "ModernBERT 2412.13663, section 2.1.3",
    unsupported,
    no_workspace,
    stages,
    launch,
};
}
