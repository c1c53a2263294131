/* Two records compared: what was planted is found under its own word, what was not stays quiet, and what cannot be
 * compared is refused or named. Both records go through the writer and the reader. */
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

#define GATE     "tradeoff.gate.keep10.n8192.d64.h4.t2"
#define FIXED    "modernbert.base.fixed_8192.h2.t2"
#define VARIABLE "modernbert.base.variable_8192.h2.t2"
#define SPARSE   "efficiency.scattered.keep10.causal.n8192.d64.h4.t2"
#define FLASH    "flash.cpu.f32.full.n1024.d64.h8.b1.t2"

enum { GATE_AT = 16, ROUNDS = 9 }; /* points[GATE_AT] of the first trade-off is GATE */

struct test {
    struct record before, after, again;
    bool noisy; /* `again` takes part */
    struct changes changes;
    struct diags diags;
};

static void replace(char **text, const char *with)
{
    free(*text);
    *text = strdup(with);
}

/* Rounds that differ by little, as on a quiet machine. */
static void calm(double *samples)
{
    for (size_t i = 0; i < ROUNDS; i++)
        samples[i] = samples[0] * (1 + 0.0005 * (double)i);
}

static void calm_tradeoff(struct record_tradeoff *row)
{
    calm(row->dense);
    for (size_t p = 0; p < row->point_count; p++)
        calm(row->points[p].samples);
    record_settle_tradeoff(row);
}

/* With as many rounds as the others have. */
static void calm_modernbert(struct record_modernbert *row)
{
    for (size_t w = 0; w < row->way_count; w++) {
        row->ways[w].samples = realloc(row->ways[w].samples, ROUNDS * sizeof(double));
        free(row->ways[w].rope);
        row->ways[w].rope = calloc(ROUNDS, sizeof(double));
        calm(row->ways[w].samples);
    }
    row->sample_count = ROUNDS;
    record_settle_modernbert(row);
}

static void calm_efficiency(struct record_efficiency *row)
{
    double *const all[] = {row->samples, row->dense, row->processor, row->dense_processor};
    for (size_t a = 0; a < sizeof all / sizeof all[0]; a++)
        calm(all[a]);
    record_settle_efficiency(row);
}

static void make(struct record *record, const char *sources)
{
    fake_record(record);
    fake_study(record);
    replace(&record->machine.sources, sources);
    for (size_t i = 0; i < 2; i++) {
        calm_tradeoff(&record->tradeoffs[i]);
        calm_modernbert(&record->modernberts[i]);
        calm_efficiency(&record->efficiency[i]);
    }
}

static void begin(struct test *t)
{
    *t = (struct test){0};
    make(&t->before, "old sources");
    make(&t->after, "new sources");
    make(&t->again, "old sources");
}

static void through_a_file(struct record *record)
{
    char path[] = "/tmp/flashdeck-changes-XXXXXX";
    struct diags diags = {0};
    close(mkstemp(path));
    assert_int_equal(record_write(record, path, &diags), STATUS_OK);
    record_free(record);
    if (record_read(path, record, &diags) != STATUS_OK)
        fail_msg("%s", diags.items[0].what);
    unlink(path);
}

static enum status find_untimed(struct test *t, bool untimed)
{
    through_a_file(&t->before);
    through_a_file(&t->after);
    struct changes_request request = {.before = &t->before,
                                      .after = &t->after,
                                      .again = t->noisy ? &t->again : NULL,
                                      .margin = CHANGES_MARGIN,
                                      .untimed = untimed};
    return changes_find(&request, &t->changes, &t->diags);
}

static void find(struct test *t)
{
    if (find_untimed(t, false) != STATUS_OK)
        fail_msg("%s", t->diags.items[0].what);
}

static void end(struct test *t)
{
    changes_free(&t->changes);
    diags_free(&t->diags);
    record_free(&t->before);
    record_free(&t->after);
    record_free(&t->again);
}

