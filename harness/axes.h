/* axes.h - what to measure, as axes: nvbench's syntax, one product of all values.
 *
 *   N=1024,4096   N=2^13   N=2^[9:13]   N=[256:1024:256]   N[pow2]=[9:13]   kernel=flash,naive   mask=full,causal_w255
 * Axes: kernel (a kernel's name, or that of its family for all of it), mask (labels as attention_mask_label writes
 * them, block masks by rule among them: kernels/block_rule.h), dtype (f32, bf16, f16), N (len_q = len_kv), Nq, Nkv, d,
 * heads, kv_heads, batch, layers, threads. An axis that is not given has one value, its default. */
#ifndef HARNESS_AXES_H
#define HARNESS_AXES_H

#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"
#include "kernels/attention.h"

enum axis {
    AXIS_KERNEL,
    AXIS_MASK,
    AXIS_DTYPE,
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
    char words[AXIS_VALUES][32]; /* kernel, mask and dtype */
};

struct axes {
    struct axis_values axis[AXES];
};

/* Adds one "NAME=VALUES" (replaces an earlier one of that name). `file` and `line` for messages, may be NULL, 0. */
enum status axes_parse(struct axes *axes, const char *text, const char *file, int line, struct diags *diags);

/* "bf16" as a type; false when it is none. */
bool axes_dtype(const char *word, enum dtype *dtype);

#endif
