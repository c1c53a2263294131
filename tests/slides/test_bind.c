/* Bindings: what a filter shows, what an expression refuses, where a slide's numbers come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/stats.h"
#include "help_slides.h"
#include "slides/expression.h"
#include "slides/format.h"
#include "slides/sources.h"

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

/* One expression over the desk's records, at line 9. */
static enum status evaluate(struct desk *desk, const char *text, struct value *value, struct published *published)
{
    struct scope scope = {
        .records = desk->records, .record_count = desk->record_count, .published = published, .deck = &desk->deck};
    return expression_value(&scope, text, 9, value, &desk->diags);
}

static const char named_deck[] = "---\n"
                                 "let:\n"
                                 "  - {name: fast, is: \"naive.n4096.time / flash.n4096.time\"}\n"
                                 "  - {name: twice, is: \"2 * fast\"}\n"
                                 "  - {name: a, is: b + 1}\n"
                                 "  - {name: b, is: a + 1}\n"
                                 "  - {name: torn, is: \"1 + 2 )\"}\n"
                                 "---\n"
                                 "# A\n";

static void expressions_are_calculated(void **state)
{
    (void)state;
    struct desk desk;
    struct published *published;
    desk_open(&desk, named_deck);
    assert_int_equal(published_open(&published, &desk.diags), STATUS_OK);
    const struct record_case *naive = record_case_by_key(&desk.record, "naive.cpu.f32.causal.n4096.d64.h8.b1.t2");
    const struct record_case *flash = record_case_by_key(&desk.record, "flash.cpu.f32.causal.n4096.d64.h8.b1.t2");
    struct estimate ratio = stats_ratio(naive->samples, flash->samples, DESK_SAMPLES);
    const struct {
        const char *text;
        double number;
        enum unit unit;
        enum kind kind;
    } cases[] = {
        {"1 + 2 * 3", 7, UNIT_NONE, KIND_COMPUTED},
        {"(1 + 2) * 3", 9, UNIT_NONE, KIND_COMPUTED},
        {"10 - 2 - 3", 5, UNIT_NONE, KIND_COMPUTED},
        {"12 / 2 / 3", 2, UNIT_NONE, KIND_COMPUTED},
        {" 1.5e1 ", 15, UNIT_NONE, KIND_COMPUTED},
        {"flash.n4096.time", flash->seconds.median, UNIT_SECONDS, KIND_MEASURED},
        {"flash.n4096.time * 2", 2 * flash->seconds.median, UNIT_SECONDS, KIND_MEASURED},
        {"2 * flash.n4096.time", 2 * flash->seconds.median, UNIT_SECONDS, KIND_MEASURED},
        {"flash.n4096.time + naive.n4096.time", flash->seconds.median + naive->seconds.median, UNIT_SECONDS,
         KIND_MEASURED},
        {"naive.n4096.time / flash.n4096.time", ratio.median, UNIT_NONE, KIND_MEASURED},
        {"fast", ratio.median, UNIT_NONE, KIND_MEASURED},
        {"twice", 2 * ratio.median, UNIT_NONE, KIND_MEASURED},
        {"published.gemini.context / published.gpt35.context", 1e6 / 4096, UNIT_NONE, KIND_PUBLISHED},
        {"published.gemini.context", 1e6, UNIT_TOKENS, KIND_PUBLISHED},
        {"flash.n4096.gflops * flash.n4096.time", flash->flops, UNIT_FLOPS, KIND_MEASURED},
        {"flash.n4096.roof * flash.n4096.gflops", 0, UNIT_FLOPS_PER_SECOND, KIND_MEASURED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct value value;
        enum status status = evaluate(&desk, cases[i].text, &value, published);
        must_be_clean(&desk.diags);
        assert_int_equal(status, STATUS_OK);
        if (cases[i].number != 0)
            assert_true(fabs(value.number - cases[i].number) < 1e-9 * fabs(cases[i].number));
        assert_int_equal(value.unit, cases[i].unit);
        assert_int_equal(value.kind, cases[i].kind);
        assert_true(value.low <= value.number && value.number <= value.high);
    }
    published_close(published);
    desk_close(&desk);
}

/* Rounds that were slow for all kernels cancel: the ratio's interval is far narrower than that of the two ends. */
static void a_ratio_is_taken_in_pairs(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "# A\n");
    const struct record_case *naive = record_case_by_key(&desk.record, "naive.cpu.f32.causal.n4096.d64.h8.b1.t2");
    const struct record_case *flash = record_case_by_key(&desk.record, "flash.cpu.f32.causal.n4096.d64.h8.b1.t2");
    struct estimate expected = stats_ratio(naive->samples, flash->samples, DESK_SAMPLES);
    struct value value;
    assert_int_equal(evaluate(&desk, "naive.n4096.time / flash.n4096.time", &value, NULL), STATUS_OK);
    assert_true(value.number == expected.median && value.low == expected.low && value.high == expected.high);
    assert_true(value.number != naive->seconds.median / flash->seconds.median);
    double unpaired = naive->seconds.high / flash->seconds.low - naive->seconds.low / flash->seconds.high;
    assert_true(value.high - value.low < 0.5 * unpaired);
    assert_int_equal(value.samples, DESK_SAMPLES);
    desk_close(&desk);
}