static const struct change *change_of(const struct test *t, const char *key, const char *what)
{
    for (size_t i = 0; i < t->changes.count; i++)
        if (strcmp(t->changes.items[i].key, key) == 0 && strcmp(t->changes.items[i].what, what) == 0)
            return &t->changes.items[i];
    fail_msg("nothing was compared: %s of %s", what, key);
    return NULL;
}

static void expect_word(const struct test *t, const char *key, const char *what, const char *word)
{
    const struct change *change = change_of(t, key, what);
    if (strcmp(change_word(change), word) != 0)
        fail_msg("%s of %s: %s, not %s (%g [%g, %g])", what, key, change_word(change), word, change->by.median,
                 change->by.low, change->by.high);
}

/* That nothing but `count` things got worse. */
static void expect_regressions(const struct test *t, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < t->changes.count; i++)
        found += change_is_regression(&t->changes.items[i]);
    assert_int_equal(found, count);
}

static const struct change_alone *alone_of(const struct test *t, const char *key)
{
    for (size_t i = 0; i < t->changes.alone_count; i++)
        if (strcmp(t->changes.alone[i].key, key) == 0)
            return &t->changes.alone[i];
    fail_msg("%s is not named", key);
    return NULL;
}

static void scale(double *values, size_t count, double factor)
{
    for (size_t i = 0; i < count; i++)
        values[i] *= factor;
}

static void scale_case(struct record *record, const char *key, double factor)
{
    struct record_case *c = (struct record_case *)record_case_by_key(record, key);
    scale(c->samples, c->sample_count, factor);
    c->seconds = stats_estimate(c->samples, c->sample_count);
}

static void alike_records_are_the_same(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    find(&t);
    /* Six cases; two trade-offs of dense and 25 points x 5; ModernBERT 2 ways and a gain, 4 ways and 3 gains; two
     * efficiencies of time and two prices, and the dense run beside both. */
    assert_int_equal(t.changes.count, 6 + 2 * (1 + 25 * 5) + 3 + 7 + 2 * 3 + 1);
    assert_int_equal(t.changes.verdicts[CHANGE_SAME], t.changes.count);
    assert_int_equal(t.changes.alone_count, 0);
    assert_int_equal(changes_status(&t.changes, true), STATUS_OK);
    end(&t);
}

static void a_slower_kernel_is_a_regression(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    scale_case(&t.after, FLASH, 1.05);
    scale_case(&t.after, "naive.cpu.f32.full.n1024.d64.h8.b1.t2", 0.9);
    find(&t);
    expect_word(&t, FLASH, "time", "SLOWER");
    expect_word(&t, "naive.cpu.f32.full.n1024.d64.h8.b1.t2", "time", "faster");
    const struct change *change = change_of(&t, FLASH, "time");
    assert_float_equal(change->by.median, 1.05, 1e-9);
    assert_true(change->by.low > 1.04 && change->by.high < 1.06 && change->by.level >= 0.99 && change->delta == 1);
    expect_regressions(&t, 1);
    assert_int_equal(changes_status(&t.changes, false), STATUS_REGRESSED);
    end(&t);
}

static void within_the_margin_or_over_it_with_a_part_is_no_regression(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    scale_case(&t.after, FLASH, 1.004);
    scale_case(&t.after, "flash.cpu.f32.full.n512.d64.h8.b1.t2", 1.01);
    find(&t);
    expect_word(&t, FLASH, "time", "same");
    expect_word(&t, "flash.cpu.f32.full.n512.d64.h8.b1.t2", "time", "inconclusive");
    assert_int_equal(changes_status(&t.changes, false), STATUS_OK);
    assert_int_equal(changes_status(&t.changes, true), STATUS_INCONCLUSIVE);
    end(&t);
}

static void too_few_repetitions_tell_nothing(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    struct record_case *c = (struct record_case *)record_case_by_key(&t.after, FLASH);
    c->sample_count = 5;
    scale_case(&t.after, FLASH, 2);
    find(&t);
    expect_word(&t, FLASH, "time", "inconclusive");
    assert_non_null(change_of(&t, FLASH, "time")->why);
    end(&t);
}

