/* Two records compared: selection's quality and gains, ModernBERT, block-sparse efficiency; each loss has its own word.
 */
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

/* Each model keeps 3 points less of the mass; one of five finds fewer needles, the others as many. */
static void lost_quality_is_a_regression_of_its_own(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    struct record_point *p = &t.after.tradeoffs[0].points[GATE_AT], *q = p - 1, *r = p + 1;
    for (int m = 0; m < 5; m++) {
        p->recalls[m] -= 0.03;
        q->needle_shares[m] += 0.05;
        r->needle_shares[m] -= m == 2 ? 0.1 : 0;
    }
    p->recall = stats_estimate(p->recalls, 5);
    q->needles = stats_estimate(q->needle_shares, 5);
    r->needles = stats_estimate(r->needle_shares, 5);
    two_find(&t);
    two_expect_word(&t, GATE, "recall", "QUALITY LOST");
    const struct change *change = two_change(&t, GATE, "recall");
    assert_float_equal(change->by.median, -0.03, 1e-12);
    assert_float_equal(change->by.low, -0.03, 1e-12); /* paired: the models' own spread of .02 does not widen it */
    assert_true(change->by.level == 0.9375);
    two_expect_word(&t, GATE, "time", "same");
    two_expect_word(&t, "tradeoff.gate.keep5.n8192.d64.h4.t2", "needles", "quality gained");
    two_expect_word(&t, "tradeoff.gate.keep20.n8192.d64.h4.t2", "needles", "inconclusive");
    two_expect_regressions(&t, 1);
    assert_int_equal(changes_status(&t.changes, false), STATUS_REGRESSED);
    two_end(&t);
}

static void older_records_compare_by_their_intervals(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    struct record_point *old = &t.before.tradeoffs[0].points[GATE_AT], *new = &t.after.tradeoffs[0].points[GATE_AT];
    free(old->recalls);
    old->recalls = NULL;
    for (int m = 0; m < 5; m++)
        new->recalls[m] -= 0.03;
    new->recall = stats_estimate(new->recalls, 5);
    two_find(&t);
    const struct change *change = two_change(&t, GATE, "recall");
    assert_float_equal(change->by.low, -0.05, 1e-12);
    assert_float_equal(change->by.high, -0.01, 1e-12);
    assert_non_null(change->why);
    two_expect_word(&t, GATE, "recall", "QUALITY LOST");
    two_end(&t);
}

static void slower_selection_loses_its_gain(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    struct record_tradeoff *row = &t.after.tradeoffs[0];
    two_scale(row->points[GATE_AT].samples, row->sample_count, 1.2);
    /* A little more than the margin: lost among the rounds' times, clear where each is held against its dense run. */
    two_scale(row->points[GATE_AT + 1].samples, row->sample_count, 1.012);
    record_settle_tradeoff(row);
    two_find(&t);
    two_expect_word(&t, "tradeoff.gate.keep20.n8192.d64.h4.t2", "time", "inconclusive");
    two_expect_word(&t, "tradeoff.gate.keep20.n8192.d64.h4.t2", "over dense", "LESS GAIN");
    two_expect_word(&t, GATE, "time", "SLOWER");
    two_expect_word(&t, GATE, "over dense", "LESS GAIN");
    two_expect_regressions(&t, 3);
    two_end(&t);
}

/* A gain that fell because dense flash got faster is no loss of the selection's; the selection's own is. */
static void a_faster_baseline_is_no_regression(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    struct record_tradeoff *row = &t.after.tradeoffs[0];
    two_scale(row->dense, row->sample_count, 0.8);
    record_settle_tradeoff(row);
    two_scale(t.after.efficiency[0].dense, 9, 0.8);
    two_scale(t.after.efficiency[0].dense_processor, 9, 0.8);
    record_settle_efficiency(&t.after.efficiency[0]);
    struct record_modernbert *fixed = &t.after.modernberts[0], *variable = &t.after.modernberts[1];
    two_scale(fixed->ways[0].samples, ROUNDS, 0.8);
    record_settle_modernbert(fixed);
    two_scale(variable->ways[0].samples, ROUNDS, 0.8);
    two_scale(variable->ways[1].samples, ROUNDS, 1.1);
    record_settle_modernbert(variable);
    two_find(&t);
    two_expect_word(&t, FIXED, "alternation", "baseline faster");
    two_expect_word(&t, VARIABLE, "alternation", "LESS GAIN");
    two_expect_word(&t, VARIABLE, "alternating", "SLOWER");
    two_expect_word(&t, VARIABLE, "packing", "more gain");
    two_expect_word(&t, "tradeoff.n8192.d64.h4.t2", "dense time", "faster");
    two_expect_word(&t, GATE, "over dense", "baseline faster");
    two_expect_word(&t, SPARSE, "price, wall", "baseline faster");
    two_expect_regressions(&t, 3); /* and packing of the alternating stack, which itself is slower */
    two_end(&t);
}

