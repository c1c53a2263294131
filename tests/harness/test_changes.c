/* Two records compared: what was planted in kernels is found under its own word, what was not stays quiet, and what
 * cannot be compared is refused or named. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/stats.h"
#include "tests/harness/help_changes.h"
#include "tests/harness/help_fakes.h"

static void alike_records_are_the_same(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    two_find(&t);
    /* Six cases; two trade-offs of dense and 25 points x 5; ModernBERT 2 ways and a gain, 4 ways and 3 gains; two
     * efficiencies of time and two prices, and the dense run beside both. */
    assert_int_equal(t.changes.count, 6 + 2 * (1 + 25 * 5) + 3 + 7 + 2 * 3 + 1);
    assert_int_equal(t.changes.verdicts[CHANGE_SAME], t.changes.count);
    assert_int_equal(t.changes.alone_count, 0);
    assert_int_equal(changes_status(&t.changes, true), STATUS_OK);
    two_end(&t);
}

static void a_slower_kernel_is_a_regression(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    two_scale_case(&t.after, FLASH, 1.05);
    two_scale_case(&t.after, "naive.cpu.f32.full.n1024.d64.h8.b1.t2", 0.9);
    two_find(&t);
    two_expect_word(&t, FLASH, "time", "SLOWER");
    two_expect_word(&t, "naive.cpu.f32.full.n1024.d64.h8.b1.t2", "time", "faster");
    const struct change *change = two_change(&t, FLASH, "time");
    assert_float_equal(change->by.median, 1.05, 1e-9);
    assert_true(change->by.low > 1.04 && change->by.high < 1.06 && change->by.level >= 0.99 && change->delta == 1);
    two_expect_regressions(&t, 1);
    assert_int_equal(changes_status(&t.changes, false), STATUS_REGRESSED);
    two_end(&t);
}

static void within_the_margin_or_over_it_with_a_part_is_no_regression(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    two_scale_case(&t.after, FLASH, 1.004);
    two_scale_case(&t.after, "flash.cpu.f32.full.n512.d64.h8.b1.t2", 1.01);
    two_find(&t);
    two_expect_word(&t, FLASH, "time", "same");
    two_expect_word(&t, "flash.cpu.f32.full.n512.d64.h8.b1.t2", "time", "inconclusive");
    assert_int_equal(changes_status(&t.changes, false), STATUS_OK);
    assert_int_equal(changes_status(&t.changes, true), STATUS_INCONCLUSIVE);
    two_end(&t);
}

static void too_few_repetitions_tell_nothing(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    struct record_case *c = (struct record_case *)record_case_by_key(&t.after, FLASH);
    c->sample_count = 5;
    two_scale_case(&t.after, FLASH, 2);
    two_find(&t);
    two_expect_word(&t, FLASH, "time", "inconclusive");
    assert_non_null(two_change(&t, FLASH, "time")->why);
    two_end(&t);
}

static void noise_of_the_old_state_widens_the_margin(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    t.noisy = true;
    two_scale_case(&t.after, FLASH, 1.05);
    two_scale_case(&t.again, FLASH, 0.93);
    two_scale_case(&t.after, "flash.cpu.f32.full.n512.d64.h8.b1.t2", 1.05);
    two_find(&t);
    two_expect_word(&t, FLASH, "time", "same");
    assert_true(two_change(&t, FLASH, "time")->margin > 0.075); /* the farther end */
    two_expect_word(&t, "flash.cpu.f32.full.n512.d64.h8.b1.t2", "time", "SLOWER");
    assert_true(t.changes.noise > 0.07);
    two_end(&t);
}

static void the_same_code_is_never_slower(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    two_replace(&t.after.machine.sources, "old sources");
    two_scale_case(&t.after, FLASH, 2);
    t.after.tradeoffs[0].points[GATE_AT].relative_l2 *= 2; /* what no clock took part in counts as ever */
    two_find(&t);
    two_expect_word(&t, FLASH, "time", "same code");
    two_expect_word(&t, GATE, "error", "LARGER ERROR");
    two_expect_regressions(&t, 1);
    two_end(&t);
}

static void what_one_record_lacks_is_named(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    record_remove(&t.after, 1);
    record_remove_modernbert(&t.after, 0);
    record_remove_efficiency(&t.before, 0);
    two_replace(&t.after.tradeoffs[0].points[GATE_AT].selector, "halves");
    free(t.after.tradeoffs[0].points[GATE_AT].key);
    t.after.tradeoffs[0].points[GATE_AT].key = record_key_point(&t.after.tradeoffs[0], "halves", 0.1);
    two_find(&t);
    assert_int_equal(two_alone(&t, t.before.cases[1].key)->side, SIDE_OLD);
    assert_int_equal(two_alone(&t, FIXED)->side, SIDE_OLD);
    assert_int_equal(two_alone(&t, SPARSE)->side, SIDE_NEW);
    assert_int_equal(two_alone(&t, GATE)->side, SIDE_OLD);
    assert_int_equal(two_alone(&t, "tradeoff.halves.keep10.n8192.d64.h4.t2")->side, SIDE_NEW);
    assert_int_equal(t.changes.missing, 3);
    assert_int_equal(changes_status(&t.changes, false), STATUS_OK);
    assert_int_equal(changes_status(&t.changes, true), STATUS_INCONCLUSIVE);
    two_end(&t);
}

