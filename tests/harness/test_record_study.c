/* Rows of trade-offs and of ModernBERT in a record: written and read alike, checked against their samples, and what can
 * be asked of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/file.h"
#include "harness/metric_study.h"
#include "harness/record_fields.h"
#include "tests/harness/help_fakes.h"

static void make(struct record *record)
{
    fake_record(record);
    fake_study(record);
}

static char *bytes_of(const struct record *record)
{
    char path[] = "/tmp/flashdeck-study-XXXXXX", *bytes;
    struct diags diags = {0};
    size_t length;
    close(mkstemp(path));
    assert_int_equal(record_write(record, path, &diags), STATUS_OK);
    assert_int_equal(file_read(path, 1 << 24, &bytes, &length, &diags), STATUS_OK);
    unlink(path);
    return bytes;
}

static void written_read_and_written_again_is_the_same(void **state)
{
    (void)state;
    struct record record, again;
    struct diags diags = {0};
    make(&record);
    struct record_point *wrong = &record.tradeoffs[1].points[3];
    wrong->failed = true;
    wrong->error = strdup("row 7 is off");
    free(wrong->samples);
    wrong->samples = NULL;
    wrong->needles = (struct estimate){NAN, NAN, NAN, 0};
    free(wrong->needle_shares);
    wrong->needle_shares = NULL;
    struct record_point *older = &record.tradeoffs[1].points[4]; /* as records were before they kept each model's */
    free(older->recalls);
    older->recalls = NULL;
    record_settle_tradeoff(&record.tradeoffs[1]);
    char *first = bytes_of(&record);
    if (record_parse(first, strlen(first), "again.json", &again, &diags) != STATUS_OK)
        fail_msg("%s", diags.items[0].what);
    char *second = bytes_of(&again);
    assert_string_equal(first, second);
    assert_int_equal(again.tradeoff_count, 2);
    assert_int_equal(again.tradeoffs[0].point_count, 25);
    assert_string_equal(again.tradeoffs[1].points[3].error, "row 7 is off");
    assert_string_equal(again.tradeoffs[0].points[16].key, "tradeoff.gate.keep10.n8192.d64.h4.t2");
    assert_true(again.tradeoffs[0].model_seed == 1);
    assert_float_equal(again.tradeoffs[0].points[16].recalls[1], 0.69, 1e-12);
    assert_float_equal(again.tradeoffs[0].points[16].needle_shares[4], 0.35, 1e-12);
    assert_null(again.tradeoffs[1].points[3].needle_shares);
    assert_null(again.tradeoffs[1].points[4].recalls);
    assert_int_equal(again.modernbert_count, 2);
    assert_string_equal(again.modernberts[1].key, "modernbert.base.variable_8192.h2.t2");
    assert_int_equal(again.modernberts[0].way_count, 2);
    assert_true(isnan(again.modernberts[0].padding.median));
    assert_string_equal(again.modernberts[0].papers[0].source, "the paper");
    assert_int_equal(again.efficiency_count, 2);
    assert_string_equal(again.efficiency[0].key, "efficiency.scattered.keep10.causal.n8192.d64.h4.t2");
    free(first);
    free(second);
    record_free(&record);
    record_free(&again);
}

/* A place in a record of make(): "tradeoffs", "point", "modernbert", "way", "paper", "efficiency",
 * "problem". */
static json_t *at(json_t *json, const char *where)
{
    json_t *tradeoff = json_array_get(json_object_get(json, "tradeoffs"), 0);
    json_t *modernbert = json_array_get(json_object_get(json, "modernbert"), 1);
    if (strcmp(where, "whole") == 0)
        return json;
    if (strcmp(where, "tradeoff") == 0)
        return tradeoff;
    if (strcmp(where, "problem") == 0)
        return json_object_get(tradeoff, "problem");
    if (strcmp(where, "point") == 0)
        return json_array_get(json_object_get(tradeoff, "points"), 2);
    if (strcmp(where, "modernbert") == 0)
        return modernbert;
    if (strcmp(where, "way") == 0)
        return json_array_get(json_object_get(modernbert, "ways"), 1);
    if (strcmp(where, "efficiency") == 0)
        return json_array_get(json_object_get(json, "efficiency"), 1);
    return json_array_get(json_object_get(modernbert, "published"), 0);
}

