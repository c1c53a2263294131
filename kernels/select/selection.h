/* selection.h - a block mask from Q and K themselves: pool, score, keep. What learned sparse attention does before it
 * attends; kernels/block_mask.h is what it hands on. */
#ifndef KERNELS_SELECT_SELECTION_H
#define KERNELS_SELECT_SELECTION_H

#include "kernels/kernel.h"
#include "kernels/select/select.h"

struct selection {
    enum selector selector;
    double density;          /* of the blocks that a row may see, 0 < density <= 1 */
    const struct gate *gate; /* SELECT_GATE: query head h uses the gate's head h % gate->heads */
    struct angles angles;    /* of every position, as the model turned Q and K */
    const float *mass;       /* SELECT_MASS: [heads of all sequences, blocks, blocks] */
    uint64_t seed;           /* SELECT_RANDOM */
};

/* NULL, or why there is no selection for this problem: one layer, as many queries as keys, float32, no windows, no
 * block mask, a gate of the same head_dim. */
const char *selection_unsupported(const struct attention_problem *problem, const struct selection *selection);

/* A mask of its size: its rows' places are final, its blocks an example that keeps as many pairs where causal; which
 * blocks is selection_fill's. It depends on lengths and density alone. NULL when memory lacks; block_mask_free. */
struct block_mask *selection_mask(const struct attention_problem *problem, double density);

/* Bytes of scratch for selection_fill. */
size_t selection_workspace(const struct attention_problem *problem, int threads);

/* Fills the mask's blocks, head by head on `threads` threads. The clock (may be NULL) hears the stages' ends. No
 * allocation. */
enum selection_stage { STAGE_POOL, STAGE_SCORE, STAGE_KEEP, SELECTION_STAGES };
void selection_fill(const struct attention_problem *problem, const struct attention_tensors *tensors,
                    const struct selection *selection, void *workspace, int threads, struct stage_clock *clock,
                    struct block_mask *mask);

#endif
