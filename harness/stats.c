#include "harness/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A sorted copy; NULL when out of memory. */
static double *sorted(const double *samples, size_t count)
{
    double *copy = malloc(count * sizeof *copy);
    if (copy) {
        memcpy(copy, samples, count * sizeof *copy);
        qsort(copy, count, sizeof *copy, by_size);
    }
    return copy;
}

static double middle(const double *sorted_samples, size_t count)
{
    return count % 2 ? sorted_samples[count / 2] : 0.5 * (sorted_samples[count / 2 - 1] + sorted_samples[count / 2]);
}

/* C(n, k) / 2^n: the chance of k heads in n throws of a coin. By logarithms, since 2^-n vanishes above 1074. */
static double chance(size_t n, size_t k)
{
    int sign;
    double choose =
        lgamma_r((double)n + 1, &sign) - lgamma_r((double)k + 1, &sign) - lgamma_r((double)(n - k) + 1, &sign);
    return exp(choose - (double)n * M_LN2);
}

/* Largest k for which [k-th smallest, k-th largest] covers the median with at least 99 %: the chance that the
 * median lies outside is twice the chance of at most k - 1 heads in `count` throws of a coin. */
static size_t depth_of_99(size_t count, double *level)
{
    double below = 0;
    size_t depth = 0;
    *level = 1 - 2 * exp2(-(double)count);
    for (size_t k = 1; 2 * k <= count; k++) {
        below += chance(count, k - 1);
        if (1 - 2 * below < 0.99)
            break;
        depth = k;
        *level = 1 - 2 * below;
    }
    return depth;
}

struct estimate stats_estimate(const double *samples, size_t count)
{
    struct estimate estimate = {NAN, NAN, NAN, 0};
    double *order = count ? sorted(samples, count) : NULL;
    if (!order)
        return estimate;
    size_t depth = depth_of_99(count, &estimate.level);
    if (depth == 0)
        depth = 1; /* too few for 99 %: the extremes, and what they cover */
    estimate.median = middle(order, count);
    estimate.low = order[depth - 1];
    estimate.high = order[count - depth];
    free(order);
    return estimate;
}

double stats_median(const double *samples, size_t count)
{
    double *order = count ? sorted(samples, count) : NULL;
    double median = order ? middle(order, count) : NAN;
    free(order);
    return median;
}

double stats_spread(const double *samples, size_t count)
{
    double median = stats_median(samples, count);
    double *away = count ? malloc(count * sizeof *away) : NULL;
    if (!away)
        return NAN;
    for (size_t i = 0; i < count; i++)
        away[i] = fabs(samples[i] - median);
    double spread = stats_median(away, count) / median;
    free(away);
    return spread;
}

struct estimate stats_ratio(const double *a, const double *b, size_t count)
{
    double *ratios = count ? malloc(count * sizeof *ratios) : NULL;
    if (!ratios)
        return (struct estimate){NAN, NAN, NAN, 0};
    for (size_t i = 0; i < count; i++)
        ratios[i] = a[i] / b[i];
    struct estimate estimate = stats_estimate(ratios, count);
    free(ratios);
    return estimate;
}

/* Two-sided 99 % points of Student's t for 1 to 30 degrees of freedom; above, the normal's with two terms of its
 * expansion (Abramowitz and Stegun 26.7.5), wrong by under 0.001. */
static double student_99(size_t freedom)
{
    static const double points[] = {63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169,
                                    3.106,  3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878, 2.861, 2.845,
                                    2.831,  2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.750};
    const double z = 2.5758293;
    if (freedom == 0)
        return INFINITY;
    if (freedom <= sizeof points / sizeof points[0])
        return points[freedom - 1];
    const double v = (double)freedom, z3 = z * z * z, z5 = z3 * z * z;
    return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v);
}

struct power_fit stats_power_fit(const double *x, const double *y, size_t count)
{
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += log(x[i]) / (double)count;
        mean_y += log(y[i]) / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double dx = log(x[i]) - mean_x, dy = log(y[i]) - mean_y;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    if (count < 2 || xx < 1e-20 * (double)count) /* all lengths are one, but for rounding */
        return (struct power_fit){NAN, NAN, NAN, NAN, NAN};
    double slope = xy / xx, rest = fmax(0, yy - slope * xy);
    double wide = count > 2 ? student_99(count - 2) * sqrt(rest / (double)(count - 2) / xx) : 0;
    return (struct power_fit){.exponent = slope,
                              .low = slope - wide,
                              .high = slope + wide,
                              .factor = exp(mean_y - slope * mean_x),
                              .r2 = yy > 0 ? 1 - rest / yy : 1};
}
