/* The edges of a comparison of two records: what must not pass unseen because it cannot be judged. All records go
 * through the writer and the reader. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/stats.h"
#include "tests/harness/help_changes.h"
#include "tests/harness/help_fakes.h"

static void only_tradeoffs(struct record *record)
{
    while (record->case_count > 0)
        record_remove(record, 0);
    record_free_modernberts(record);
    record_free_efficiency(record);
}

/* Trade-offs alone: no other row is compared beside what a test plants. */
static void begin(struct two_records *t)
{
    two_begin(t);
    only_tradeoffs(&t->before);
    only_tradeoffs(&t->after);
}

/* Judged on so many models, the first of the five. */
static void judge_on(struct record_tradeoff *row, int models)
{
    row->models = models;
    for (size_t p = 0; p < row->point_count; p++) {
        row->points[p].recall = stats_estimate(row->points[p].recalls, (size_t)models);
        row->points[p].needles = stats_estimate(row->points[p].needle_shares, (size_t)models);
    }
}

static void keep_less(struct record_point *point, int models)
{
    for (int m = 0; m < models; m++)
        point->recalls[m] -= 0.2;
    point->recall = stats_estimate(point->recalls, (size_t)models);
}

/* One seed, or four, are no evidence, however much is lost; five are. */
static void few_models_tell_nothing(void **state)
{
    (void)state;
    for (int models = 1; models <= 5; models += 1 + 2 * (models == 1)) {
        struct two_records t;
        begin(&t);
        judge_on(&t.before.tradeoffs[0], models);
        judge_on(&t.after.tradeoffs[0], models);
        keep_less(&t.after.tradeoffs[0].points[GATE_AT], models);
        assert_int_equal(two_find_untimed(&t, true), STATUS_OK);
        two_expect_word(&t, GATE, "recall", models < 5 ? "inconclusive" : "QUALITY LOST");
        assert_int_equal(changes_status(&t.changes, false), models < 5 ? STATUS_OK : STATUS_REGRESSED);
        if (models < 5)
            assert_string_equal(two_change(&t, GATE, "recall")->why, "fewer than 5 models on a side");
        two_end(&t);
    }
}

static void an_error_that_is_no_number_any_more_is_a_regression(void **state)
{
    (void)state;
    struct two_records t;
    begin(&t);
    t.after.tradeoffs[0].points[GATE_AT].relative_l2 = NAN;
    t.before.tradeoffs[0].points[0].relative_l2 = NAN;
    assert_int_equal(two_find_untimed(&t, true), STATUS_OK);
    two_expect_word(&t, GATE, "error", "FAILS");
    assert_true(isnan(two_change(&t, GATE, "error")->by.median));
    two_expect_word(&t, "tradeoff.local.keep5.n8192.d64.h4.t2", "error", "repaired");
    assert_int_equal(changes_status(&t.changes, false), STATUS_REGRESSED);
    two_end(&t);
}

static void lose_needles(struct record_point *point)
{
    free(point->needle_shares);
    point->needle_shares = NULL;
    point->needles = (struct estimate){NAN, NAN, NAN, 0};
}

static void needles_of_one_record_are_named(void **state)
{
    (void)state;
    struct two_records t;
    begin(&t);
    lose_needles(&t.after.tradeoffs[0].points[GATE_AT]);
    lose_needles(&t.before.tradeoffs[0].points[0]);
    lose_needles(&t.before.tradeoffs[0].points[1]); /* of neither: nothing to tell */
    lose_needles(&t.after.tradeoffs[0].points[1]);
    assert_int_equal(two_find_untimed(&t, true), STATUS_OK);
    assert_non_null(strstr(two_alone(&t, GATE)->why, "only in the old record"));
    assert_int_equal(two_alone(&t, "tradeoff.local.keep5.n8192.d64.h4.t2")->side, SIDE_NEW);
    assert_int_equal(t.changes.alone_count, 2);
    assert_int_equal(t.changes.missing, 1);
    assert_int_equal(changes_status(&t.changes, true), STATUS_INCONCLUSIVE);
    two_end(&t);
}

static void many_samples(struct record_tradeoff *row, size_t count)
{
    row->sample_count = count;
    row->dense = realloc(row->dense, count * sizeof *row->dense);
    for (size_t i = 0; i < count; i++)
        row->dense[i] = 1;
    for (size_t p = 0; p < row->point_count; p++) {
        row->points[p].samples = realloc(row->points[p].samples, count * sizeof *row->dense);
        memcpy(row->points[p].samples, row->dense, count * sizeof *row->dense);
    }
    record_settle_tradeoff(row);
}