static void noise_of_the_old_state_widens_the_margin(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    t.noisy = true;
    scale_case(&t.after, FLASH, 1.05);
    scale_case(&t.again, FLASH, 0.93);
    scale_case(&t.after, "flash.cpu.f32.full.n512.d64.h8.b1.t2", 1.05);
    find(&t);
    expect_word(&t, FLASH, "time", "same");
    assert_true(change_of(&t, FLASH, "time")->margin > 0.075); /* the farther end */
    expect_word(&t, "flash.cpu.f32.full.n512.d64.h8.b1.t2", "time", "SLOWER");
    assert_true(t.changes.noise > 0.07);
    end(&t);
}

static void the_same_code_is_never_slower(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    replace(&t.after.machine.sources, "old sources");
    scale_case(&t.after, FLASH, 2);
    t.after.tradeoffs[0].points[GATE_AT].relative_l2 *= 2; /* what no clock took part in counts as ever */
    find(&t);
    expect_word(&t, FLASH, "time", "same code");
    expect_word(&t, GATE, "error", "LARGER ERROR");
    expect_regressions(&t, 1);
    end(&t);
}

/* Each model keeps 3 points less of the mass; one of five finds fewer needles, the others as many. */
static void lost_quality_is_a_regression_of_its_own(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    struct record_point *p = &t.after.tradeoffs[0].points[GATE_AT], *q = p - 1, *r = p + 1;
    for (int m = 0; m < 5; m++) {
        p->recalls[m] -= 0.03;
        q->needle_shares[m] += 0.05;
        r->needle_shares[m] -= m == 2 ? 0.1 : 0;
    }
    p->recall = stats_estimate(p->recalls, 5);
    q->needles = stats_estimate(q->needle_shares, 5);
    r->needles = stats_estimate(r->needle_shares, 5);
    find(&t);
    expect_word(&t, GATE, "recall", "QUALITY LOST");
    const struct change *change = change_of(&t, GATE, "recall");
    assert_float_equal(change->by.median, -0.03, 1e-12);
    assert_float_equal(change->by.low, -0.03, 1e-12); /* paired: the models' own spread of .02 does not widen it */
    assert_true(change->by.level == 0.9375);
    expect_word(&t, GATE, "time", "same");
    expect_word(&t, "tradeoff.gate.keep5.n8192.d64.h4.t2", "needles", "quality gained");
    expect_word(&t, "tradeoff.gate.keep20.n8192.d64.h4.t2", "needles", "inconclusive");
    expect_regressions(&t, 1);
    assert_int_equal(changes_status(&t.changes, false), STATUS_REGRESSED);
    end(&t);
}

static void older_records_compare_by_their_intervals(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    struct record_point *old = &t.before.tradeoffs[0].points[GATE_AT], *new = &t.after.tradeoffs[0].points[GATE_AT];
    free(old->recalls);
    old->recalls = NULL;
    for (int m = 0; m < 5; m++)
        new->recalls[m] -= 0.03;
    new->recall = stats_estimate(new->recalls, 5);
    find(&t);
    const struct change *change = change_of(&t, GATE, "recall");
    assert_float_equal(change->by.low, -0.05, 1e-12);
    assert_float_equal(change->by.high, -0.01, 1e-12);
    assert_non_null(change->why);
    expect_word(&t, GATE, "recall", "QUALITY LOST");
    end(&t);
}

static void slower_selection_loses_its_gain(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    struct record_tradeoff *row = &t.after.tradeoffs[0];
    scale(row->points[GATE_AT].samples, row->sample_count, 1.2);
    /* A little more than the margin: lost among the rounds' times, clear where each is held against its dense run. */
    scale(row->points[GATE_AT + 1].samples, row->sample_count, 1.012);
    record_settle_tradeoff(row);
    find(&t);
    expect_word(&t, "tradeoff.gate.keep20.n8192.d64.h4.t2", "time", "inconclusive");
    expect_word(&t, "tradeoff.gate.keep20.n8192.d64.h4.t2", "over dense", "LESS GAIN");
    expect_word(&t, GATE, "time", "SLOWER");
    expect_word(&t, GATE, "over dense", "LESS GAIN");
    expect_regressions(&t, 3);
    end(&t);
}

