/* Filters: what they show of a value, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help_slides.h"
#include "slides/format.h"

#define THIN  "\xe2\x80\xaf" /* U+202F */
#define MINUS "\xe2\x88\x92" /* U+2212 */
#define TIMES "\xc3\x97"     /* U+00D7 */

/* The value in words by these filters; NULL after a fault. */
static char *shown_as(struct value value, const char *filters, struct diags *diags)
{
    struct format format = {0};
    char *words = NULL;
    if (format_read(filters, "deck.md", 7, &format, diags) == STATUS_OK)
        words = format_value(&value, &format, "a.time", "deck.md", 7, diags);
    format_free(&format);
    return words;
}

static struct value exactly(double number, enum unit unit)
{
    return (struct value){.number = number, .low = number, .high = number, .unit = unit};
}

static void every_filter_shows_exactly(void **state)
{
    (void)state;
    static const struct {
        double number;
        enum unit unit;
        const char *filters, *words;
    } cases[] = {
        {1.5, UNIT_SECONDS, "s 1", "1.5" THIN "s"},
        {0.0412, UNIT_SECONDS, "ms 1", "41.2" THIN "ms"},
        {0.0412, UNIT_SECONDS, "ms 3sig", "41.2" THIN "ms"},
        {0.0412, UNIT_SECONDS, "us 0", "41" THIN "200" THIN "\xc2\xb5s"},
        {0.00000123, UNIT_SECONDS, "us 2", "1.23" THIN "\xc2\xb5s"},
        {0.00000123, UNIT_SECONDS, "ns 0", "1230" THIN "ns"},
        {512, UNIT_BYTES, "B 0", "512" THIN "B"},
        {1536, UNIT_BYTES, "KB 2", "1.54" THIN "KB"},
        {2.5e6, UNIT_BYTES, "MB 1", "2.5" THIN "MB"},
        {34.4e9, UNIT_BYTES, "GB 1", "34.4" THIN "GB"},
        {2e12, UNIT_BYTES, "TB 0", "2" THIN "TB"},
        {1536, UNIT_BYTES, "KiB 1", "1.5" THIN "KiB"},
        {3145728, UNIT_BYTES, "MiB 0", "3" THIN "MiB"},
        {8589934592.0, UNIT_BYTES, "GiB 0", "8" THIN "GiB"},
        {21.25e9, UNIT_BYTES_PER_SECOND, "gbs 1", "21.2" THIN "GB/s"},
        {3.5e6, UNIT_FLOPS_PER_SECOND, "mflops 1", "3.5" THIN "MFLOP/s"},
        {412e9, UNIT_FLOPS_PER_SECOND, "gflops 0", "412" THIN "GFLOP/s"},
        {1.25e12, UNIT_FLOPS_PER_SECOND, "tflops 2", "1.25" THIN "TFLOP/s"},
        {17.2e9, UNIT_FLOPS, "gflop 1", "17.2" THIN "GFLOP"},
        {0.815, UNIT_SHARE, "percent 1", "81.5" THIN "%"},
        {0.815, UNIT_NONE, "percent 1", "81.5" THIN "%"},
        {7.6, UNIT_NONE, "x 1", "7.6" TIMES},
        {244.140625, UNIT_NONE, "x 0", "244" TIMES},
        {22, UNIT_NONE, "count", "22"},
        {134217728, UNIT_NONE, "million 0", "134 million"},
        {128000, UNIT_TOKENS, "k 0", "128k"},
        {4096, UNIT_TOKENS, "k 1", "4.1k"},
        {1000000, UNIT_TOKENS, "M 0", "1M"},
        {128000, UNIT_TOKENS, "tokens", "128" THIN "000 tokens"},
        {8192, UNIT_TOKENS, "tokens", "8192 tokens"},
        {8192, UNIT_TOKENS, "count", "8192"},
        {12345678, UNIT_NONE, "count", "12" THIN "345" THIN "678"},
        {-12345.5, UNIT_NONE, "count 1", MINUS "12" THIN "345.5"},
        {-0.001, UNIT_NONE, "count 2", "0.00"}, /* no minus before nought */
        {0, UNIT_NONE, "count 1", "0.0"},
        {1e300, UNIT_SECONDS, "s 0", NULL}, /* length only: see below */
        /* without a filter: the largest unit that leaves at least 1, three digits */
        {1.5, UNIT_SECONDS, "", "1.50" THIN "s"},
        {0.0412, UNIT_SECONDS, "", "41.2" THIN "ms"},
        {0.0000412, UNIT_SECONDS, "", "41.2" THIN "\xc2\xb5s"},
        {4.12e-9, UNIT_SECONDS, "", "4.12" THIN "ns"},
        {4.12e-10, UNIT_SECONDS, "", "0.412" THIN "ns"},
        {0, UNIT_SECONDS, "", "0" THIN "ns"},
        {34.4e9, UNIT_BYTES, "", "34.4" THIN "GB"},
        {512, UNIT_BYTES, "", "512" THIN "B"},
        {412e9, UNIT_FLOPS_PER_SECOND, "", "412" THIN "GFLOP/s"},
        {21.25e9, UNIT_BYTES_PER_SECOND, "", "21.2" THIN "GB/s"},
        {0.815, UNIT_SHARE, "", "81.5" THIN "%"},
        {7.61, UNIT_NONE, "", "7.61" TIMES},
        {16, UNIT_NONE, "", "16"}, /* whole and exact: a count */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diags diags = {0};
        char *words = shown_as(exactly(cases[i].number, cases[i].unit), cases[i].filters, &diags);
        must_be_clean(&diags);
        assert_non_null(words);
        if (cases[i].words)
            assert_string_equal(words, cases[i].words);
        else
            assert_true(strlen(words) > 301);
        free(words);
    }
    struct value cpu = {.unit = UNIT_TEXT, .words = "AMD <EPYC>"};
    struct diags diags = {0};
    char *words = shown_as(cpu, "text", &diags);
    assert_string_equal(words, "AMD <EPYC>");
    free(words);
}

