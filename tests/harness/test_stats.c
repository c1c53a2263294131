/* Statistics against sums done another way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "harness/stats.h"

static void near(double a, double b, double relative)
{
    if (!(fabs(a - b) <= relative * fabs(b)))
        fail_msg("%.12g is not %.12g", a, b);
}

static void medians_of_odd_and_even(void **state)
{
    (void)state;
    near(stats_median((double[]){3, 1, 2}, 3), 2, 0);
    near(stats_median((double[]){4, 1, 3, 2}, 4), 2.5, 0);
    near(stats_median((double[]){7}, 1), 7, 0);
    assert_true(isnan(stats_median(NULL, 0)));
}

static void samples_are_not_changed(void **state)
{
    (void)state;
    double samples[] = {5, 1, 4, 2, 3, 9, 8, 7, 6, 0}, before[10];
    memcpy(before, samples, sizeof samples);
    stats_estimate(samples, 10);
    stats_spread(samples, 10);
    assert_memory_equal(samples, before, sizeof samples);
}

/* Pascal's triangle in long double: P(Binomial(n, 1/2) < k), apart from what stats.c does. */
static long double below(int n, int k)
{
    static long double row[2001];
    memset(row, 0, sizeof row);
    row[0] = 1;
    for (int i = 1; i <= n; i++)
        for (int j = i; j >= 0; j--)
            row[j] = (row[j] + (j ? row[j - 1] : 0)) / 2;
    long double sum = 0;
    for (int j = 0; j < k; j++)
        sum += row[j];
    return sum;
}

static void intervals_are_the_narrowest_that_cover_99(void **state)
{
    (void)state;
    const int counts[] = {8, 9, 10, 11, 15, 16, 25, 26, 50, 100, 101, 500, 1000, 1074, 1075, 1500, 2000};
    for (size_t t = 0; t < sizeof counts / sizeof counts[0]; t++) {
        int n = counts[t];
        double *samples = malloc((size_t)n * sizeof *samples);
        for (int i = 0; i < n; i++)
            samples[(i * 7919) % n] = i + 1; /* 7919 is a prime beyond n: each value once, shuffled */
        struct estimate e = stats_estimate(samples, (size_t)n);
        int k = (int)e.low; /* the k-th smallest */
        near(e.median, (n + 1) / 2.0, 0);
        near(e.high, n + 1 - k, 0);
        near(e.level, (double)(1 - 2 * below(n, k)), 1e-9);
        assert_true(e.level >= 0.99);
        assert_true(1 - 2 * below(n, k + 1) < 0.99L); /* one step further in would not do */
        free(samples);
    }
}

static void few_samples_give_the_extremes_and_say_what_they_cover(void **state)
{
    (void)state;
    double samples[] = {3, 1, 2, 7, 5, 4, 6};
    for (size_t n = 1; n <= 7; n++) {
        struct estimate e = stats_estimate(samples, n);
        double low = 99, high = 0;
        for (size_t i = 0; i < n; i++) {
            low = fmin(low, samples[i]);
            high = fmax(high, samples[i]);
        }
        near(e.low, low, 0);
        near(e.high, high, 0);
        assert_true(fabs(e.level - (1 - pow(2, 1 - (double)n))) < 1e-15);
        assert_true(e.level < 0.99);
    }
    assert_true(isnan(stats_estimate(NULL, 0).median));
}

static void spread_is_the_median_absolute_deviation(void **state)
{
    (void)state;
    /* median 10; distances 0 1 1 2 90: median 1 */
    near(stats_spread((double[]){10, 9, 11, 8, 100}, 5), 0.1, 1e-15);
    near(stats_spread((double[]){10, 10, 10}, 3) + 1, 1, 0);
    assert_true(isnan(stats_spread(NULL, 0)));
}