static void intervals_with_signs(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "# A\n");
    static const char *const texts[] = {"flash.n4096.time * (1 - 3)", "(1 - 3) * flash.n4096.time",
                                        "flash.n4096.time / (1 - 3)", "flash.n4096.time - naive.n4096.time"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct value value;
        assert_int_equal(evaluate(&desk, texts[i], &value, NULL), STATUS_OK);
        assert_true(value.number < 0 && value.low < value.number && value.number < value.high);
    }
    desk_close(&desk);
}

static void expressions_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"naive.n4096.time / published.flashattention.speedup", "different kinds"},
        {"naive.n4096.flops / naive.n4096.time", "different kinds"},
        {"naive.n4096.time + naive.n4096.gflops", "sums need equal units"},
        {"naive.n4096.time + 1", "sums need equal units"},
        {"naive.n4096.time / naive.n4096.gflops", "the units of this ratio do not fit"},
        {"naive.n4096.time * flash.n4096.time", "the units of this product do not fit"},
        {"naive.n4096.flops / naive.n4096.bytes", "the units of this ratio do not fit"},
        {"1 / naive.n4096.time", "the units of this ratio do not fit"},
        {"naive.n4096.h8.time / flash.n512.h4.time", "differ in heads"},
        {"flash.n1024.t2.f32.time / flash.n1024.t1.time", "different numbers of threads"},
        {"flash.n1024.t2.h8.f32.time / flash.n1024.bf16.time", "dtype"},
        {"machine.cpu + 1", "words cannot be calculated with"},
        {"1 / 0", "not a finite number"},
        {"naive.n4096.time / (1 - 1)", "not a finite number"},
        {"naive.n4096.time / (flash.n4096.time - flash.n4096.time)", "not a finite number"},
        {"0 / 0", "not a finite number"},
        {"1e999", "too large"},
        {"a", "too deeply"},
        {"torn", "cannot be read to its end"},
        {"", "a key or a number is missing"},
        {"1 +", "a key or a number is missing"},
        {"(1 + 2", "a parenthesis is never closed"},
        {"1 2", "cannot be read to its end"},
        {"8k", "cannot be read to its end"},
        {"((((((((((((((((((1))))))))))))))))))", "nested too deeply"},
        {"-1", "a key or a number is missing"},
        {"naive.n4096.time ; rm", "cannot be read to its end"},
    };
    struct desk desk;
    struct published *published;
    desk_open(&desk, named_deck);
    desk_add_case(&desk.record, "flash", 512, 4, 0.001);
    struct record_case *one = desk_add_case(&desk.record, "flash", 1024, 8, 0.005);
    one->threads = 1;
    one->key[strlen(one->key) - 1] = '1';
    struct record_case *half = desk_add_case(&desk.record, "flash", 1024, 8, 0.005);
    half->problem.dtype = DTYPE_BF16;
    free(half->key);
    half->key = strdup("flash.cpu.bf16.causal.n1024.d64.h8.b1.t2");
    assert_int_equal(published_open(&published, &desk.diags), STATUS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct value value;
        assert_int_equal(evaluate(&desk, cases[i].text, &value, published), STATUS_BAD_INPUT);
        must_say(&desk.diags, 9, cases[i].words);
        assert_int_equal(desk.diags.errors, 1);
        diags_free(&desk.diags);
    }
    published_close(published);
    desk_close(&desk);
}

