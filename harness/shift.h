/* shift.h - how far one set of samples lies from another: for two runs that did not take turns. */
#ifndef HARNESS_SHIFT_H
#define HARNESS_SHIFT_H

#include <stddef.h>

#include "harness/estimate.h"

/* Samples of one run; not owned. */
struct samples {
    const double *values; /* above 0 */
    size_t count;
};

/* How many times as large `after` is as `before`: the median of all ratios of one of `after` to one of `before` (Hodges
 * and Lehmann's shift, of logarithms), with its exact 99 % interval (Mann and Whitney's U; for 10 against 10 the 17th
 * smallest and largest of the 100 ratios). Assumes no distribution, but that within a run the samples are independent.
 * Where even the extremes do not cover 99 % they stand there, and `level` says what they cover: 4 against 4, 97.1 %.
 * Above SHIFT_EXACT samples a side the normal approximation. No samples, or no memory: NaN, level 0. */
enum { SHIFT_EXACT = 30 };
struct estimate shift_ratio(struct samples before, struct samples after);

/* Cliff's delta: how much oftener one of `after` is above one of `before` than below it; -1 to 1. NaN without samples.
 */
double shift_delta(struct samples before, struct samples after);

#endif
