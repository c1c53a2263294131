/* A record on a terminal: numbers with three digits, tables that fit into 100 columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "harness/summary.h"
#include "help_fakes.h"

static void times_have_three_digits(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        const char *words;
    } known[] = {{1.234e-8, "12.3 ns"}, {4.56e-4, "456 us"},   {0.0123, "12.3 ms"},
                 {0.9996, "1.00 s"},    {7.891, "7.89 s"},     {123.4, "123 s"},
                 {0.00999, "9.99 ms"},  {0.009996, "10.0 ms"}, {0.09996, "100 ms"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char words[24];
        summary_time(known[i].seconds, words, sizeof words);
        assert_string_equal(words, known[i].words);
    }
}

static void bytes_are_in_powers_of_1000(void **state)
{
    (void)state;
    static const struct {
        double bytes;
        const char *words;
    } known[] = {{0, "0 B"},          {64, "64 B"},        {64000, "64.0 KB"},
                 {1.53e9, "1.53 GB"}, {33.6e6, "33.6 MB"}, {2e12, "2.00 TB"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char words[24];
        summary_bytes(known[i].bytes, words, sizeof words);
        assert_string_equal(words, known[i].words);
    }
}

static char *printed(const struct record *record)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&bytes, &length);
    summary_cases(record, stream);
    summary_ratios(record, stream);
    summary_stages(record, stream);
    summary_fits(record, stream);
    fclose(stream);
    return bytes;
}

static void expect_says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("'%s' is not in\n%s", words, text);
}

static void tables_say_all_and_fit(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    struct record_case *failed = fake_case(&record, "flash", "causal", 512, 1);
    failed->failed = true;
    failed->error = strdup("wrong result, not timed: element 3");
    struct record_case *half = fake_case(&record, "sliding", "causal_w255", 65536, 1);
    free(half->stop_reason);
    half->stop_reason = strdup("interrupted");
    half->seconds.level = 0.875;
    half->sample_count = 4;
    half->flags = strdup("samples spread by 7 %");
    struct record_case *fresh = fake_case(&record, "alternating", "w64_64_g3", 512, 1);
    fresh->sample_count = 0;
    char *text = printed(&record);
    expect_says(text, "ERROR: wrong result, not timed: element 3");
    expect_says(text, "! interrupted before");
    expect_says(text, "! 4 repetitions: the interval covers 87.5 %, not 99");
    expect_says(text, "! samples spread by 7 %");
    expect_says(text, "not measured yet");
    expect_says(text, "flash       naive       full          1024   64 1x8       2     2.00  [2.00, 2.00]");
    expect_says(text, "softmax               200 ms   33.3     192 B");
    expect_says(text, "lengths from 512 on");
    expect_says(text, " 2.00  [2.00, 2.00]  flash.cpu.f32.full.d64.h8.b1.t2, N 512 to 2048");
    char *rest = text, *line;
    while ((line = strsep(&rest, "\n")) != NULL)
        if (strlen(line) > 100)
            fail_msg("%zu columns: %s", strlen(line), line);
    free(text);
    record_free(&record);
}

static void an_empty_record_prints_nothing_but_the_head(void **state)
{
    (void)state;
    struct record record = {0};
    char *text = printed(&record);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_three_digits),
        cmocka_unit_test(bytes_are_in_powers_of_1000),
        cmocka_unit_test(tables_say_all_and_fit),
        cmocka_unit_test(an_empty_record_prints_nothing_but_the_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
