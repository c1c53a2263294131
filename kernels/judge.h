/* judge.h - is what a kernel wrote right? The outputs against float64, and where a gate chose the blocks on the way
 * (select/choice.h), first the choice. */
#ifndef KERNELS_JUDGE_H
#define KERNELS_JUDGE_H

#include "kernels/oracle.h"

/* As oracle_judge, which see. A choice that is wrong fails before any row is compared. */
enum status kernel_judge(const struct attention_problem *problem, const struct attention_tensors *tensors,
                         int64_t max_rows, uint64_t seed, int threads, struct verdict *verdict);

#endif