static void too_many_samples_are_named_and_not_ranked(void **state)
{
    (void)state;
    struct two_records t;
    begin(&t);
    many_samples(&t.after.tradeoffs[0], CHANGES_MOST + 1);
    assert_int_equal(two_find_untimed(&t, false), STATUS_OK);
    assert_non_null(strstr(two_alone(&t, GATE)->why, "more samples"));
    for (size_t i = 0; i < t.changes.count; i++)
        assert_false(strcmp(t.changes.items[i].key, GATE) == 0 && strcmp(t.changes.items[i].what, "time") == 0);
    two_end(&t);
}

/* A comparison of nothing does not pass. */
static void nothing_compared_is_no_success(void **state)
{
    (void)state;
    struct two_records t;
    begin(&t);
    for (size_t i = 0; i < 2; i++)
        t.after.tradeoffs[i].problem.scale *= 2;
    assert_int_equal(two_find_untimed(&t, false), STATUS_INCOMPARABLE);
    assert_non_null(strstr(t.diags.items[0].what, "another problem under the same key"));
    assert_non_null(t.diags.items[0].remedy);
    two_end(&t);

    two_begin(&t);
    record_free_efficiency(&t.after);
    record_free_tradeoffs(&t.after);
    while (t.after.case_count > 0)
        record_remove(&t.after, 0);
    assert_int_equal(two_find_untimed(&t, true), STATUS_INCOMPARABLE); /* ModernBERT's rows are times */
    assert_non_null(strstr(t.diags.items[0].what, "what both hold are times"));
    assert_non_null(strstr(t.diags.items[0].remedy, "--untimed"));
    two_end(&t);
}

/* Results that are right in both were compared, if nothing else was. */
static void right_results_alone_are_a_success(void **state)
{
    (void)state;
    struct two_records t = {0};
    char words[CHANGES_ANSWER];
    fake_record(&t.before);
    fake_record(&t.after);
    assert_int_equal(two_find_untimed(&t, true), STATUS_OK);
    changes_answer(&t.changes, words, sizeof words);
    assert_string_equal(words, "no regression; nothing but results was compared, right in both records of 6 rows");
    two_end(&t);
}

static void begin_counts(struct two_records *t, struct counted_stage **after)
{
    *t = (struct two_records){0};
    fake_record(&t->before);
    fake_record(&t->after);
    while (t->before.case_count > 0)
        record_remove(&t->before, 0);
    while (t->after.case_count > 0)
        record_remove(&t->after, 0);
    two_add_count(&t->before, 4096);
    *after = two_add_count(&t->after, 4096);
}

/* As much is moved in all, and yet not the same. */
static void reads_and_writes_are_counted_apart(void **state)
{
    (void)state;
    struct two_records t;
    struct counted_stage *stage;
    begin_counts(&t, &stage);
    stage->hbm_read = stage->formula_read = 4096 + 64;
    stage->hbm_written = stage->formula_written = 2048 - 64;
    stage->sram_written += 1;
    stage->exchanges += 1;
    stage->products_m16n8k16 -= 1;
    assert_int_equal(two_find_untimed(&t, false), STATUS_OK);
    const char *key = t.after.counted[0].key;
    two_expect_word(&t, key, "HBM read", "MORE BYTES");
    two_expect_word(&t, key, "HBM written", "fewer bytes");
    two_expect_word(&t, key, "SRAM read", "same");
    two_expect_word(&t, key, "SRAM written", "MORE BYTES");
    two_expect_word(&t, key, "exchanges", "MORE STEPS");
    two_expect_word(&t, key, "products", "fewer steps");
    two_expect_word(&t, key, "barriers", "same");
    assert_int_equal(changes_status(&t.changes, false), STATUS_REGRESSED);
    two_end(&t);
}

static void bytes_off_the_formula_are_wrong(void **state)
{
    (void)state;
    struct two_records t;
    struct counted_stage *stage;
    begin_counts(&t, &stage);
    stage->hbm_read += 64;
    t.after.counted[0].equal = false;
    assert_int_equal(two_find_untimed(&t, false), STATUS_OK);
    two_expect_word(&t, t.after.counted[0].key, "result", "WRONG");
    two_expect_word(&t, t.after.counted[0].key, "HBM read", "MORE BYTES");
    assert_int_equal(changes_status(&t.changes, false), STATUS_WRONG);
    two_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_models_tell_nothing),
        cmocka_unit_test(an_error_that_is_no_number_any_more_is_a_regression),
        cmocka_unit_test(needles_of_one_record_are_named),
        cmocka_unit_test(too_many_samples_are_named_and_not_ranked),
        cmocka_unit_test(nothing_compared_is_no_success),
        cmocka_unit_test(right_results_alone_are_a_success),
        cmocka_unit_test(reads_and_writes_are_counted_apart),
        cmocka_unit_test(bytes_off_the_formula_are_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