/* A gain that fell because dense flash got faster is no loss of the selection's; the selection's own is. */
static void a_faster_baseline_is_no_regression(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    struct record_tradeoff *row = &t.after.tradeoffs[0];
    scale(row->dense, row->sample_count, 0.8);
    record_settle_tradeoff(row);
    scale(t.after.efficiency[0].dense, 9, 0.8);
    scale(t.after.efficiency[0].dense_processor, 9, 0.8);
    record_settle_efficiency(&t.after.efficiency[0]);
    struct record_modernbert *fixed = &t.after.modernberts[0], *variable = &t.after.modernberts[1];
    scale(fixed->ways[0].samples, ROUNDS, 0.8);
    record_settle_modernbert(fixed);
    scale(variable->ways[0].samples, ROUNDS, 0.8);
    scale(variable->ways[1].samples, ROUNDS, 1.1);
    record_settle_modernbert(variable);
    find(&t);
    expect_word(&t, FIXED, "alternation", "baseline faster");
    expect_word(&t, VARIABLE, "alternation", "LESS GAIN");
    expect_word(&t, VARIABLE, "alternating", "SLOWER");
    expect_word(&t, VARIABLE, "packing", "more gain");
    expect_word(&t, "tradeoff.n8192.d64.h4.t2", "dense time", "faster");
    expect_word(&t, GATE, "over dense", "baseline faster");
    expect_word(&t, SPARSE, "price, wall", "baseline faster");
    expect_regressions(&t, 3); /* and packing of the alternating stack, which itself is slower */
    end(&t);
}

static void modernbert_and_efficiency_regress(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    struct record_modernbert *row = &t.after.modernberts[0];
    scale(row->ways[0].samples, ROUNDS, 1.3); /* a machine that is slower now, for both ways ... */
    scale(row->ways[1].samples, ROUNDS, 1.5); /* ... and alternation, which is slower still */
    record_settle_modernbert(row);
    scale(t.after.efficiency[0].samples, 9, 1.1);
    record_settle_efficiency(&t.after.efficiency[0]);
    find(&t);
    expect_word(&t, FIXED, "alternating", "SLOWER");
    expect_word(&t, FIXED, "alternation", "LESS GAIN");
    assert_float_equal(change_of(&t, FIXED, "alternation")->by.median, 1.3 / 1.5, 1e-3);
    expect_word(&t, SPARSE, "time", "SLOWER");
    expect_word(&t, SPARSE, "price, wall", "DEARER");
    expect_word(&t, SPARSE, "price, processor", "same");
    assert_float_equal(change_of(&t, SPARSE, "price, wall")->before.median, 1.1, 1e-9);
    expect_regressions(&t, 5);
    end(&t);
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
    struct test t;
    begin(&t);
    fail_point(&t.after.tradeoffs[0].points[GATE_AT], "row 7 is off");
    record_settle_tradeoff(&t.after.tradeoffs[0]);
    fail_point(&t.before.tradeoffs[1].points[0], "row 9 was off");
    record_settle_tradeoff(&t.before.tradeoffs[1]);
    scale_case(&t.after, FLASH, 2);
    find(&t);
    expect_word(&t, GATE, "result", "WRONG");
    assert_string_equal(change_of(&t, GATE, "result")->why, "row 7 is off");
    expect_word(&t, "tradeoff.local.keep5.n2048.d64.h4.t2", "result", "repaired");
    assert_int_equal(changes_status(&t.changes, false), STATUS_WRONG);
    end(&t);
}