static void expect_incomparable(struct two_records *t, const char *words)
{
    struct changes_request untimed = {.before = &t->before, .after = &t->after, .margin = 0.01, .untimed = true};
    assert_int_equal(two_find_untimed(t, false), STATUS_INCOMPARABLE);
    if (!strstr(t->diags.items[0].what, words))
        fail_msg("'%s' does not say '%s'", t->diags.items[0].what, words);
    assert_non_null(t->diags.items[0].remedy);
    changes_free(&t->changes);
    assert_int_equal(changes_find(&untimed, &t->changes, &t->diags), STATUS_OK);
    for (size_t i = 0; i < t->changes.count; i++)
        assert_true(t->changes.items[i].measure == MEASURE_QUALITY || t->changes.items[i].measure == MEASURE_ERROR);
    assert_int_equal(t->changes.count, 2 * 25 * 3);
    two_end(t);
}

static void other_processor(struct two_records *t)
{
    two_replace(&t->after.machine.cpu_name, "Other CPU");
}

static void more_processors(struct two_records *t)
{
    t->after.machine.num_cpus = 3;
}

static void other_policy(struct two_records *t)
{
    t->after.machine.governor = strdup("powersave");
}

static void other_build(struct two_records *t)
{
    two_replace(&t->after.machine.build_type, "debug");
}

static void a_gpu(struct two_records *t)
{
    strcpy(t->after.machine.gpu.name, "A GPU");
}

static void less_power(struct two_records *t)
{
    strcpy(t->before.machine.gpu.name, "A GPU");
    strcpy(t->after.machine.gpu.name, "A GPU");
    t->before.machine.gpu.power_limit = 700;
    t->after.machine.gpu.power_limit = 500;
}

static void times_of_another_machine_are_refused(void **state)
{
    (void)state;
    static const struct {
        void (*change)(struct two_records *t);
        const char *words;
    } others[] = {{other_processor, "another processor: Other CPU, and it was Fake CPU"},
                  {more_processors, "number of processors: 3, and it was 2"},
                  {other_policy, "clock policy: powersave, and it was none"},
                  {other_build, "type of build: debug, and it was release"},
                  {a_gpu, "GPU: A GPU, and it was none"},
                  {less_power, "power limit: 500, and it was 700"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct two_records t;
        two_begin(&t);
        others[i].change(&t);
        expect_incomparable(&t, others[i].words);
    }
}

static void nothing_in_common_is_an_error(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    while (t.after.case_count > 1)
        record_remove(&t.after, 0);
    while (t.before.case_count > 1)
        record_remove(&t.before, 1);
    record_free_tradeoffs(&t.after);
    record_free_modernberts(&t.after);
    record_free_efficiency(&t.before);
    assert_int_equal(two_find_untimed(&t, false), STATUS_BAD_INPUT);
    assert_non_null(strstr(t.diags.items[0].what, "no row of it is in"));
    two_end(&t);
}

/* Of different machines, too: no clock took part. */
static void counted_bytes_are_exact(void **state)
{
    (void)state;
    struct two_records t = {0};
    fake_record(&t.before);
    fake_record(&t.after);
    fake_record(&t.again);
    while (t.after.case_count > 0)
        record_remove(&t.after, 0);
    two_replace(&t.after.machine.cpu_name, "Other CPU");
    two_add_count(&t.before, 4096);
    two_add_count(&t.after, 4100);
    struct changes_request request = {.before = &t.before, .after = &t.after, .margin = 0.01};
    assert_int_equal(changes_find(&request, &t.changes, &t.diags), STATUS_OK);
    two_expect_word(&t, t.after.counted[0].key, "HBM read", "MORE BYTES");
    two_expect_word(&t, t.after.counted[0].key, "barriers", "same");
    two_expect_regressions(&t, 1);
    two_end(&t);
}

static void the_answer_counts_each_word(void **state)
{
    (void)state;
    struct two_records t;
    char words[CHANGES_ANSWER];
    two_begin(&t);
    two_scale_case(&t.after, FLASH, 1.05);
    two_scale_case(&t.after, "flash.cpu.f32.full.n512.d64.h8.b1.t2", 1.05);
    two_scale_case(&t.after, "flash.cpu.f32.full.n2048.d64.h8.b1.t2", 0.5);
    record_remove_modernbert(&t.after, 0);
    two_find(&t);
    changes_answer(&t.changes, words, sizeof words);
    assert_string_equal(words, "2 SLOWER, 1 faster; 269 of 272 compared are the same; 1 row is missing from the new "
                               "record");
    two_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike_records_are_the_same),
        cmocka_unit_test(a_slower_kernel_is_a_regression),
        cmocka_unit_test(within_the_margin_or_over_it_with_a_part_is_no_regression),
        cmocka_unit_test(too_few_repetitions_tell_nothing),
        cmocka_unit_test(noise_of_the_old_state_widens_the_margin),
        cmocka_unit_test(the_same_code_is_never_slower),
        cmocka_unit_test(what_one_record_lacks_is_named),
        cmocka_unit_test(times_of_another_machine_are_refused),
        cmocka_unit_test(nothing_in_common_is_an_error),
        cmocka_unit_test(counted_bytes_are_exact),
        cmocka_unit_test(the_answer_counts_each_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
