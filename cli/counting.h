/* counting.h - what CUDA kernels move, counted in the simulator: shared by `count` and `run`. */
#ifndef CLI_COUNTING_H
#define CLI_COUNTING_H

#include <stdio.h>

#include "harness/device.h"
#include "harness/options.h"
#include "harness/plan.h"
#include "harness/record.h"
#include "kernels/block_mask.h"

/* What to count. Not to be copied: the plan points into it. */
struct counting {
    struct device_rows rows; /* the CUDA kernels as the planner knows kernels */
    struct plan plan;
    struct block_mask *blocks; /* a preset also counts the kernels that need a block mask, on its first shape: these */
    struct plan_case blocked[DEVICE_KERNELS];
    size_t blocked_count;
    bool whole; /* every head of every sequence; else one group of heads, times their number: all move the same */
};

/* Whether this build has the simulator (it needs g++). */
bool counting_possible(void);

/* Makes the plan of the axes, or of the preset (may be NULL). */
enum status counting_plan(struct counting *counting, const char *preset, const struct option_texts *axes,
                          struct diags *diags);
/* Adds one row a case to the record, and prints it as it comes (`table` may be NULL). STATUS_WRONG when a count differs
 * from its formula or a launch has a fault: the row says so, the others are counted all the same. */
enum status counting_run(const struct counting *counting, FILE *table, struct record *record, struct diags *diags);
void counting_free(struct counting *counting);

#endif