/* The record with one member replaced (NULL: taken away) must be refused, with these words; all is freed. */
static void expect_refused(const char *where, const char *name, json_t *value, const char *words)
{
    struct record record, again;
    struct diags diags = {0};
    make(&record);
    char *good = bytes_of(&record);
    json_t *json = json_loads(good, 0, NULL);
    if (value)
        json_object_set_new(at(json, where), name, value);
    else
        json_object_del(at(json, where), name);
    char *bytes = json_dumps(json, 0);
    if (record_parse(bytes, strlen(bytes), "bad.json", &again, &diags) == STATUS_OK)
        fail_msg("%s.%s: taken", where, name);
    if (!strstr(diags.items[0].what, words))
        fail_msg("%s.%s: '%s' does not say '%s'", where, name, diags.items[0].what, words);
    assert_int_equal(again.tradeoff_count + again.modernbert_count + again.efficiency_count + again.case_count, 0);
    diags_free(&diags);
    free(bytes);
    free(good);
    json_decref(json);
    record_free(&record);
}

static void check_table(const char *where, const struct field *fields)
{
    for (const struct field *field = fields; field->name; field++) {
        bool text = field->type == FIELD_TEXT || field->type == FIELD_UINT64;
        expect_refused(where, field->name, text ? json_integer(5) : json_string("five"), field->name);
        expect_refused(where, field->name, json_array(), field->name);
        if (field->required)
            expect_refused(where, field->name, NULL, field->name);
    }
}

static void every_field_is_checked(void **state)
{
    (void)state;
    check_table("tradeoff", record_tradeoff_fields);
    check_table("point", record_point_fields);
    check_table("modernbert", record_modernbert_fields);
    check_table("way", record_way_fields);
    check_table("paper", record_paper_fields);
    check_table("efficiency", record_efficiency_fields);
}

static json_t *estimate(double median, double low, double high)
{
    return json_pack("{s:f, s:f, s:f, s:f}", "median", median, "low", low, "high", high, "level", 0.9375);
}

