#include "harness/shift.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* chances[u], u up to `most`: that U is u among `m` against `n` alike samples. By the largest of all: it is one of the
 * m with the chance m / (m + n) and then stands above n others. */
static bool chances_of(size_t m, size_t n, size_t most, double *chances)
{
    size_t width = most + 1;
    double *before = calloc((n + 1) * width, sizeof *before), *now = calloc((n + 1) * width, sizeof *now);
    for (size_t j = 0; before && now && j <= n; j++)
        before[j * width] = 1;
    for (size_t i = 1; before && now && i <= m; i++) {
        for (size_t j = 0; j <= n; j++)
            for (size_t u = 0; u < width; u++) {
                double one = u >= j ? before[j * width + u - j] : 0, other = j > 0 ? now[(j - 1) * width + u] : 0;
                now[j * width + u] = ((double)i * one + (double)j * other) / (double)(i + j);
            }
        double *swap = before;
        before = now;
        now = swap;
    }
    for (size_t u = 0; before && now && u < width; u++)
        chances[u] = before[n * width + u];
    bool made = before && now;
    free(before);
    free(now);
    return made;
}

/* The largest k for which [k-th smallest, k-th largest] of the m n ratios covers at least 99 %; 1 where none does. */
static size_t exact_depth(size_t m, size_t n, double *level)
{
    size_t most = m * n / 2, depth = 1;
    double *chances = calloc(most + 1, sizeof *chances), below = 0;
    if (!chances || !chances_of(m, n, most, chances)) {
        free(chances);
        return 0;
    }
    *level = 1 - 2 * chances[0];
    for (size_t k = 1; k <= most; k++) {
        below += chances[k - 1];
        if (1 - 2 * below < 0.99)
            break;
        depth = k;
        *level = 1 - 2 * below;
    }
    free(chances);
    return depth;
}

static size_t depth_of_99(size_t m, size_t n, double *level)
{
    if (m <= SHIFT_EXACT && n <= SHIFT_EXACT)
        return exact_depth(m, n, level);
    double pairs = (double)m * (double)n, wide = 2.5758293 * sqrt(pairs * (double)(m + n + 1) / 12);
    double depth = floor(pairs / 2 - wide);
    *level = depth < 1 ? 0 : 0.99;
    return depth < 1 ? 1 : (size_t)depth;
}

struct estimate shift_ratio(struct samples before, struct samples after)
{
    struct estimate shift = {NAN, NAN, NAN, 0};
    size_t count = before.count * after.count, at = 0;
    double *ratios = count ? malloc(count * sizeof *ratios) : NULL, level = 0;
    size_t depth = ratios ? depth_of_99(before.count, after.count, &level) : 0;
    for (size_t i = 0; depth && i < before.count; i++)
        for (size_t j = 0; j < after.count; j++)
            ratios[at++] = after.values[j] / before.values[i];
    if (depth) {
        qsort(ratios, count, sizeof *ratios, by_size);
        double middle = sqrt(ratios[(count - 1) / 2] * ratios[count / 2]); /* of logarithms */
        shift = (struct estimate){middle, ratios[depth - 1], ratios[count - depth], level};
    }
    free(ratios);
    return shift;
}

double shift_delta(struct samples before, struct samples after)
{
    double sum = 0;
    for (size_t i = 0; i < before.count; i++)
        for (size_t j = 0; j < after.count; j++)
            sum += (after.values[j] > before.values[i]) - (after.values[j] < before.values[i]);
    return sum / ((double)before.count * (double)after.count);
}