static void unlike_devices_are_refused(void **state)
{
    (void)state;
    struct desk desk;
    struct value value;
    desk_open(&desk, "# A\n");
    desk_make_record(&desk.other);
    desk.record_count = 2;
    for (size_t i = 0; i < desk.other.case_count; i++)
        desk.other.cases[i].key[0] = 'x'; /* kernels of other names */
    must_be_clean(&desk.diags);
    assert_int_equal(evaluate(&desk, "xaive.n4096.time / flash.n4096.time", &value, NULL), STATUS_OK);
    desk.other.machine.cpu_name[0] = 'X';
    assert_int_equal(evaluate(&desk, "xaive.n4096.time / flash.n4096.time", &value, NULL), STATUS_BAD_INPUT);
    must_say(&desk.diags, 9, "different devices");
    assert_int_equal(evaluate(&desk, "xaive.n4096.time + flash.n4096.time", &value, NULL), STATUS_BAD_INPUT);
    desk_close(&desk);
}

/* The whole deck's bindings by the way that a slide's go. */
static size_t bind_all(struct desk *desk, struct binder **binder)
{
    assert_int_equal(binder_open(binder, &desk->deck, desk->records, desk->record_count, false, &desk->diags),
                     STATUS_OK);
    for (size_t s = 0; s < desk->deck.slide_count; s++)
        for (size_t b = 0; b < desk->deck.slides[s].block_count; b++) {
            const struct block *block = &desk->deck.slides[s].blocks[b];
            free(block->text ? bind_text(*binder, block->text, (int)s, block->line, &desk->diags) : NULL);
        }
    size_t count;
    binder_uses(*binder, &count);
    return count;
}

static void what_has_no_result_is_told_all_at_once(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# A\n\n"
                     "{{ flash.n8192.time }}\n\n"        /* 3: missing */
                     "{{ failed.n512.time }}\n\n"        /* 5 */
                     "{{ odd.n512.time }}\n\n"           /* 7: NaN */
                     "{{ flash.time }}\n\n"              /* 9: ambiguous */
                     "{{ published.gemini.contxt }}\n\n" /* 11 */
                     "{{ flash.n512.tim }}\n\n"          /* 13 */
                     "{{ flash.n512.time | ms 9 }}\n\n"  /* 15 */
                     "{{ flash.n512.time | MiB }}\n\n"   /* 17 */
                     "{{ flash.n512.time\n\n"            /* 19 */
                     "{{ naive.n512.stage.sftmax.time }}" /* 21 */);
    struct record_case *failed = desk_add_case(&desk.record, "failed", 512, 8, 1);
    failed->failed = true;
    failed->error = strdup("3 rows disagree with the oracle");
    desk_add_case(&desk.record, "odd", 512, 8, 1)->seconds.median = NAN;
    bind_all(&desk, &binder);
    must_say(&desk.diags, 3, "flash.n8192.time: no record holds this result");
    must_say(&desk.diags, 3, "flashdeck bench -a kernel=flash -a N=8192");
    must_say(&desk.diags, 5, "this case failed: 3 rows disagree with the oracle");
    must_say(&desk.diags, 7, "no finite number");
    must_say(&desk.diags, 9, "several results match");
    must_say(&desk.diags, 11, "gemini.context");
    must_say(&desk.diags, 13, "Did you mean time");
    must_say(&desk.diags, 15, "more digits");
    must_say(&desk.diags, 17, "does not fit");
    must_say(&desk.diags, 19, "never closed");
    must_say(&desk.diags, 21, "softmax");
    assert_int_equal(desk.diags.errors, 10);
    for (size_t i = 0; i < desk.diags.count; i++)
        assert_string_equal(desk.diags.items[i].file, "deck.md");
    binder_close(binder);
    desk_close(&desk);
}

