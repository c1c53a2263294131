/* axes.h - what to measure, as axes: nvbench's syntax, one product of all values.
 *
 *   N=1024,4096   N=2^13   N=2^[9:13]   N=[256:1024:256]   N[pow2]=[9:13]   kernel=flash,naive   mask=full,causal_w255
 * Axes: kernel, mask (labels as attention_mask_label writes them), N (len_q = len_kv), Nq, Nkv, d, heads, kv_heads,
 * batch, layers, threads. An axis that is not given has one value, its default. */
#ifndef HARNESS_AXES_H
#define HARNESS_AXES_H

#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"

enum axis {
    AXIS_KERNEL,
    AXIS_MASK,
    AXIS_N,
    AXIS_NQ,
    AXIS_NKV,
    AXIS_D,
    AXIS_HEADS,
    AXIS_KV_HEADS,
    AXIS_BATCH,
    AXIS_LAYERS,
    AXIS_THREADS,
    AXES
};

enum { AXIS_VALUES = 64 };

struct axis_values {
    int count; /* 0: not given */
    int64_t numbers[AXIS_VALUES];
    char words[AXIS_VALUES][32]; /* kernel and mask */
};

struct axes {
    struct axis_values axis[AXES];
};

/* Adds one "NAME=VALUES" (replaces an earlier one of that name). `file` and `line` for messages, may be NULL, 0. */
enum status axes_parse(struct axes *axes, const char *text, const char *file, int line, struct diags *diags);

#endif
