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

#include "harness/changes.h"
#include "harness/stats.h"
#include "tests/harness/help_fakes.h"

#define GATE "tradeoff.gate.keep10.n8192.d64.h4.t2"

enum { GATE_AT = 16 }; /* points[GATE_AT] of the first trade-off is GATE */

struct pair {
    struct record before, after;
    struct changes changes;
    struct diags diags;
};

/* Trade-offs alone: no other row is compared beside what a test plants. */
static void begin(struct pair *pair)
{
    struct record *const both[] = {&pair->before, &pair->after};
    *pair = (struct pair){0};
    for (int i = 0; i < 2; i++) {
        fake_record(both[i]);
        fake_study(both[i]);
        while (both[i]->case_count > 0)
            record_remove(both[i], 0);
        record_free_modernberts(both[i]);
        record_free_efficiency(both[i]);
        free(both[i]->machine.sources);
        both[i]->machine.sources = strdup(i ? "new sources" : "old sources");
    }
}

static void through_a_file(struct record *record)
{
    char path[] = "/tmp/flashdeck-edges-XXXXXX";
    struct diags diags = {0};
    close(mkstemp(path));
    assert_int_equal(record_write(record, path, &diags), STATUS_OK);
    record_free(record);
    if (record_read(path, record, &diags) != STATUS_OK)
        fail_msg("%s", diags.items[0].what);
    unlink(path);
}

static enum status find(struct pair *pair, bool untimed)
{
    through_a_file(&pair->before);
    through_a_file(&pair->after);
    struct changes_request request = {
        .before = &pair->before, .after = &pair->after, .margin = CHANGES_MARGIN, .untimed = untimed};
    return changes_find(&request, &pair->changes, &pair->diags);
}

static void end(struct pair *pair)
{
    changes_free(&pair->changes);
    diags_free(&pair->diags);
    record_free(&pair->before);
    record_free(&pair->after);
}

static const struct change *change_of(const struct pair *pair, const char *key, const char *what)
{
    for (size_t i = 0; i < pair->changes.count; i++)
        if (strcmp(pair->changes.items[i].key, key) == 0 && strcmp(pair->changes.items[i].what, what) == 0)
            return &pair->changes.items[i];
    fail_msg("nothing was compared: %s of %s", what, key);
    return NULL;
}

static void expect_word(const struct pair *pair, const char *key, const char *what, const char *word)
{
    const struct change *change = change_of(pair, key, what);
    if (strcmp(change_word(change), word) != 0)
        fail_msg("%s of %s: %s, not %s", what, key, change_word(change), word);
}

static const struct change_alone *alone_of(const struct pair *pair, const char *key)
{
    for (size_t i = 0; i < pair->changes.alone_count; i++)
        if (strcmp(pair->changes.alone[i].key, key) == 0)
            return &pair->changes.alone[i];
    fail_msg("%s is not named", key);
    return NULL;
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
        struct pair pair;
        begin(&pair);
        judge_on(&pair.before.tradeoffs[0], models);
        judge_on(&pair.after.tradeoffs[0], models);
        keep_less(&pair.after.tradeoffs[0].points[GATE_AT], models);
        assert_int_equal(find(&pair, true), STATUS_OK);
        expect_word(&pair, GATE, "recall", models < 5 ? "inconclusive" : "QUALITY LOST");
        assert_int_equal(changes_status(&pair.changes, false), models < 5 ? STATUS_OK : STATUS_REGRESSED);
        if (models < 5)
            assert_string_equal(change_of(&pair, GATE, "recall")->why, "fewer than 5 models on a side");
        end(&pair);
    }
}

static void an_error_that_is_no_number_any_more_is_a_regression(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair);
    pair.after.tradeoffs[0].points[GATE_AT].relative_l2 = NAN;
    pair.before.tradeoffs[0].points[0].relative_l2 = NAN;
    assert_int_equal(find(&pair, true), STATUS_OK);
    expect_word(&pair, GATE, "error", "FAILS");
    assert_true(isnan(change_of(&pair, GATE, "error")->by.median));
    expect_word(&pair, "tradeoff.local.keep5.n8192.d64.h4.t2", "error", "repaired");
    assert_int_equal(changes_status(&pair.changes, false), STATUS_REGRESSED);
    end(&pair);
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
    struct pair pair;
    begin(&pair);
    lose_needles(&pair.after.tradeoffs[0].points[GATE_AT]);
    lose_needles(&pair.before.tradeoffs[0].points[0]);
    lose_needles(&pair.before.tradeoffs[0].points[1]); /* of neither: nothing to tell */
    lose_needles(&pair.after.tradeoffs[0].points[1]);
    assert_int_equal(find(&pair, true), STATUS_OK);
    assert_non_null(strstr(alone_of(&pair, GATE)->why, "only in the old record"));
    assert_int_equal(alone_of(&pair, "tradeoff.local.keep5.n8192.d64.h4.t2")->side, SIDE_NEW);
    assert_int_equal(pair.changes.alone_count, 2);
    assert_int_equal(pair.changes.missing, 1);
    assert_int_equal(changes_status(&pair.changes, true), STATUS_INCONCLUSIVE);
    end(&pair);
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
    struct pair pair;
    begin(&pair);
    many_samples(&pair.after.tradeoffs[0], CHANGES_MOST + 1);
    assert_int_equal(find(&pair, false), STATUS_OK);
    assert_non_null(strstr(alone_of(&pair, GATE)->why, "more samples"));
    for (size_t i = 0; i < pair.changes.count; i++)
        assert_false(strcmp(pair.changes.items[i].key, GATE) == 0 && strcmp(pair.changes.items[i].what, "time") == 0);
    end(&pair);
}