static void stale_records_are_refused(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# A {{ flash.n512.time | ms 1 }}\n");
    desk.record.machine.sources[0] ^= 1;
    bind_all(&desk, &binder);
    must_say(&desk.diags, 1, "stale");
    must_say(&desk.diags, 1, "--allow-stale");
    binder_close(binder);
    desk_close(&desk);
}

static void else_words(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    struct value value;
    char *shown;
    desk_open(&desk, "# A\n");
    assert_int_equal(binder_open(&binder, &desk.deck, desk.records, 1, false, &desk.diags), STATUS_OK);
    assert_int_equal(
        bind_value(binder, "flash.n9.time | ms | else \"not | measured\"", 0, 1, &value, &shown, &desk.diags),
        STATUS_OK);
    assert_string_equal(shown, "not | measured");
    free(shown);
    assert_int_equal(bind_value(binder, "2 * flash.n9.time / 3 | else \"\"", 0, 1, &value, &shown, &desk.diags),
                     STATUS_OK);
    assert_string_equal(shown, "");
    free(shown);
    must_be_clean(&desk.diags);
    char *bound = bind_text(binder, "a {{ flash.n9.time | else \"&lt;b&gt; &amp; c\" }}", 0, 1, &desk.diags);
    assert_string_equal(bound, "a &lt;b&gt; &amp; c");
    free(bound);
    must_be_clean(&desk.diags);
    /* a fault is no missing result */
    static const char *const faults[] = {"naive.n512.time / published.bert.context | else \"none\"",
                                         "naive.n512.time + | else \"none\"", "naive.n512.time | GB | else \"none\"",
                                         "flash.n9.time | gigs | else \"none\""};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        assert_int_equal(bind_value(binder, faults[i], 0, 1, &value, &shown, &desk.diags), STATUS_BAD_INPUT);
        assert_int_equal(desk.diags.errors, i + 1);
    }
    size_t count;
    const struct binding *uses = binder_uses(binder, &count);
    assert_int_equal(count, 3);
    assert_string_equal(uses[0].words_else, "not | measured");
    struct source_line lines[4];
    assert_int_equal(binder_sources(binder, 0, lines), 0); /* words have no source */
    binder_close(binder);
    desk_close(&desk);
}

#define DOT "\xc2\xa0\xc2\xb7 "

static void source_lines(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk,
              "# {{ published.gemini.context | M 0 }} {{ published.bert.context | k 1 }}\n"
              "{{ published.gpt4.context | k 0 }} {{ published.gpt35.context | k 0 }}\n"
              "{{ flash.n512.bytes | MB }} {{ flash.n512.time }} {{ machine.l1 | else \"?\" }} {{ machine.cpu }}\n"
              "---\n# {{ flash.n512.time }} {{ naive.n512.time }}\n"
              "---\n# no numbers\n");
    desk.record.cases[0].sample_count = 9; /* naive at 512 */
    desk.record.cases[0].threads = 1;
    desk.record.machine.dirty = true;
    bind_all(&desk, &binder);
    must_be_clean(&desk.diags);
    struct source_line lines[4];
    assert_int_equal(binder_sources(binder, 0, lines), 3);
    assert_int_equal(lines[0].kind, KIND_MEASURED);
    assert_string_equal(lines[0].text, "Example E5" DOT "2 threads" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4+");
    assert_int_equal(lines[1].kind, KIND_COMPUTED);
    assert_string_equal(lines[1].text, "Q, K, V read once, O and log-sum-exp written once");
    assert_int_equal(lines[2].kind, KIND_PUBLISHED);
    assert_string_equal(lines[2].text, "Google 2024" DOT "BERT, 2018" DOT "OpenAI 2023");
    assert_int_equal(binder_sources(binder, 1, lines), 1);
    assert_string_equal(lines[0].text, "Example E5" DOT "1\xe2\x80\x93"
                                       "2 threads" DOT "median of 9\xe2\x80\x93"
                                       "15" DOT "2026-01-02" DOT "1a2b3c4+");
    assert_int_equal(binder_sources(binder, 2, lines), 0);
    binder_close(binder);
    desk_close(&desk);
}

