/* layer_check.h - every kernel of the processor on a real layer, held against float64. */
#ifndef HARNESS_LAYER_CHECK_H
#define HARNESS_LAYER_CHECK_H

#include "harness/clock.h"
#include "harness/layer_input.h"
#include "kernels/kernel.h"
#include "kernels/oracle.h"

struct layer_verdict {
    const struct kernel *kernel;
    char mask[64];      /* its label */
    const char *reason; /* why it was not run, or NULL */
    struct verdict verdict;
    double seconds; /* of the one run that was judged */
};

/* What a kernel is given: the layer's own mask where the kernel can do it; a window of 64 keys to either side (causal:
 * 127 before) for what needs one, every third layer global, an A-shape of blocks of 64, a tenth of the blocks by a gate
 * as training starts from it. Fills *verdict. STATUS_OK, also when the kernel was wrong or not run; STATUS_NO_MEMORY.
 */
enum status layer_check(const struct layer_input *input, const struct kernel *kernel, int64_t rows, int threads,
                        const struct clock_source *clock, struct layer_verdict *verdict, struct diags *diags);

#endif
