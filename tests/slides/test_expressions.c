/* Expressions over records: what they give, and what they refuse. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_are_calculated), cmocka_unit_test(a_ratio_is_taken_in_pairs),
        cmocka_unit_test(intervals_with_signs),       cmocka_unit_test(expressions_that_are_refused),
        cmocka_unit_test(unlike_devices_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
