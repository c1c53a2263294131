/* The timing core, with a clock that only moves when a kernel says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "harness/measure.h"
#include "harness/tensors.h"
#include "help_fakes.h"

static const struct attention_problem problem = {.layers = 1,
                                                 .batch = 1,
                                                 .heads = 1,
                                                 .kv_heads = 1,
                                                 .len_q = 4,
                                                 .len_kv = 4,
                                                 .head_dim = 8,
                                                 .mask = {.window_left = -1, .window_right = -1},
                                                 .scale = 0.5f};

static struct repetition repeat(const struct kernel *kernel, double call, double min_time, double expected,
                                enum status status)
{
    struct tensor_set set = {0};
    struct repetition repetition;
    assert_int_equal(tensors_make(&set, &problem, 1, 1), STATUS_OK);
    struct attention_tensors tensors = tensors_view(&set);
    struct kernel_launch launch = {.problem = &problem, .tensors = &tensors, .threads = 1};
    fake_time = (struct fake_time){.call = call, .fail_after = 3};
    assert_int_equal(measure_repetition(kernel, &launch, min_time, expected, &fake_clock, &repetition), status);
    tensors_free(&set);
    return repetition;
}

static void near(double a, double b)
{
    if (!(fabs(a - b) < 1e-5))
        fail_msg("%.9f is not %.9f", a, b);
}

static void calls_fill_the_time(void **state)
{
    (void)state;
    struct repetition r = repeat(&fake_right, 0.03, 0.1, 0.03, STATUS_OK);
    assert_int_equal(r.calls, 4); /* 0.03, 0.06, 0.09, 0.12 */
    assert_int_equal(fake_time.launches, 4);
    near(r.seconds, 0.03);
    near(r.cpu_seconds, 0.06); /* the fake's processor time runs twice as fast */
    r = repeat(&fake_right, 5, 0.1, 5, STATUS_OK);
    assert_int_equal(r.calls, 1);
    near(r.seconds, 5);
}

static void short_calls_are_warmed_and_bounded(void **state)
{
    (void)state;
    struct repetition r = repeat(&fake_right, 0.01, 0.05, 0.01, STATUS_OK);
    assert_int_equal(fake_time.launches, r.calls + 1); /* one that is not timed */
    r = repeat(&fake_right, 0, 1e9, 0, STATUS_OK);
    assert_int_equal(r.calls, MEASURE_CALLS);
}

static void stages_are_told_apart(void **state)
{
    (void)state;
    struct repetition r = repeat(&fake_staged, 0.04, 0.1, 0.04, STATUS_OK);
    near(r.stages[0], 0.01);
    near(r.stages[1], 0.03);
    near(r.stages[2], 0);
    near(r.seconds, 0.04);
}

static void a_failing_launch_ends_it(void **state)
{
    (void)state;
    repeat(&fake_failing, 0.03, 1, 0.03, STATUS_FAILED);
    assert_int_equal(fake_time.failing_launches, 3);
    repeat(&fake_failing, 0.01, 0.01, 0.001, STATUS_OK); /* the warm-up and one call: the third is never made */
}

static void it_stops_for_one_of_three_reasons(void **state)
{
    (void)state;
    struct stop_rule rule = {.interval = 0.02, .min_samples = 8, .max_samples = 12, .time_limit = 10};
    double even[12], wild[12];
    for (int i = 0; i < 12; i++) {
        even[i] = 1 + 0.0001 * i;
        wild[i] = 1 + 0.1 * i;
    }
    assert_null(measure_stop(&rule, even, 0, 99)); /* never without a sample */
    for (int count = 1; count < 8; count++)
        assert_null(measure_stop(&rule, even, count, 1));
    assert_string_equal(measure_stop(&rule, even, 8, 1), "interval");
    assert_null(measure_stop(&rule, wild, 8, 1));
    assert_string_equal(measure_stop(&rule, wild, 8, 10), "time");
    assert_string_equal(measure_stop(&rule, wild, 1, 10), "time");
    assert_string_equal(measure_stop(&rule, wild, 12, 1), "repetitions");
    rule.min_samples = 2; /* fewer than 8 never make 99 % */
    assert_null(measure_stop(&rule, even, 7, 1));
    assert_string_equal(measure_stop(&rule, even, 8, 1), "interval");
    rule.interval = 0;
    assert_null(measure_stop(&rule, even, 8, 1));
}

static void the_guess_of_what_is_left_follows_the_spread(void **state)
{
    (void)state;
    struct stop_rule rule = {.interval = 0.02, .min_samples = 8, .max_samples = 25, .time_limit = 10};
    double even[25], wild[25], middling[25];
    for (int i = 0; i < 25; i++) {
        even[i] = 1;
        wild[i] = i % 2 ? 1 : 2;
        middling[i] = 1 + (i % 2 ? 0.007 : -0.007) + (i % 3) * 0.002;
    }
    near(measure_more(&rule, even, 0, 12), 12);
    near(measure_more(&rule, even, 3, 12), 9);
    near(measure_more(&rule, even, 4, 12), 4);  /* to the 8 that an interval takes at least */
    near(measure_more(&rule, even, 20, 12), 1); /* never none */
    near(measure_more(&rule, wild, 4, 12), 21);
    near(measure_more(&rule, wild, 24, 12), 1);
    double more = measure_more(&rule, middling, 6, 12);
    assert_true(more > 2 && more < 19);
    rule.interval = 0;
    near(measure_more(&rule, even, 10, 12), 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_fill_the_time),
        cmocka_unit_test(short_calls_are_warmed_and_bounded),
        cmocka_unit_test(stages_are_told_apart),
        cmocka_unit_test(a_failing_launch_ends_it),
        cmocka_unit_test(it_stops_for_one_of_three_reasons),
        cmocka_unit_test(the_guess_of_what_is_left_follows_the_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
