/* Numbers in words: three digits, the right unit on either side of a border, a dash where there is no number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "reports/words.h"

static void test_units_and_digits(void **state)
{
    (void)state;
    assert_string_equal(words_time(0.0123456).text, "12.3 ms");
    assert_string_equal(words_time(0.99949).text, "999 ms");
    assert_string_equal(words_time(0.99951).text, "1.00 s"); /* never "1000 ms" */
    assert_string_equal(words_time(9.996e-6).text, "10.0 \u00b5s");
    assert_string_equal(words_time(99.96e-9).text, "100 ns");
    assert_string_equal(words_time(1234.5).text, "1234 s");
    assert_string_equal(words_bytes(0).text, "0 B");
    assert_string_equal(words_bytes(999).text, "999 B");
    assert_string_equal(words_bytes(1530000000).text, "1.53 GB");
    assert_string_equal(words_binary(2097152).text, "2 MiB");
    assert_string_equal(words_binary(50000).text, "48.8 KiB");
    assert_string_equal(words_rate(4.84e11, "FLOP/s").text, "484 GFLOP/s");
    assert_string_equal(words_share(0.9214).text, "92.1 %");
    assert_string_equal(words_error(2.91e-7).text, "2.9e-07");
}

static void test_no_number_is_a_dash(void **state)
{
    (void)state;
    static const char dash[] = "\u2013";
    const struct estimate none = {NAN, NAN, NAN, NAN}, half = {1, NAN, 2, 0.99};
    assert_string_equal(words_time(NAN).text, dash);
    assert_string_equal(words_bytes(INFINITY).text, dash);
    assert_string_equal(words_rate(NAN, "FLOP/s").text, dash);
    assert_string_equal(words_share(NAN).text, dash);
    assert_string_equal(words_number(-INFINITY).text, dash);
    assert_string_equal(words_error(NAN).text, dash);
    assert_string_equal(words_interval(&none).text, dash);
    assert_string_equal(words_range(&half).text, dash);
}

static void test_intervals(void **state)
{
    (void)state;
    const struct estimate wide = {0.0962, 0.0955, 0.0969, 0.9921}, few = {1.5, 1.25, 1.75, 0.875};
    const struct estimate border = {0.9990, 0.9980, 1.002, 0.99};
    assert_string_equal(words_interval(&wide).text, "95.5 to 96.9 ms");
    assert_string_equal(words_interval(&border).text, "998 to 1002 ms"); /* the median's unit for both ends */
    assert_string_equal(words_range(&few).text, "1.25 to 1.75, covers 87.5 %");
}

static void test_problems(void **state)
{
    (void)state;
    char mask[] = "causal";
    struct record_case c = {.mask = mask, .threads = 2};
    c.problem = (struct attention_problem){
        .layers = 1, .batch = 4, .heads = 8, .kv_heads = 8, .len_q = 1024, .len_kv = 1024, .head_dim = 64};
    assert_string_equal(words_problem(&c).text, "causal, N=1024, d=64, heads=8, batch=4, threads=2");
    c.problem.len_q = 1;
    c.problem.kv_heads = 2;
    c.problem.layers = 3;
    assert_string_equal(words_problem(&c).text,
                        "causal, Nq=1, Nkv=1024, d=64, heads=8, kv_heads=2, batch=4, layers=3, threads=2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_and_digits),
        cmocka_unit_test(test_no_number_is_a_dash),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_problems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
