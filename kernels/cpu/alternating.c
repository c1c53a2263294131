/* alternating.c - a stack of layers: every n-th global, the others local.
 *
 * Idea: a window is cheap but short-sighted; ModernBERT lets layers 0, 3, 6 ... see every key and all others 64 keys
 * to either side, so that what is far away still arrives, a layer or two later.
 * Data movement: each layer has its own Q, K, V and O; a global layer is flash, a local one sliding.
 * Cost: a third of the layers cost N x N pairs, the rest N x 129: towards a third of the all-global stack as N grows.
 * Each layer is a stage, so that the record shows what global and local layers cost.
 * Source: ModernBERT 2412.13663, section 2.1.3. */
#include <stdio.h>

#include "kernels/cpu/kernels.h"
#include "kernels/cpu/tiled.h"

static const char *unsupported(const struct attention_problem *problem)
{
    if (cpu_unsupported(problem))
        return cpu_unsupported(problem);
    if (problem->mask.global_every == 0)
        return "no layer is global: set global_every (3 in ModernBERT)";
    if (problem->mask.window_left < 0 && problem->mask.window_right < 0)
        return "the local layers have no window (64 keys to either side in ModernBERT)";
    return NULL;
}

static void stages(const struct attention_problem *problem, struct kernel_stages *stages)
{
    *stages = (struct kernel_stages){.count = (int)problem->layers};
    for (int layer = 0; layer < stages->count; layer++) {
        snprintf(stages->items[layer].name, sizeof stages->items[layer].name, "layer %d %s", layer,
                 layer % problem->mask.global_every == 0 ? "global" : "local");
        tiled_stage(problem, layer, &stages->items[layer]);
    }
}

static enum status launch(const struct kernel_launch *launch)
{
    enum status status = STATUS_OK;
    for (int layer = 0; layer < launch->problem->layers && status == STATUS_OK; layer++) {
        status = tiled_run(launch, layer, layer + 1);
        if (launch->clock)
            launch->clock->end(launch->clock, layer);
    }
    return status;
}

const struct kernel kernel_cpu_alternating = {
    .name = "alternating",
    .family = "alternating",
    .backend = "cpu",
    .title = "global and local layers",
    .idea = "a stack of layers, every third one global, the others a window of 64 keys to either side",
    .source = "ModernBERT 2412.13663, section 2.1.3",
    .unsupported = unsupported,
    .workspace = tiled_workspace,
    .stages = stages,
    .launch = launch,
};