static void low_and_high_take_the_ends(void **state)
{
    (void)state;
    struct value value = {.number = 0.040, .low = 0.039, .high = 0.042, .unit = UNIT_SECONDS};
    struct diags diags = {0};
    static const char *const pairs[][2] = {{"ms 0", "40" THIN "ms"},
                                           {"low ms 0", "39" THIN "ms"},
                                           {"high ms 0", "42" THIN "ms"},
                                           {"ms 0 | high", "42" THIN "ms"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char *words = shown_as(value, pairs[i][0], &diags);
        must_be_clean(&diags);
        assert_string_equal(words, pairs[i][1]);
        free(words);
    }
}

static void digits_that_the_interval_does_not_carry(void **state)
{
    (void)state;
    static const struct {
        double low, high;                     /* ms */
        const char *filters, *remedy, *words; /* one of both is NULL */
    } cases[] = {
        /* half the interval's width is at most ten units of the last digit: 1 ms carries none behind ten times 0.1 */
        {39, 41, "ms 1", NULL, "40.0" THIN "ms"},
        {39, 41, "ms 2", "At most 1 decimals", NULL},
        {39, 41, "ms 4sig", "At most 1 decimals", NULL},
        {39, 41, "", NULL, "40.0" THIN "ms"},
        {30, 50, "ms 0", NULL, "40" THIN "ms"},
        {30, 50, "ms 1", "At most 0 decimals", NULL},
        {30, 50, "us 0", "At most 2sig", NULL}, /* of 40 000 us the interval carries 4 and one 0 */
        {29, 51, "ms 0", "At most 1sig", NULL},
        {29, 51, "", NULL, "40" THIN "ms"},
        {39.9999, 40.0001, "ms 5", NULL, "40.00000" THIN "ms"},
        {39.9999, 40.0001, "ms 6", "At most 5 decimals", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct value value = {
            .number = 0.040, .low = cases[i].low / 1e3, .high = cases[i].high / 1e3, .unit = UNIT_SECONDS};
        struct diags diags = {0};
        char *words = shown_as(value, cases[i].filters, &diags);
        if (cases[i].words) {
            must_be_clean(&diags);
            assert_string_equal(words, cases[i].words);
        } else {
            assert_null(words);
            must_say(&diags, 7, "more digits than its interval supports");
            must_say(&diags, 7, cases[i].remedy);
        }
        free(words);
        diags_free(&diags);
    }
}

static void filters_that_do_not_fit(void **state)
{
    (void)state;
    static const struct {
        enum unit unit;
        const char *filters, *what, *remedy;
    } cases[] = {
        {UNIT_SECONDS, "GB", "a.time is in seconds; 'GB' does not fit", "Choose a filter"},
        {UNIT_SECONDS, "x 1", "a.time is in seconds; 'x' does not fit", NULL},
        {UNIT_BYTES, "ms", "a.time is in bytes; 'ms' does not fit", NULL},
        {UNIT_TOKENS, "percent", "a.time is in tokens; 'percent' does not fit", NULL},
        {UNIT_SHARE, "x", "does not fit", NULL},
        {UNIT_HERTZ, "", "a.time is in hertz; 'no filter' does not fit", NULL},
        {UNIT_SECONDS, "msec", "there is no filter 'msec'", NULL},
        {UNIT_SECONDS, "gflps", "there is no filter 'gflps'", "gflops"},
        {UNIT_SECONDS, "ms -1", "there is no filter '-1'", NULL},
        {UNIT_SECONDS, "ms 10", "there is no filter '10'", NULL},
        {UNIT_SECONDS, "ms 0sig", "there is no filter '0sig'", NULL},
        {UNIT_SECONDS, "else nothing", "else needs words in quotes", "not measured"},
        {UNIT_SECONDS, "else \"open", "else needs words in quotes", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diags diags = {0};
        assert_null(shown_as(exactly(1.25, cases[i].unit), cases[i].filters, &diags));
        assert_int_equal(diags.errors, 1);
        must_say(&diags, 7, cases[i].what);
        if (cases[i].remedy)
            must_say(&diags, 7, cases[i].remedy);
        diags_free(&diags);
    }
    struct value broken = {.number = 1, .low = 0, .high = INFINITY, .unit = UNIT_FLOPS_PER_SECOND};
    struct diags diags = {0};
    assert_null(shown_as(broken, "gflops", &diags));
    must_say(&diags, 7, "not a finite number");
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_filter_shows_exactly),
        cmocka_unit_test(low_and_high_take_the_ends),
        cmocka_unit_test(digits_that_the_interval_does_not_carry),
        cmocka_unit_test(filters_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