/* What no sample bears out, and what cannot be. */
static void claims_without_samples_are_refused(void **state)
{
    (void)state;
    expect_refused("whole", "tradeoffs", json_object(), "tradeoffs: should be an array");
    expect_refused("whole", "modernbert", json_string("x"), "modernbert: should be an array");
    expect_refused("whole", "tradeoffs", json_pack("[i]", 1), "tradeoffs[0]: should be an object");
    expect_refused("tradeoff", "kind", json_string("counted"), "is not measured");
    expect_refused("tradeoff", "kind", NULL, "is not measured");
    expect_refused("tradeoff", "key", json_string("tradeoff.n9.d64.h4.t2"), "should be tradeoff.n8192.d64.h4.t2");
    expect_refused("tradeoff", "models", json_integer(0), "1 or more");
    expect_refused("tradeoff", "dense_samples", json_pack("[f]", 0.0), "dense_samples");
    expect_refused("tradeoff", "dense_samples", json_array(), "empty");
    expect_refused("tradeoff", "dense_seconds", estimate(1, 1, 1), "dense_seconds");
    expect_refused("tradeoff", "points", json_array(), "points");
    expect_refused("problem", "head_dim", json_integer(7), "head_dim");
    expect_refused("point", "samples", json_pack("[f, f]", 1.0, 1.0), "2 samples, and dense flash has 9");
    expect_refused("point", "samples", NULL, "samples");
    expect_refused("point", "speed", estimate(9, 8, 10), "speed");
    expect_refused("point", "seconds", estimate(1e-6, 1e-6, 1e-6), "seconds");
    expect_refused("point", "selector", json_string("magic"), "no selector 'magic'");
    expect_refused("point", "density", json_real(1.5), "density");
    expect_refused("point", "density", json_real(0), "density");
    expect_refused("point", "density", json_real(0.3), "should be tradeoff.local.keep30");
    expect_refused("point", "recall", estimate(1.2, 0.5, 1.3), "kept");
    expect_refused("point", "recall", estimate(0.5, 0.6, 0.7), "kept");
    expect_refused("point", "failed", json_true(), "9 samples");
    expect_refused("point", "model_recalls", json_pack("[fffff]", .35, .35, .35, .35, .35), "recall");
    expect_refused("point", "model_recalls", json_pack("[f]", .35), "has 1 numbers and there are 5 models");
    expect_refused("point", "model_needles", json_pack("[fffff]", .1, .1, .1, .1, .2), "needles");
    expect_refused("point", "model_needles", json_pack("[s]", "many"), "model_needles");
    expect_refused("point", "model_needles", json_pack("[fffff]", .1, .1, .1, .1, 1.1), "above 1");
    expect_refused("modernbert", "kind", json_string("published"), "is not measured");
    expect_refused("modernbert", "key", json_string("modernbert.base.fixed_512.h2.t2"), "should be");
    expect_refused("modernbert", "alternation", estimate(7.6, 7, 8), "alternation");
    expect_refused("modernbert", "padding", estimate(7.6, 7, 8), "padding");
    expect_refused("modernbert", "ceiling", json_real(3), "ceiling");
    expect_refused("modernbert", "padding_tokens", json_real(9), "padding_tokens");
    expect_refused("modernbert", "tokens", json_integer(20000), "out of range");
    expect_refused("modernbert", "ways", json_array(), "lacks all_global");
    expect_refused("modernbert", "published", json_null(), "published");
    expect_refused("way", "samples", json_pack("[f]", 1.0), "1 samples of attention and 5 of RoPE");
    expect_refused("way", "rope_samples", json_array(), "5 samples of attention and 0 of RoPE");
    expect_refused("way", "pairs", json_real(0), "pairs");
    expect_refused("way", "name", json_string("all_global"), "stands twice");
    expect_refused("whole", "efficiency", json_object(), "efficiency: should be an array");
    expect_refused("efficiency", "kind", json_string("computed"), "is not measured");
    expect_refused("efficiency", "wall_ratio", estimate(1, 1, 1), "wall_ratio");
    expect_refused("efficiency", "processor_ratio", estimate(1, 1, 1), "processor_ratio");
    expect_refused("efficiency", "density", json_real(0.1), "ratio");
    expect_refused("efficiency", "density", json_real(1.1), "out of range");
    expect_refused("efficiency", "pattern", json_string("scattered"), "should be efficiency.scattered.keep50");
    expect_refused("efficiency", "dense_samples", json_pack("[f]", 1.0), "has 1 numbers and \"samples\" 9");
    expect_refused("efficiency", "failed", json_true(), "has samples, or it failed");
    expect_refused("paper", "thousands", json_real(-1), "thousands");
}

/* In a rehearsal the rows of ModernBERT were verified and never measured, and nowhere else. */
static void rehearsed_rows_stand_in_rehearsals_only(void **state)
{
    (void)state;
    struct record record, again;
    struct diags diags = {0};
    make(&record);
    for (size_t r = 0; r < record.modernbert_count; r++) {
        struct record_modernbert *row = &record.modernberts[r];
        for (size_t w = 0; w < row->way_count; w++) {
            free(row->ways[w].samples);
            free(row->ways[w].rope);
            row->ways[w].samples = row->ways[w].rope = NULL;
        }
        free(row->device);
        free(row->key);
        row->sample_count = 0;
        row->device = strdup("simt");
        row->key = record_key_modernbert(row);
        record_settle_modernbert(row);
    }
    record.rehearsal = true;
    char *bytes = bytes_of(&record);
    if (record_parse(bytes, strlen(bytes), "rehearsal.json", &again, &diags) != STATUS_OK)
        fail_msg("%s", diags.items[0].what);
    assert_string_equal(again.modernberts[1].key, "modernbert.base.variable_8192.h2.simt");
    assert_true(again.modernberts[0].sample_count == 0 && isnan(again.modernberts[0].alternation.median));
    char *marked = strstr(bytes, "\"rehearsal\": true");
    assert_non_null(marked);
    memcpy(marked, "\"rehearsal\":false", strlen("\"rehearsal\":false"));
    record_free(&again);
    assert_int_equal(record_parse(bytes, strlen(bytes), "claim.json", &again, &diags), STATUS_BAD_INPUT);
    assert_non_null(strstr(diags.items[0].what, "is not measured"));
    diags_free(&diags);
    free(bytes);
    record_free(&record);
    make(&record);
    record.rehearsal = true;
    bytes = bytes_of(&record);
    assert_int_equal(record_parse(bytes, strlen(bytes), "measured.json", &again, &diags), STATUS_BAD_INPUT);
    assert_non_null(strstr(diags.items[0].what, "is not rehearsed"));
    diags_free(&diags);
    free(bytes);
    record_free(&record);
}

