/* stats.h - pure functions on samples: no clock, no I/O. */
#ifndef HARNESS_STATS_H
#define HARNESS_STATS_H

#include <stddef.h>

#include "harness/record.h"

/* Median and its distribution-free interval by order statistics (binomial), see record.h's estimate.
 * `samples` is not changed; count >= 1. */
struct estimate stats_estimate(const double *samples, size_t count);
double stats_median(const double *samples, size_t count);
/* Median absolute deviation over the median. */
double stats_spread(const double *samples, size_t count);
/* Ratio a/b of medians with an interval: from the paired repetitions when counts are equal and they ran
 * interleaved (estimate over a[i]/b[i]). */
struct estimate stats_ratio(const double *a, const double *b, size_t count);

/* Least squares of log y on log x: exponent with its 99 % interval (Student's t), and the factor. */
struct power_fit {
    double exponent, low, high, factor;
    double r2;
};
/* count >= 3 for an interval (2: low = high = exponent); x, y > 0. */
struct power_fit stats_power_fit(const double *x, const double *y, size_t count);

#endif