static void what_one_record_lacks_is_named(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    record_remove(&t.after, 1);
    record_remove_modernbert(&t.after, 0);
    record_remove_efficiency(&t.before, 0);
    replace(&t.after.tradeoffs[0].points[GATE_AT].selector, "halves");
    free(t.after.tradeoffs[0].points[GATE_AT].key);
    t.after.tradeoffs[0].points[GATE_AT].key = record_key_point(&t.after.tradeoffs[0], "halves", 0.1);
    find(&t);
    assert_int_equal(alone_of(&t, t.before.cases[1].key)->side, SIDE_OLD);
    assert_int_equal(alone_of(&t, FIXED)->side, SIDE_OLD);
    assert_int_equal(alone_of(&t, SPARSE)->side, SIDE_NEW);
    assert_int_equal(alone_of(&t, GATE)->side, SIDE_OLD);
    assert_int_equal(alone_of(&t, "tradeoff.halves.keep10.n8192.d64.h4.t2")->side, SIDE_NEW);
    assert_int_equal(t.changes.missing, 3);
    assert_int_equal(changes_status(&t.changes, false), STATUS_OK);
    assert_int_equal(changes_status(&t.changes, true), STATUS_INCONCLUSIVE);
    end(&t);
}

static void other_problems_under_one_key_are_told(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    t.after.tradeoffs[1].documents = 4;
    t.after.modernberts[1].tokens += 64;
    record_settle_modernbert(&t.after.modernberts[1]);
    t.after.efficiency[1].density *= 1.001;
    record_settle_efficiency(&t.after.efficiency[1]);
    replace(&t.after.cases[0].fill, "zeros");
    find(&t);
    assert_non_null(strstr(alone_of(&t, "tradeoff.n2048.d64.h4.t2")->why, "judged on other"));
    assert_non_null(strstr(alone_of(&t, VARIABLE)->why, "other sequences"));
    assert_non_null(strstr(alone_of(&t, t.after.efficiency[1].key)->why, "other blocks"));
    assert_non_null(strstr(alone_of(&t, t.after.cases[0].key)->why, "other inputs"));
    expect_word(&t, "tradeoff.gate.keep10.n2048.d64.h4.t2", "time", "same");
    for (size_t i = 0; i < t.changes.count; i++)
        assert_false(strcmp(t.changes.items[i].key, "tradeoff.gate.keep10.n2048.d64.h4.t2") == 0 &&
                     t.changes.items[i].measure == MEASURE_QUALITY);
    end(&t);
}

static void expect_incomparable(struct test *t, const char *words)
{
    struct changes_request untimed = {.before = &t->before, .after = &t->after, .margin = 0.01, .untimed = true};
    assert_int_equal(find_untimed(t, false), STATUS_INCOMPARABLE);
    if (!strstr(t->diags.items[0].what, words))
        fail_msg("'%s' does not say '%s'", t->diags.items[0].what, words);
    assert_non_null(t->diags.items[0].remedy);
    changes_free(&t->changes);
    assert_int_equal(changes_find(&untimed, &t->changes, &t->diags), STATUS_OK);
    for (size_t i = 0; i < t->changes.count; i++)
        assert_true(t->changes.items[i].measure == MEASURE_QUALITY || t->changes.items[i].measure == MEASURE_ERROR);
    assert_int_equal(t->changes.count, 2 * 25 * 3);
    end(t);
}

static void other_processor(struct test *t)
{
    replace(&t->after.machine.cpu_name, "Other CPU");
}

static void more_processors(struct test *t)
{
    t->after.machine.num_cpus = 3;
}

static void other_policy(struct test *t)
{
    t->after.machine.governor = strdup("powersave");
}

static void other_build(struct test *t)
{
    replace(&t->after.machine.build_type, "debug");
}

static void a_gpu(struct test *t)
{
    strcpy(t->after.machine.gpu.name, "A GPU");
}

static void less_power(struct test *t)
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
        void (*change)(struct test *t);
        const char *words;
    } others[] = {{other_processor, "another processor: Other CPU, and it was Fake CPU"},
                  {more_processors, "number of processors: 3, and it was 2"},
                  {other_policy, "clock policy: powersave, and it was none"},
                  {other_build, "type of build: debug, and it was release"},
                  {a_gpu, "GPU: A GPU, and it was none"},
                  {less_power, "power limit: 500, and it was 700"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct test t;
        begin(&t);
        others[i].change(&t);
        expect_incomparable(&t, others[i].words);
    }
}