static void a_row_stands_once(void **state)
{
    (void)state;
    struct record record, again;
    struct diags diags = {0};
    make(&record);
    fake_study(&record); /* all of it again */
    char *bytes = bytes_of(&record);
    assert_int_equal(record_parse(bytes, strlen(bytes), "twice.json", &again, &diags), STATUS_BAD_INPUT);
    assert_non_null(strstr(diags.items[0].what, "stands twice"));
    diags_free(&diags);
    free(bytes);
    record_remove_tradeoff(&record, 2);
    record_remove_tradeoff(&record, 0);
    assert_int_equal(record.tradeoffs[0].problem.len_kv, 2048);
    record_remove_modernbert(&record, 0);
    assert_string_equal(record.modernberts[0].lengths, "variable 8192");
    record_free(&record);
}

static void where_dense_is_faster(void **state)
{
    (void)state;
    struct record record;
    make(&record);
    /* gate at 8192: share .15 + 1.2 density, 1 at .7083; at 2048 four times that: .25 at 1/12. */
    assert_float_equal(record_overtaken(&record.tradeoffs[0], "gate"), 0.85 / 1.2, 1e-9);
    assert_float_equal(record_overtaken(&record.tradeoffs[1], "gate"), (0.25 - 0.15) / 1.2, 1e-9);
    assert_true(isnan(record_overtaken(&record.tradeoffs[0], "halves")));
    /* At 10 % the share is .27 at 8192 and 1.08 at 2048: one at log N between, by the logarithm of the share. */
    double between = log(2048) + (log(8192) - log(2048)) * log(1.08) / (log(1.08) - log(0.27));
    assert_float_equal(record_pays_from(&record, "gate", 0.1), exp(between), 1e-6);
    assert_true(record_pays_from(&record, "gate", 0.05) == -INFINITY);
    assert_true(record_pays_from(&record, "gate", 0.4) != record_pays_from(&record, "gate", 0.4)); /* no such point */
    for (size_t i = 0; i < 25; i++) /* slower than dense at the longest as well */
        for (size_t s = 0; s < 9; s++)
            record.tradeoffs[0].points[i].samples[s] *= 10;
    record_settle_tradeoff(&record.tradeoffs[0]);
    assert_true(record_pays_from(&record, "gate", 0.1) == INFINITY);
    record_free(&record);
}

static struct value ask(const struct record *record, const char *key)
{
    struct value value;
    struct diags diags = {0};
    if (metric_find(&record, 1, key, false, "deck.md", 1, &value, &diags) != STATUS_OK)
        fail_msg("%s: %s", key, diags.items[0].what);
    return value;
}

static void expect_no_value(const struct record *record, const char *key, const char *words)
{
    struct value value;
    struct diags diags = {0};
    assert_int_equal(metric_find(&record, 1, key, false, "deck.md", 1, &value, &diags), STATUS_BAD_INPUT);
    if (!strstr(diags.items[0].what, words) || !diags.items[0].remedy)
        fail_msg("%s: '%s' does not say '%s'", key, diags.items[0].what, words);
    diags_free(&diags);
}