static void ratios_are_paired(void **state)
{
    (void)state;
    /* Both drift by a factor of 4 together: paired, the ratio is exactly 3; of the medians alone it is not. */
    double a[9], b[9];
    for (int i = 0; i < 9; i++) {
        b[i] = pow(4, i / 8.0);
        a[i] = 3 * b[i];
    }
    struct estimate ratio = stats_ratio(a, b, 9);
    near(ratio.median, 3, 1e-15);
    near(ratio.low, 3, 1e-15);
    near(ratio.high, 3, 1e-15);
    b[4] = 100;
    near(stats_ratio(a, b, 9).median, 3, 1e-15);
    assert_true(isnan(stats_ratio(a, b, 0).median));
}

static void an_exact_power_is_found(void **state)
{
    (void)state;
    double x[] = {512, 1024, 2048, 4096}, y[4];
    for (int i = 0; i < 4; i++)
        y[i] = 3e-9 * pow(x[i], 1.75);
    struct power_fit fit = stats_power_fit(x, y, 4);
    near(fit.exponent, 1.75, 1e-12);
    near(fit.factor, 3e-9, 1e-10);
    near(fit.r2, 1, 1e-12);
    assert_true(fit.high - fit.low < 1e-6);
    fit = stats_power_fit(x, y, 2);
    near(fit.low, fit.exponent, 0);
    near(fit.high, fit.exponent, 0);
    assert_true(isnan(stats_power_fit(x, y, 1).exponent));
    assert_true(isnan(stats_power_fit((double[]){5, 5, 5}, y, 3).exponent));
}

/* scipy 1.10: r = stats.linregress(log x, log y), half width = stats.t.ppf(0.995, n - 2) * r.stderr. */
static void a_scattered_power_has_the_interval_of_scipy(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 5, 8, 13}, y[] = {1.1, 3.7, 9.9, 23, 70, 160};
    struct power_fit fit = stats_power_fit(x, y, 6);
    near(fit.exponent, 1.971860972733, 1e-9);
    near(fit.factor, 1.049618308851, 1e-9);
    near(fit.r2, 0.997776333361, 1e-9);
    near(fit.high - fit.exponent, 0.214293403, 2e-4); /* the table has four digits */
    near(fit.exponent - fit.low, 0.214293403, 2e-4);
}

/* The half width over the standard error is Student's point: 99 % points of scipy's t for freedoms beyond the table. */
static void intervals_of_many_points_use_student(void **state)
{
    (void)state;
    const struct {
        size_t freedom;
        double point;
    } known[] = {{1, 63.65674}, {2, 9.92484},  {5, 4.03214},  {10, 3.16927},  {30, 2.75000},
                 {31, 2.74404}, {35, 2.72381}, {50, 2.67779}, {100, 2.62589}, {1000, 2.58075}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        size_t n = known[k].freedom + 2;
        double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
        double sx = 0, sxx = 0, rest = 0;
        for (size_t i = 0; i < n; i++) {
            x[i] = exp((double)i / (double)n);
            y[i] = exp(2.0 * (double)i / (double)n + (i % 2 ? 0.1 : -0.1));
            sx += log(x[i]);
        }
        struct power_fit fit = stats_power_fit(x, y, n);
        for (size_t i = 0; i < n; i++) {
            double d = log(x[i]) - sx / (double)n, r = log(y[i]) - log(fit.factor) - fit.exponent * log(x[i]);
            sxx += d * d;
            rest += r * r;
        }
        double error = sqrt(rest / (double)known[k].freedom / sxx);
        near((fit.high - fit.exponent) / error, known[k].point, 5e-4);
        free(x);
        free(y);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_of_odd_and_even),
        cmocka_unit_test(samples_are_not_changed),
        cmocka_unit_test(intervals_are_the_narrowest_that_cover_99),
        cmocka_unit_test(few_samples_give_the_extremes_and_say_what_they_cover),
        cmocka_unit_test(spread_is_the_median_absolute_deviation),
        cmocka_unit_test(ratios_are_paired),
        cmocka_unit_test(an_exact_power_is_found),
        cmocka_unit_test(a_scattered_power_has_the_interval_of_scipy),
        cmocka_unit_test(intervals_of_many_points_use_student),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
