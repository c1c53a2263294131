/* plan.h - from axes to cases: which kernel on which problem with how many threads. */
#ifndef HARNESS_PLAN_H
#define HARNESS_PLAN_H

#include "harness/axes.h"
#include "harness/record.h"
#include "kernels/kernel.h"

struct plan_case {
    const struct kernel *kernel;
    struct attention_problem problem;
    int threads;
};

/* A block mask that a mask's label names (kernels/block_rule.h), for these lengths: all cases that ask for it share
 * it; one that a gate chooses, those of the same heads. */
struct plan_mask {
    int64_t len_q, len_kv;
    char label[64];
    struct block_mask *blocks;
};

struct plan {
    struct plan_case *cases; /* owned */
    size_t count, capacity;
    struct plan_mask *masks; /* owned: what the cases' problems point to */
    size_t mask_count;
    size_t left_out;             /* combinations that a kernel does not do */
    const char *left_out_reason; /* of the last of them; static */
};

/* The kernels to choose from: those of the chosen devices (places.h), the processor's, or a test's. */
struct kernel_list {
    const struct kernel *const *kernels;
    size_t count;
};
struct kernel_list plan_kernels(void); /* the processor's: kernel_table */
int plan_cpus(void);                   /* processors that this process may use */

/* Adds the product of the axes; the same case twice is kept once. A kernel that only other devices have is left out and
 * counted. Where no dtype is given it is f32 on the processor, and elsewhere bf16 where the kernel does it.
 * Combinations that a kernel does not support are left out and counted; problems that are not valid are errors. Unknown
 * kernels: the nearest. */
enum status plan_add(struct plan *plan, const struct axes *axes, struct kernel_list kernels, struct diags *diags);
/* Adds a preset's groups; axes given by the user (`over`) replace the preset's of that name. */
enum status plan_add_preset(struct plan *plan, const char *preset, const struct axes *over, struct kernel_list kernels,
                            struct diags *diags);
/* Adds the cases of a record, finished or not: what --resume goes on with. A kernel that is no longer there is an
 * error. */
enum status plan_add_record(struct plan *plan, const struct record *record, struct kernel_list kernels,
                            struct diags *diags);
/* Keeps the cases whose Google-style name matches the POSIX extended expression; a leading '-' keeps the others.
 * Nothing left: an error. */
enum status plan_filter(struct plan *plan, const char *expression, struct diags *diags);
void plan_free(struct plan *plan);

#endif