static void modernbert_and_efficiency_regress(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    struct record_modernbert *row = &t.after.modernberts[0];
    two_scale(row->ways[0].samples, ROUNDS, 1.3); /* a machine that is slower now, for both ways ... */
    two_scale(row->ways[1].samples, ROUNDS, 1.5); /* ... and alternation, which is slower still */
    record_settle_modernbert(row);
    two_scale(t.after.efficiency[0].samples, 9, 1.1);
    record_settle_efficiency(&t.after.efficiency[0]);
    two_find(&t);
    two_expect_word(&t, FIXED, "alternating", "SLOWER");
    two_expect_word(&t, FIXED, "alternation", "LESS GAIN");
    assert_float_equal(two_change(&t, FIXED, "alternation")->by.median, 1.3 / 1.5, 1e-3);
    two_expect_word(&t, SPARSE, "time", "SLOWER");
    two_expect_word(&t, SPARSE, "price, wall", "DEARER");
    two_expect_word(&t, SPARSE, "price, processor", "same");
    assert_float_equal(two_change(&t, SPARSE, "price, wall")->before.median, 1.1, 1e-9);
    two_expect_regressions(&t, 5);
    two_end(&t);
}

static void fail_point(struct record_point *point, const char *why)
{
    point->failed = true;
    point->error = strdup(why);
    free(point->samples);
    point->samples = NULL;
}

static void wrong_results_weigh_most(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    fail_point(&t.after.tradeoffs[0].points[GATE_AT], "row 7 is off");
    record_settle_tradeoff(&t.after.tradeoffs[0]);
    fail_point(&t.before.tradeoffs[1].points[0], "row 9 was off");
    record_settle_tradeoff(&t.before.tradeoffs[1]);
    two_scale_case(&t.after, FLASH, 2);
    two_find(&t);
    two_expect_word(&t, GATE, "result", "WRONG");
    assert_string_equal(two_change(&t, GATE, "result")->why, "row 7 is off");
    two_expect_word(&t, "tradeoff.local.keep5.n2048.d64.h4.t2", "result", "repaired");
    assert_int_equal(changes_status(&t.changes, false), STATUS_WRONG);
    two_end(&t);
}

static void other_problems_under_one_key_are_told(void **state)
{
    (void)state;
    struct two_records t;
    two_begin(&t);
    t.after.tradeoffs[1].documents = 4;
    t.after.modernberts[1].tokens += 64;
    record_settle_modernbert(&t.after.modernberts[1]);
    t.after.efficiency[1].density *= 1.001;
    record_settle_efficiency(&t.after.efficiency[1]);
    two_replace(&t.after.cases[0].fill, "zeros");
    two_find(&t);
    assert_non_null(strstr(two_alone(&t, "tradeoff.n2048.d64.h4.t2")->why, "judged on other"));
    assert_non_null(strstr(two_alone(&t, VARIABLE)->why, "other sequences"));
    assert_non_null(strstr(two_alone(&t, t.after.efficiency[1].key)->why, "other blocks"));
    assert_non_null(strstr(two_alone(&t, t.after.cases[0].key)->why, "other inputs"));
    two_expect_word(&t, "tradeoff.gate.keep10.n2048.d64.h4.t2", "time", "same");
    for (size_t i = 0; i < t.changes.count; i++)
        assert_false(strcmp(t.changes.items[i].key, "tradeoff.gate.keep10.n2048.d64.h4.t2") == 0 &&
                     t.changes.items[i].measure == MEASURE_QUALITY);
    two_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_quality_is_a_regression_of_its_own),
        cmocka_unit_test(older_records_compare_by_their_intervals),
        cmocka_unit_test(slower_selection_loses_its_gain),
        cmocka_unit_test(a_faster_baseline_is_no_regression),
        cmocka_unit_test(modernbert_and_efficiency_regress),
        cmocka_unit_test(wrong_results_weigh_most),
        cmocka_unit_test(other_problems_under_one_key_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