/* A GPU's numbers are not told as the processor's beside it. */
static void the_gpu_is_named_where_it_measured(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# {{ flash.n512.time }}\n---\n# {{ naive.n512.time }} beside {{ flash.n512.time }}\n");
    strcpy(desk.record.machine.gpu.name, "A card");
    for (size_t i = 0; i < desk.record.case_count; i++)
        if (strcmp(desk.record.cases[i].kernel, "flash") == 0) {
            free(desk.record.cases[i].backend);
            desk.record.cases[i].backend = strdup("cuda");
            desk.record.cases[i].threads = 1;
        }
    bind_all(&desk, &binder);
    must_be_clean(&desk.diags);
    struct source_line lines[4];
    const char *card = "A card" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4";
    assert_int_equal(binder_sources(binder, 0, lines), 1);
    assert_string_equal(lines[0].text, card);
    assert_int_equal(binder_sources(binder, 1, lines), 1);
    const char *both = "Example E5" DOT "2 threads" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4; A card" DOT
                       "median of 15" DOT "2026-01-02" DOT "1a2b3c4";
    assert_string_equal(lines[0].text, both);
    binder_close(binder);
    desk_close(&desk);
}

static void two_records_on_a_slide_are_both_named(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# {{ flash.n512.time }} beside {{ xlash.n512.time }}\n");
    desk_make_record(&desk.other);
    desk.record_count = 2;
    for (size_t i = 0; i < desk.other.case_count; i++)
        desk.other.cases[i].key[0] = 'x';
    free(desk.other.machine.cpu_name);
    desk.other.machine.cpu_name = strdup("Another(TM) Processor");
    for (size_t i = 0; i < desk.other.case_count; i++) {
        desk.other.cases[i].sample_count = 9;
        desk.other.cases[i].threads = 1;
    }
    bind_all(&desk, &binder);
    must_be_clean(&desk.diags);
    struct source_line lines[4];
    assert_int_equal(binder_sources(binder, 0, lines), 1);
    assert_string_equal(lines[0].text, "Example E5" DOT "2 threads" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4; "
                                       "Another" DOT "1 thread" DOT "median of 9" DOT "2026-01-02" DOT "1a2b3c4");
    binder_close(binder);
    desk_close(&desk);
}

static void a_device_is_named_without_its_noise(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", "Intel Xeon Platinum 8481C"},
        {"AMD EPYC 9B14", "AMD EPYC 9B14"},
        {"AMD Ryzen 9 Processor", "AMD Ryzen 9"},
        {"", ""}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct machine machine = {.cpu_name = (char *)names[i][0]};
        char *name = sources_device(&machine);
        assert_string_equal(name, names[i][1]);
        free(name);
    }
}

static void a_series_notes_each_point(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    struct value *values;
    double *n;
    size_t count;
    desk_open(&desk, "# A\n");
    assert_int_equal(binder_open(&binder, &desk.deck, desk.records, 1, false, &desk.diags), STATUS_OK);
    assert_int_equal(bind_series(binder, "flash.d64", "time", 0, 3, &values, &n, &count, &desk.diags), STATUS_OK);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_true(n[i] == 512 << i);
        assert_true(values[i].number > 0);
    }
    free(values);
    free(n);
    binder_uses(binder, &count);
    assert_int_equal(count, 4);
    assert_int_not_equal(bind_series(binder, "flsh.d64", "time", 0, 3, &values, &n, &count, &desk.diags), STATUS_OK);
    must_say(&desk.diags, 3, "no record holds this result");
    free(values);
    free(n);
    desk_add_case(&desk.record, "flash", 512, 4, 0.001);
    assert_int_not_equal(bind_series(binder, "flash.d64", "time", 0, 4, &values, &n, &count, &desk.diags), STATUS_OK);
    must_say(&desk.diags, 4, "several results at N 512");
    free(values);
    free(n);
    binder_close(binder);
    desk_close(&desk);
}