/* A comparison of nothing does not pass. */
static void nothing_compared_is_no_success(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair);
    for (size_t i = 0; i < 2; i++)
        pair.after.tradeoffs[i].problem.scale *= 2;
    assert_int_equal(find(&pair, false), STATUS_INCOMPARABLE);
    assert_non_null(strstr(pair.diags.items[0].what, "another problem under the same key"));
    assert_non_null(pair.diags.items[0].remedy);
    end(&pair);

    struct record *const both[] = {&pair.before, &pair.after};
    begin(&pair);
    for (int i = 0; i < 2; i++) {
        record_free(both[i]);
        fake_record(both[i]);
        fake_study(both[i]);
        while (both[i]->case_count > 0)
            record_remove(both[i], 0);
        record_free_tradeoffs(both[i]);
        record_free_efficiency(both[i]);
    }
    assert_int_equal(find(&pair, true), STATUS_INCOMPARABLE); /* ModernBERT's rows are times */
    assert_non_null(strstr(pair.diags.items[0].what, "what both hold are times"));
    assert_non_null(strstr(pair.diags.items[0].remedy, "--untimed"));
    end(&pair);
}

/* Results that are right in both were compared, if nothing else was. */
static void right_results_alone_are_a_success(void **state)
{
    (void)state;
    struct pair pair = {0};
    char words[CHANGES_ANSWER];
    fake_record(&pair.before);
    fake_record(&pair.after);
    assert_int_equal(find(&pair, true), STATUS_OK);
    changes_answer(&pair.changes, words, sizeof words);
    assert_string_equal(words, "no regression; nothing but results was compared, right in both records of 6 rows");
    end(&pair);
}

static struct counted_stage *add_count(struct record *record)
{
    struct record_counted *c = record_add_counted(record);
    struct attention_problem p = {
        .layers = 1, .batch = 1, .heads = 1, .kv_heads = 1, .len_q = 64, .len_kv = 64, .head_dim = 64, .scale = 0.125f};
    attention_mask_parse("full", &p.mask);
    assert_int_equal(record_name_counted(c, "flash_tiled", "flash", "tiles", NULL, &p), STATUS_OK);
    c->parts = 1;
    c->stages = calloc(1, sizeof *c->stages);
    c->stage_count = 1;
    c->stages[0] = (struct counted_stage){.name = "all",
                                          .hbm_read = 4096,
                                          .hbm_written = 2048,
                                          .sram_read = 512,
                                          .sram_written = 256,
                                          .launches = 1,
                                          .blocks = 1,
                                          .barriers = 4,
                                          .exchanges = 8,
                                          .products_m16n8k16 = 16,
                                          .formula_read = 4096,
                                          .formula_written = 2048};
    c->equal = true;
    c->least_bytes = c->theorem_bytes = 100;
    return &c->stages[0];
}

static void begin_counts(struct pair *pair, struct counted_stage **after)
{
    *pair = (struct pair){0};
    fake_record(&pair->before);
    fake_record(&pair->after);
    while (pair->before.case_count > 0)
        record_remove(&pair->before, 0);
    while (pair->after.case_count > 0)
        record_remove(&pair->after, 0);
    add_count(&pair->before);
    *after = add_count(&pair->after);
}

/* As much is moved in all, and yet not the same. */
static void reads_and_writes_are_counted_apart(void **state)
{
    (void)state;
    struct pair pair;
    struct counted_stage *stage;
    begin_counts(&pair, &stage);
    stage->hbm_read = stage->formula_read = 4096 + 64;
    stage->hbm_written = stage->formula_written = 2048 - 64;
    stage->sram_written += 1;
    stage->exchanges += 1;
    stage->products_m16n8k16 -= 1;
    assert_int_equal(find(&pair, false), STATUS_OK);
    const char *key = pair.after.counted[0].key;
    expect_word(&pair, key, "HBM read", "MORE BYTES");
    expect_word(&pair, key, "HBM written", "fewer bytes");
    expect_word(&pair, key, "SRAM read", "same");
    expect_word(&pair, key, "SRAM written", "MORE BYTES");
    expect_word(&pair, key, "exchanges", "MORE STEPS");
    expect_word(&pair, key, "products", "fewer steps");
    expect_word(&pair, key, "barriers", "same");
    assert_int_equal(changes_status(&pair.changes, false), STATUS_REGRESSED);
    end(&pair);
}

static void bytes_off_the_formula_are_wrong(void **state)
{
    (void)state;
    struct pair pair;
    struct counted_stage *stage;
    begin_counts(&pair, &stage);
    stage->hbm_read += 64;
    pair.after.counted[0].equal = false;
    assert_int_equal(find(&pair, false), STATUS_OK);
    expect_word(&pair, pair.after.counted[0].key, "result", "WRONG");
    expect_word(&pair, pair.after.counted[0].key, "HBM read", "MORE BYTES");
    assert_int_equal(changes_status(&pair.changes, false), STATUS_WRONG);
    end(&pair);
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
