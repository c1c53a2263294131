/* tiled.h - what the tiled kernels share above the inner loops: packing, work items, threads, bytes. */
#ifndef KERNELS_CPU_TILED_H
#define KERNELS_CPU_TILED_H

#include "kernels/kernel.h"

/* Packed keys and values of one sequence of one layer, and each thread's scratch: grows with N, never N x N. Where all
 * layers have narrow windows: each thread's scratch and a stretch of packed keys, whatever N is. */
size_t tiled_workspace(const struct attention_problem *problem, int threads);

/* Runs layers [first, last) under the problem's mask. */
enum status tiled_run(const struct kernel_launch *launch, int64_t first_layer, int64_t last_layer);

/* The whole problem in one stage, which the clock hears end: what a kernel's `launch` is when its mask is all that sets
 * it apart. */
enum status tiled_launch(const struct kernel_launch *launch);
/* The same stage by formula, all layers added up. */
void tiled_stages(const struct attention_problem *problem, const char *name, struct kernel_stages *stages);

/* Main memory's bytes of one layer: Q and K, V read, O and the log-sum-exp written; and, unless a narrow window keeps
 * them in a core's cache, the packed copies of K and V written and read again. */
void tiled_stage(const struct attention_problem *problem, int64_t layer, struct kernel_stage *stage);

#endif
