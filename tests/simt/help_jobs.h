/* help_jobs.h - the problems that every CUDA kernel must pass in the simulator, and the judge of one. */
#ifndef TESTS_SIMT_HELP_JOBS_H
#define TESTS_SIMT_HELP_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/help_problems.h"
#include "kernels/simt/attend.h"

/* For each kernel so many draws. */
enum { DRAWS_EACH = 150 };

struct job {
    size_t kernel;  /* of simt_kernels */
    uint64_t index; /* of the fixed list, then of the draws */
    enum dtype dtype;
};

/* All that is to be run, or of one kernel (NULL: all): the fixed list where it can, and draws that it can do. To be
 * freed; NULL without memory. */
struct job *list_jobs(const char *only_kernel, size_t *count);

/* To be freed with drawn_free. */
struct drawn problem_of(const struct job *job);

/* What was seen on the way. */
struct seen {
    bool equal; /* the bytes of every stage are those of the formula */
    int64_t rows, hbm_bytes, sram_bytes, barriers;
};

/* Runs the job's problem on poisoned outputs: no launch has a fault, every stage's bytes equal the closed formula of
 * the kernel's row, all of O is written, and the float64 oracle finds it right. Otherwise `words` say what is wrong. */
bool judge_job(struct simt *simt, const struct job *job, struct seen *seen, char *words, size_t size);

#endif