static void nothing_in_common_is_an_error(void **state)
{
    (void)state;
    struct test t;
    begin(&t);
    while (t.after.case_count > 1)
        record_remove(&t.after, 0);
    while (t.before.case_count > 1)
        record_remove(&t.before, 1);
    record_free_tradeoffs(&t.after);
    record_free_modernberts(&t.after);
    record_free_efficiency(&t.before);
    assert_int_equal(find_untimed(&t, false), STATUS_BAD_INPUT);
    assert_non_null(strstr(t.diags.items[0].what, "no row of it is in"));
    end(&t);
}

static void add_count(struct record *record, double bytes)
{
    struct record_counted *c = record_add_counted(record);
    struct attention_problem p = {
        .layers = 1, .batch = 1, .heads = 1, .kv_heads = 1, .len_q = 64, .len_kv = 64, .head_dim = 64, .scale = 0.125f};
    attention_mask_parse("full", &p.mask);
    assert_int_equal(record_name_counted(c, "flash_tiled", "flash", "tiles", NULL, &p), STATUS_OK);
    c->parts = 1;
    c->stages = calloc(1, sizeof *c->stages);
    c->stage_count = 1;
    strcpy(c->stages[0].name, "all");
    c->stages[0].hbm_read = c->stages[0].formula_read = bytes;
    c->stages[0].launches = c->stages[0].blocks = c->stages[0].barriers = 1;
    c->equal = true;
    c->least_bytes = c->theorem_bytes = 100;
}

/* Of different machines, too: no clock took part. */
static void counted_bytes_are_exact(void **state)
{
    (void)state;
    struct test t = {0};
    fake_record(&t.before);
    fake_record(&t.after);
    fake_record(&t.again);
    while (t.after.case_count > 0)
        record_remove(&t.after, 0);
    replace(&t.after.machine.cpu_name, "Other CPU");
    add_count(&t.before, 4096);
    add_count(&t.after, 4100);
    struct changes_request request = {.before = &t.before, .after = &t.after, .margin = 0.01};
    assert_int_equal(changes_find(&request, &t.changes, &t.diags), STATUS_OK);
    expect_word(&t, t.after.counted[0].key, "HBM", "MORE BYTES");
    expect_word(&t, t.after.counted[0].key, "barriers", "same");
    expect_regressions(&t, 1);
    end(&t);
}

static void the_answer_counts_each_word(void **state)
{
    (void)state;
    struct test t;
    char words[CHANGES_ANSWER];
    begin(&t);
    scale_case(&t.after, FLASH, 1.05);
    scale_case(&t.after, "flash.cpu.f32.full.n512.d64.h8.b1.t2", 1.05);
    scale_case(&t.after, "flash.cpu.f32.full.n2048.d64.h8.b1.t2", 0.5);
    record_remove_modernbert(&t.after, 0);
    find(&t);
    changes_answer(&t.changes, words, sizeof words);
    assert_string_equal(words, "2 SLOWER, 1 faster; 269 of 272 compared are the same; 1 row is missing from the new "
                               "record");
    end(&t);
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
        cmocka_unit_test(lost_quality_is_a_regression_of_its_own),
        cmocka_unit_test(older_records_compare_by_their_intervals),
        cmocka_unit_test(slower_selection_loses_its_gain),
        cmocka_unit_test(a_faster_baseline_is_no_regression),
        cmocka_unit_test(modernbert_and_efficiency_regress),
        cmocka_unit_test(wrong_results_weigh_most),
        cmocka_unit_test(what_one_record_lacks_is_named),
        cmocka_unit_test(other_problems_under_one_key_are_told),
        cmocka_unit_test(times_of_another_machine_are_refused),
        cmocka_unit_test(nothing_in_common_is_an_error),
        cmocka_unit_test(counted_bytes_are_exact),
        cmocka_unit_test(the_answer_counts_each_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