static void keys_name_points_and_rows(void **state)
{
    (void)state;
    struct record record;
    make(&record);
    struct value speed = ask(&record, "tradeoff.gate.keep10.n8192.speed");
    assert_float_equal(speed.number, 1 / 0.27, 1e-9);
    assert_true(speed.kind == KIND_MEASURED && speed.samples == 9 && speed.threads == 2 && speed.level > 0.99);
    assert_ptr_equal(speed.record, &record);
    assert_string_equal(speed.key, "tradeoff.gate.keep10.n8192.d64.h4.t2");
    struct value recall = ask(&record, "tradeoff.gate.keep10.n8192.recall");
    assert_float_equal(recall.number, 0.70, 1e-12);
    assert_true(recall.unit == UNIT_SHARE && recall.samples == 5 && recall.level == 0.9375 && recall.low < recall.high);
    assert_true(ask(&record, "tradeoff.gate.keep10.n8192.share").unit == UNIT_SHARE);
    assert_float_equal(ask(&record, "tradeoff.gate.keep10.n8192.share").number, 0.27, 1e-12);
    assert_true(ask(&record, "tradeoff.gate.keep10.n8192.pairs").kind == KIND_COMPUTED);
    assert_float_equal(ask(&record, "tradeoff.gate.keep10.n8192.stage.attend.time").number, 0.7 * 0.27, 1e-12);
    assert_float_equal(ask(&record, "tradeoff.dense.n2048.time").number, 1e-9 * 2048 * 2048 * 1.04, 1e-12);
    assert_float_equal(ask(&record, "tradeoff.gate.n8192.overtaken").number, 0.85 / 1.2, 1e-9);
    struct value ratio = ask(&record, "modernbert.base.fixed_8192.alternation");
    assert_true(ratio.kind == KIND_MEASURED && ratio.number < 2.5 && ratio.number > 2.49 && ratio.level == 0.9375);
    struct value ceiling = ask(&record, "modernbert.base.fixed_8192.ceiling");
    assert_true(ceiling.kind == KIND_COMPUTED && ceiling.samples == 0);
    assert_float_equal(ceiling.number, 2.7, 1e-12);
    assert_float_equal(ask(&record, "modernbert.variable_8192.alternating.time").number, 1.004, 1e-12);
    assert_float_equal(ask(&record, "efficiency.scattered.keep10.causal.n8192.ratio").number, 1.1, 1e-12);
    assert_float_equal(ask(&record, "efficiency.side_by_side.keep50.processor").number, 1.2, 1e-12);
    assert_true(ask(&record, "efficiency.side_by_side.keep50.density").kind == KIND_COMPUTED);
    expect_no_value(&record, "efficiency.n8192.ratio", "several rows match");
    expect_no_value(&record, "efficiency.scattered.keep20.ratio", "no record holds");
    expect_no_value(&record, "efficiency.scattered.keep10.speed", "no such metric");
    expect_no_value(&record, "tradeoff.gate.n8192.speed", "several points match");
    expect_no_value(&record, "tradeoff.gate.keep10.speed", "several points match");
    expect_no_value(&record, "tradeoff.n8192.overtaken", "several points match");
    expect_no_value(&record, "tradeoff.halves.keep10.n8192.speed", "no record holds");
    expect_no_value(&record, "tradeoff.gate.keep10.n8192.speeed", "no such metric");
    expect_no_value(&record, "tradeoff.gate.keep10.n8192.stage.dream.time", "no such metric or stage");
    expect_no_value(&record, "tradeoff.dense.n8192.recall", "no such metric");
    expect_no_value(&record, "modernbert.base.alternation", "several rows match");
    expect_no_value(&record, "modernbert.large.fixed_8192.alternation", "no record holds");
    expect_no_value(&record, "modernbert.base.fixed_8192.padding", "no finite number");
    expect_no_value(&record, "modernbert.base.fixed_8192.alternating.speed", "no such metric");
    free(record.machine.sources);
    record.machine.sources = strdup("others");
    expect_no_value(&record, "tradeoff.gate.keep10.n8192.recall", "stale");
    record_free(&record);
}

static void points_of_a_curve_rise(void **state)
{
    (void)state;
    struct record record;
    struct diags diags = {0};
    const struct record_point **points;
    size_t count;
    make(&record);
    record.tradeoffs[0].points[15].failed = true;
    assert_int_equal(metric_points(&record, "tradeoff.gate.n8192", &points, &count, &diags), STATUS_OK);
    assert_int_equal(count, 4);
    for (size_t i = 1; i < count; i++)
        assert_true(points[i]->density > points[i - 1]->density);
    free(points);
    record_free(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_read_and_written_again_is_the_same),
        cmocka_unit_test(every_field_is_checked),
        cmocka_unit_test(claims_without_samples_are_refused),
        cmocka_unit_test(rehearsed_rows_stand_in_rehearsals_only),
        cmocka_unit_test(a_row_stands_once),
        cmocka_unit_test(where_dense_is_faster),
        cmocka_unit_test(keys_name_points_and_rows),
        cmocka_unit_test(points_of_a_curve_rise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