static int occurrences(const char *text, const char *words)
{
    int count = 0;
    for (; (text = strstr(text, words)) != NULL; text += strlen(words))
        count++;
    return count;
}

static void explain_lists_every_number(void **state)
{
    (void)state;
    static const char source[] = "---\n"
                                 "let:\n"
                                 "  - {name: fast, is: \"naive.n4096.time / flash.n4096.time\"}\n"
                                 "---\n"
                                 "# {{ fast | x 1 }} and {{ flash.n512.time | ms }}\n\n"
                                 "`{{ not.bound }}` \\{{ nor.this }}\n\n"
                                 "```\n{{ nor.in.code }}\n```\n"
                                 "---\n"
                                 "## Published {{ published.gemini.context | M 0 }}\n\n"
                                 "- {{ naive.n512.stage.softmax.time }}\n"
                                 "- {{ flash.n9.time | else \"not measured\" }}\n\n"
                                 "```chart\n"
                                 "kind: bar\n"
                                 "rows:\n"
                                 "  - {name: naive, value: naive.n2048.time}\n"
                                 "  - {name: flash, value: flash.n2048.time}\n"
                                 "```\n"
                                 "---\n"
                                 "# none here\n";
    struct desk desk;
    desk_open(&desk, source);
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    assert_int_equal(deck_explain(&desk.deck, desk.records, 1, false, stream, &desk.diags), STATUS_OK);
    fclose(stream);
    must_be_clean(&desk.diags);
    assert_int_equal(occurrences(text, "  line "), 7);
    assert_int_equal(occurrences(text, "slide "), 3);
    static const char *const words[] = {"slide 1 of 3 (line 5)",
                                        "{{ fast | x 1 }}",
                                        "fast is naive.n4096.time / flash.n4096.time",
                                        "measured; flash.cpu.f32.causal.n512.d64.h8.b1.t2, median of 15, 99 % interval",
                                        "record made.json, Example(R) CPU E5 @ 2.00GHz, 2026-01-02T03:04:05+00:00, "
                                        "commit 1a2b3c4d5e",
                                        "published: Google 2024",
                                        "not measured",
                                        "no result: the deck's own words are shown",
                                        "naive.n2048.time",
                                        "  no numbers from records or publications"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strstr(text, words[i]))
            fail_msg("explain does not say \"%s\" in:\n%s", words[i], text);
    free(text);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_filter_shows_exactly),
        cmocka_unit_test(low_and_high_take_the_ends),
        cmocka_unit_test(digits_that_the_interval_does_not_carry),
        cmocka_unit_test(filters_that_do_not_fit),
        cmocka_unit_test(expressions_are_calculated),
        cmocka_unit_test(a_ratio_is_taken_in_pairs),
        cmocka_unit_test(intervals_with_signs),
        cmocka_unit_test(expressions_that_are_refused),
        cmocka_unit_test(unlike_devices_are_refused),
        cmocka_unit_test(what_has_no_result_is_told_all_at_once),
        cmocka_unit_test(stale_records_are_refused),
        cmocka_unit_test(else_words),
        cmocka_unit_test(source_lines),
        cmocka_unit_test(the_gpu_is_named_where_it_measured),
        cmocka_unit_test(two_records_on_a_slide_are_both_named),
        cmocka_unit_test(a_device_is_named_without_its_noise),
        cmocka_unit_test(a_series_notes_each_point),
        cmocka_unit_test(explain_lists_every_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
