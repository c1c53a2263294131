/* How far two sets of samples lie apart: the interval's place by counting, the middle, ties, few and many samples. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "harness/shift.h"

/* All ways in which m of one kind and n of the other can follow each other, and their U: chances[u] of U = u. */
static void count_orders(int m, int n, double *chances)
{
    double all = 0;
    for (int u = 0; u <= m * n; u++)
        chances[u] = 0;
    for (uint32_t order = 0; order < 1u << (m + n); order++) {
        int u = 0, ones = 0;
        if (__builtin_popcount(order) != m)
            continue;
        for (int i = 0; i < m + n; i++) {
            ones += order >> i & 1;
            u += order >> i & 1 ? 0 : ones;
        }
        chances[u]++;
        all++;
    }
    for (int u = 0; u <= m * n; u++)
        chances[u] /= all;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sample(double *values, int count, double seed)
{
    for (int i = 0; i < count; i++)
        values[i] = 1 + fmod(seed * (i + 1) * 0.618033988749895, 1);
}

static void the_interval_covers_99_of_100_orders(void **state)
{
    (void)state;
    for (int m = 2; m <= 9; m++)
        for (int n = 2; n <= 9; n++) {
            double chances[82], a[9], b[9], ratios[81], below = 0, level = 0;
            int depth = 1, at = 0;
            count_orders(m, n, chances);
            level = 1 - 2 * chances[0];
            for (int k = 1; k <= m * n / 2; k++) {
                below += chances[k - 1];
                if (1 - 2 * below < 0.99)
                    break;
                depth = k;
                level = 1 - 2 * below;
            }
            sample(a, m, 1);
            sample(b, n, 3);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                    ratios[at++] = b[j] / a[i];
            qsort(ratios, (size_t)at, sizeof *ratios, by_size);
            struct estimate shift = shift_ratio((struct samples){a, (size_t)m}, (struct samples){b, (size_t)n});
            assert_float_equal(shift.level, level, 1e-12);
            assert_true(shift.low == ratios[depth - 1]);
            assert_true(shift.high == ratios[at - depth]);
        }
}

static void ten_against_ten_is_the_17th(void **state)
{
    (void)state;
    double a[10], b[10], ratios[100];
    sample(a, 10, 1);
    sample(b, 10, 5);
    for (int i = 0; i < 100; i++)
        ratios[i] = b[i % 10] / a[i / 10];
    qsort(ratios, 100, sizeof *ratios, by_size);
    struct estimate shift = shift_ratio((struct samples){a, 10}, (struct samples){b, 10});
    assert_true(shift.low == ratios[16] && shift.high == ratios[83]);
    assert_float_equal(shift.median, sqrt(ratios[49] * ratios[50]), 1e-15);
    assert_true(shift.level >= 0.99 && shift.level < 0.992);
}

static void the_other_way_round_is_one_over(void **state)
{
    (void)state;
    double a[12], b[7];
    sample(a, 12, 2);
    sample(b, 7, 7);
    struct estimate to = shift_ratio((struct samples){a, 12}, (struct samples){b, 7});
    struct estimate back = shift_ratio((struct samples){b, 7}, (struct samples){a, 12});
    assert_float_equal(to.median * back.median, 1, 1e-12);
    assert_float_equal(to.low * back.high, 1, 1e-12);
    assert_float_equal(to.level, back.level, 1e-12);
    assert_float_equal(shift_delta((struct samples){a, 12}, (struct samples){b, 7}),
                       -shift_delta((struct samples){b, 7}, (struct samples){a, 12}), 1e-15);
}

static void few_say_what_they_cover(void **state)
{
    (void)state;
    const double a[] = {1, 2, 3, 4}, b[] = {2, 4, 6, 8};
    struct estimate shift = shift_ratio((struct samples){a, 4}, (struct samples){b, 4});
    assert_float_equal(shift.level, 1 - 2.0 / 70, 1e-12);
    assert_true(shift.low == 0.5 && shift.high == 8);
    struct estimate one = shift_ratio((struct samples){a, 1}, (struct samples){b, 1});
    assert_true(one.median == 2 && one.low == 2 && one.high == 2 && one.level == 0);
    struct estimate none = shift_ratio((struct samples){a, 0}, (struct samples){b, 4});
    assert_true(isnan(none.median) && none.level == 0);
    assert_true(isnan(shift_delta((struct samples){a, 0}, (struct samples){b, 4})));
}

/* Where the exact count ends, the normal approximation goes on: 31 against 31 lies at the 299th by counting. */
static void many_go_on_where_few_end(void **state)
{
    (void)state;
    double a[200], b[200], *ratios = malloc(961 * sizeof *ratios);
    sample(a, 200, 1);
    sample(b, 200, 3);
    for (int i = 0; i < 961; i++)
        ratios[i] = b[i % 31] / a[i / 31];
    qsort(ratios, 961, sizeof *ratios, by_size);
    struct estimate shift = shift_ratio((struct samples){a, 31}, (struct samples){b, 31});
    assert_true(shift.low >= ratios[295] && shift.low <= ratios[301]);
    free(ratios);
    struct estimate few = shift_ratio((struct samples){a, 30}, (struct samples){b, 30});
    struct estimate many = shift_ratio((struct samples){a, 200}, (struct samples){b, 200});
    assert_true(many.high - many.low < few.high - few.low && many.level == 0.99);
}

static void equal_samples_are_no_shift(void **state)
{
    (void)state;
    const double a[] = {3, 3, 3, 3, 3, 3};
    struct estimate shift = shift_ratio((struct samples){a, 6}, (struct samples){a, 6});
    assert_true(shift.median == 1 && shift.low == 1 && shift.high == 1);
    assert_true(shift_delta((struct samples){a, 6}, (struct samples){a, 6}) == 0);
    const double b[] = {4, 4, 4};
    assert_true(shift_delta((struct samples){a, 6}, (struct samples){b, 3}) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_covers_99_of_100_orders),
        cmocka_unit_test(ten_against_ten_is_the_17th),
        cmocka_unit_test(the_other_way_round_is_one_over),
        cmocka_unit_test(few_say_what_they_cover),
        cmocka_unit_test(many_go_on_where_few_end),
        cmocka_unit_test(equal_samples_are_no_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
