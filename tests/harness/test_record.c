/* The record: what was written is read and written again to the same bytes; what is broken is refused with its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <unistd.h>

#include "base/file.h"
#include "harness/record_fields.h"
#include "help_fakes.h"

static char *bytes_of(const struct record *record)
{
    struct diags diags = {0};
    char *bytes;
    size_t length;
    assert_int_equal(record_write(record, "record-test.json", &diags), STATUS_OK);
    assert_int_equal(file_read("record-test.json", 1 << 24, &bytes, &length, &diags), STATUS_OK);
    unlink("record-test.json");
    return bytes;
}

static json_t *json_of(const struct record *record)
{
    char *bytes = bytes_of(record);
    json_t *json = json_loads(bytes, 0, NULL);
    assert_non_null(json);
    free(bytes);
    return json;
}

/* A record with everything that can be odd: a failed case, one not begun, one interrupted, awkward words. */
static void odd_record(struct record *record)
{
    fake_record(record);
    record->preset = strdup("quick \"quoted\" \\ and\nlines");
    struct record_case *failed = fake_case(record, "broken", "causal", 512, 1);
    failed->failed = true;
    failed->error = strdup("wrong result: \xe2\x88\x9e");
    failed->sample_count = 0;
    failed->seconds = (struct estimate){0};
    struct record_case *fresh = fake_case(record, "fresh", "w64_64_g3", 512, 1);
    fresh->sample_count = 0;
    free(fresh->stop_reason);
    fresh->stop_reason = NULL;
    struct record_case *half = fake_case(record, "half", "causal_w255", 512, 1);
    free(half->stop_reason);
    half->stop_reason = strdup("interrupted");
    half->flags = strdup("samples spread by 7 %");
    half->problem.scale = 0.1f;
    record->incomplete = true;
    struct record_counted *counted = record_add_counted(record);
    assert_int_equal(record_name_counted(counted, "flash", "flash", "flash", NULL, &record->cases[0].problem),
                     STATUS_OK);
    counted->parts = 8;
    counted->equal = true;
    counted->theorem_bytes = 1.5;
    counted->stages = calloc(2, sizeof *counted->stages);
    counted->stage_count = 2;
    counted->stages[0] = (struct counted_stage){"one", .hbm_read = 0x1p53, .formula_read = 0x1p53, .launches = 1};
    counted->stages[1] = (struct counted_stage){"a library's", .formula_read = 7};
    struct record_counted *faulty = record_add_counted(record);
    assert_int_equal(record_name_counted(faulty, "naive", "naive", "naive", NULL, &record->cases[0].problem),
                     STATUS_OK);
    faulty->parts = 1;
    faulty->failed = true;
    faulty->error = strdup("race");
}

static void written_read_and_written_again_is_the_same(void **state)
{
    (void)state;
    struct record record, again;
    struct diags diags = {0};
    odd_record(&record);
    char *first = bytes_of(&record);
    assert_int_equal(record_parse(first, strlen(first), "again.json", &again, &diags), STATUS_OK);
    assert_int_equal(diags.count, 0);
    char *second = bytes_of(&again);
    assert_string_equal(first, second);
    assert_string_equal(again.path, "again.json");
    assert_int_equal(again.case_count, record.case_count);
    for (size_t i = 0; i < record.case_count; i++) {
        const struct record_case *a = &record.cases[i], *b = &again.cases[i];
        assert_string_equal(a->key, b->key);
        assert_true(a->seed == b->seed);
        assert_true(memcmp(&a->problem, &b->problem, sizeof a->problem) == 0);
        assert_memory_equal(a->samples, b->samples, a->sample_count * sizeof(double));
        assert_true(a->seconds.low == b->seconds.low && a->seconds.high == b->seconds.high);
        assert_int_equal(a->stage_count, b->stage_count);
        assert_int_equal(record_case_finished(a), record_case_finished(b));
    }
    assert_memory_equal(record.machine.caches, again.machine.caches, sizeof record.machine.caches);
    assert_int_equal(again.counted_count, 2);
    assert_string_equal(again.counted[0].key, record.counted[0].key);
    assert_null(strstr(again.counted[0].key, ".t"));
    assert_true(again.counted[0].stages[0].hbm_read == 0x1p53);
    assert_false(record_counted_whole(&again.counted[0]));
    assert_true(record_counted_sum(&again.counted[0]).formula_read == 0x1p53 + 8); /* to the nearest double */
    assert_string_equal(again.counted[1].error, "race");
    free(first);
    free(second);
    record_free(&record);
    record_free(&again);
}

static void numbers_that_are_not_finite_become_null(void **state)
{
    (void)state;
    struct record record, again;
    struct diags diags = {0};
    fake_record(&record);
    record.cases[0].max_error = NAN;
    record.cases[0].roof_flops = INFINITY;
    record.cases[0].seconds.high = -INFINITY;
    record.machine.mhz = NAN;
    char *bytes = bytes_of(&record);
    assert_null(strstr(bytes, "nan"));
    assert_null(strstr(bytes, "inf"));
    json_t *json = json_loads(bytes, 0, NULL);
    const json_t *own = json_object_get(json_array_get(json_object_get(json, "benchmarks"), 0), "flashdeck");
    assert_true(json_is_null(json_object_get(own, "max_error")));
    assert_true(json_is_null(json_object_get(own, "roof_flops")));
    assert_int_equal(record_parse(bytes, strlen(bytes), "x", &again, &diags), STATUS_OK);
    assert_true(isnan(again.cases[0].max_error));
    assert_true(isnan(again.cases[0].seconds.high));
    json_decref(json);
    free(bytes);
    record_free(&record);
    record_free(&again);
}

static void words_that_are_not_utf8_are_written_by_their_ascii(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    free(record.command);
    record.command = strdup("flashdeck bench --benchmark_out=caf\xe9.json");
    json_t *json = json_of(&record);
    const json_t *own = json_object_get(json_object_get(json, "context"), "flashdeck");
    assert_string_equal(json_string_value(json_object_get(own, "command")),
                        "flashdeck bench --benchmark_out=caf?.json");
    json_decref(json);
    record_free(&record);
}

/* Google Benchmark's own rows. */
static void rows_are_googles(void **state)
{
    (void)state;
    struct record record;
    odd_record(&record);
    json_t *json = json_of(&record), *row;
    size_t i, iterations = 0, aggregates = 0, errors = 0, own = 0;
    json_array_foreach(json_object_get(json, "benchmarks"), i, row)
    {
        bool is_aggregate = strcmp(json_string_value(json_object_get(row, "run_type")), "aggregate") == 0;
        iterations += !is_aggregate;
        aggregates += is_aggregate;
        own += json_object_get(row, "flashdeck") != NULL;
        if (json_is_true(json_object_get(row, "error_occurred"))) {
            errors++;
            assert_true(json_is_string(json_object_get(row, "error_message")));
        } else {
            assert_true(json_number_value(json_object_get(row, "real_time")) > 0);
        }
        assert_string_equal(json_string_value(json_object_get(row, "time_unit")), "ns");
    }
    assert_int_equal(iterations, 7 * 9 + 2); /* seven with samples; the failed one and the one not begun */
    assert_int_equal(aggregates, 7 * 4);
    assert_int_equal(errors, 2);
    assert_int_equal(own, record.case_count);
    json_decref(json);
    record_free(&record);
}

static json_t *at(json_t *json, const char *where)
{
    json_t *first = json_array_get(json_object_get(json, "benchmarks"), 0);
    if (strcmp(where, "whole") == 0)
        return json;
    if (strcmp(where, "context") == 0)
        return json_object_get(json, "context");
    if (strcmp(where, "context.flashdeck") == 0)
        return json_object_get(json_object_get(json, "context"), "flashdeck");
    if (strcmp(where, "context.flashdeck.machine") == 0)
        return json_object_get(json_object_get(json_object_get(json, "context"), "flashdeck"), "machine");
    if (strcmp(where, "case") == 0)
        return json_object_get(first, "flashdeck");
    if (strcmp(where, "problem") == 0)
        return json_object_get(json_object_get(first, "flashdeck"), "problem");
    if (strcmp(where, "stage") == 0)
        return json_array_get(json_object_get(json_object_get(first, "flashdeck"), "stages"), 0);
    return NULL;
}

/* The record with one member replaced (NULL: taken away) must be refused, with the place and the member's name. */
static void expect_refused(const char *where, const char *name, json_t *value, const char *place, const char *words)
{
    struct record record, again;
    struct diags diags = {0};
    fake_record(&record);
    json_t *json = json_of(&record);
    if (value)
        json_object_set_new(at(json, where), name, value);
    else
        json_object_del(at(json, where), name);
    char *bytes = json_dumps(json, 0);
    if (record_parse(bytes, strlen(bytes), "bad.json", &again, &diags) == STATUS_OK)
        fail_msg("%s.%s: taken", where, name);
    assert_true(diags.errors >= 1);
    assert_string_equal(diags.items[0].file, "bad.json");
    if (!strstr(diags.items[0].what, place) || !strstr(diags.items[0].what, words))
        fail_msg("%s.%s: '%s' does not name '%s' and '%s'", where, name, diags.items[0].what, place, words);
    assert_int_equal(again.case_count, 0); /* empty on failure */
    assert_null(again.cases);
    assert_non_null(diags.items[0].remedy);
    diags_free(&diags);
    free(bytes);
    json_decref(json);
    record_free(&record);
}

static json_t *wrong_for(enum field_type type)
{
    return type == FIELD_TEXT || type == FIELD_UINT64 ? json_integer(5) : json_string("five");
}

static void check_table(const char *where, const char *place, const struct field *fields)
{
    for (const struct field *field = fields; field->name; field++) {
        expect_refused(where, field->name, wrong_for(field->type), place, field->name);
        expect_refused(where, field->name, json_array(), place, field->name);
        if (field->required)
            expect_refused(where, field->name, NULL, place, field->name);
        if (field->required && field->type == FIELD_TEXT)
            expect_refused(where, field->name, json_null(), place, field->name);
        if (field->type == FIELD_INT)
            expect_refused(where, field->name, json_integer(INT64_MAX), place, field->name);
        if (field->type == FIELD_INT || field->type == FIELD_INT64)
            expect_refused(where, field->name, json_real(1.5), place, field->name);
        if (field->type == FIELD_UINT64) {
            expect_refused(where, field->name, json_string("99999999999999999999999"), place, field->name);
            expect_refused(where, field->name, json_string("-1"), place, field->name);
            expect_refused(where, field->name, json_string("12x"), place, field->name);
        }
    }
}

static void every_field_is_checked(void **state)
{
    (void)state;
    check_table("context.flashdeck", "context.flashdeck", record_context_fields);
    check_table("context.flashdeck.machine", "context.flashdeck.machine", record_machine_fields);
    check_table("case", "benchmarks[0].flashdeck", record_case_fields);
    check_table("problem", "benchmarks[0].flashdeck.problem", record_problem_fields);
    check_table("stage", "benchmarks[0].flashdeck.stages[0]", record_stage_fields);
}

static void what_is_not_in_the_tables_is_checked_too(void **state)
{
    (void)state;
    expect_refused("whole", "context", NULL, "context", "not written by flashdeck");
    expect_refused("whole", "context", json_array(), "context", "not written by flashdeck");
    expect_refused("whole", "benchmarks", NULL, "benchmarks", "missing");
    expect_refused("whole", "benchmarks", json_string("x"), "benchmarks", "a string");
    expect_refused("context", "flashdeck", NULL, "context", "not written by flashdeck");
    expect_refused("context", "date", NULL, "context", "date");
    expect_refused("context", "caches", json_pack("[{s:s}]", "type", "Data"), "context", "caches[0]");
    expect_refused("context.flashdeck", "schema", NULL, "context", "schema 0");
    expect_refused("context.flashdeck", "schema", json_integer(99), "context", "schema 99");
    expect_refused("context.flashdeck", "machine", NULL, "context.flashdeck.machine", "missing");
    expect_refused("case", "problem", NULL, "benchmarks[0].flashdeck.problem", "missing");
    expect_refused("case", "stages", NULL, "benchmarks[0].flashdeck", "stages");
    expect_refused("case", "samples", NULL, "benchmarks[0].flashdeck", "samples");
    expect_refused("case", "samples", json_pack("[f,f]", 1.0, 2.0), "benchmarks[0].flashdeck", "differ in length");
    expect_refused("case", "samples", json_pack("[f,n]", 1.0), "benchmarks[0].flashdeck", "\"samples\"[1]");
    expect_refused("case", "samples", json_pack("[f]", 0.0), "benchmarks[0].flashdeck", "\"samples\"[0]");
    expect_refused("case", "samples", json_pack("[f]", -1.0), "benchmarks[0].flashdeck", "\"samples\"[0]");
    expect_refused("case", "cpu_samples", json_pack("[f]", -1.0), "benchmarks[0].flashdeck", "cpu_samples");
    expect_refused("case", "iterations", json_pack("[i]", 0), "benchmarks[0].flashdeck", "iterations");
    expect_refused("case", "threads", json_integer(0), "benchmarks[0].flashdeck", "threads");
    expect_refused("case", "key", json_string("flash.cpu.f32.full.n512.d64.h8.b1.t2"), "benchmarks", "stands twice");
    expect_refused("problem", "dtype", json_string("f8"), "benchmarks[0].flashdeck.problem", "dtype");
    expect_refused("problem", "dtype", NULL, "benchmarks[0].flashdeck.problem", "dtype");
    expect_refused("problem", "head_dim", json_integer(0), "benchmarks[0].flashdeck.problem", "head_dim");
    expect_refused("problem", "kv_heads", json_integer(3), "benchmarks[0].flashdeck.problem", "kv_heads");
    expect_refused("problem", "len_q", json_integer(INT64_MAX), "benchmarks[0].flashdeck.problem", "63 bits");
    expect_refused("problem", "window_left", json_integer(-2), "benchmarks[0].flashdeck.problem", "window");
    expect_refused("stage", "name", NULL, "benchmarks[0].flashdeck.stages[0]", "name");
}

static void expect_bytes_refused(const char *bytes, size_t length, const char *words)
{
    struct record record;
    struct diags diags = {0};
    assert_int_equal(record_parse(bytes, length, "bad.json", &record, &diags), STATUS_BAD_INPUT);
    assert_true(diags.errors >= 1);
    if (!strstr(diags.items[0].what, words))
        fail_msg("'%s' does not say '%s'", diags.items[0].what, words);
    assert_int_equal(record.case_count, 0);
    diags_free(&diags);
}

static void what_is_no_record_is_refused(void **state)
{
    (void)state;
    expect_bytes_refused("", 0, "empty");
    expect_bytes_refused(" \n", 2, "not JSON");
    expect_bytes_refused("{", 1, "not JSON");
    expect_bytes_refused("null", 4, "not JSON");
    expect_bytes_refused("[]", 2, "not written by flashdeck");
    expect_bytes_refused("{}", 2, "not written by flashdeck");
    expect_bytes_refused("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, "not JSON");
    expect_bytes_refused("{\"context\": 1e999}", 18, "not JSON");
    expect_bytes_refused("{\"context\": 99999999999999999999999999}", 39, "not JSON");
    expect_bytes_refused("{\"a\": 1, \"a\": 2}", 16, "duplicate");
    expect_bytes_refused("{\"a\": \"\\u0000\"}", 15, "not JSON");
    size_t deep = 1000000;
    char *nested = malloc(deep);
    memset(nested, '[', deep);
    expect_bytes_refused(nested, deep, "depth");
    free(nested);
}

static void a_record_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct record record, again;
    fake_record(&record);
    char *bytes = bytes_of(&record);
    size_t length = strlen(bytes);
    for (size_t cut = 0; cut < length - 1; cut += 97) {
        struct diags diags = {0};
        assert_int_equal(record_parse(bytes, cut, "cut.json", &again, &diags), STATUS_BAD_INPUT);
        assert_int_equal(diags.errors, 1);
        diags_free(&diags);
    }
    free(bytes);
    record_free(&record);
}

static void faults_are_counted_even_after_many_others(void **state)
{
    (void)state;
    struct record record;
    struct diags diags = {0};
    for (int i = 0; i < 50; i++)
        diags_error(&diags, "deck.md", i, NULL, "something else");
    assert_int_equal(record_parse("{}", 2, "x", &record, &diags), STATUS_BAD_INPUT);
    assert_int_equal(diags.errors, 51);
    diags_free(&diags);
}

static void a_missing_file_is_said(void **state)
{
    (void)state;
    struct record record;
    struct diags diags = {0};
    assert_int_equal(record_read("no-such.json", &record, &diags), STATUS_IO);
    assert_string_equal(diags.items[0].file, "no-such.json");
    diags_free(&diags);
    assert_int_equal(record_read(".", &record, &diags), STATUS_BAD_INPUT);
    diags_free(&diags);
}

static void keys_and_names_tell_what_differs(void **state)
{
    (void)state;
    struct attention_problem p = {.layers = 1,
                                  .batch = 2,
                                  .heads = 8,
                                  .kv_heads = 8,
                                  .len_q = 64,
                                  .len_kv = 64,
                                  .head_dim = 32,
                                  .mask = {.causal = true, .window_left = 255, .window_right = -1}};
    struct record record = {0};
    struct record_case *c = record_add(&record);
    assert_int_equal(record_name_case(c, "flash", "flash", "cpu", "Flash", &p, 2), STATUS_OK);
    assert_string_equal(c->key, "flash.cpu.f32.causal_w255.n64.d32.h8.b2.t2");
    assert_string_equal(c->name, "flash/cpu/f32/causal_w255/N:64/d:32/heads:8/batch:2/threads:2");
    p.kv_heads = 2;
    p.len_q = 1;
    p.layers = 3;
    c = record_add(&record);
    assert_int_equal(record_name_case(c, "flash", "flash", "cpu", "Flash", &p, 2), STATUS_OK);
    assert_string_equal(c->key, "flash.cpu.f32.causal_w255.n64.d32.h8.b2.kv2.q1.l3.t2");
    assert_string_equal(c->name,
                        "flash/cpu/f32/causal_w255/N:64/d:32/heads:8/batch:2/kv_heads:2/len_q:1/layers:3/threads:2");
    assert_ptr_equal(record_case_by_key(&record, c->key), c);
    assert_null(record_case_by_key(&record, "flash"));
    record_remove(&record, 0);
    assert_int_equal(record.case_count, 1);
    assert_string_equal(record.cases[0].key, "flash.cpu.f32.causal_w255.n64.d32.h8.b2.kv2.q1.l3.t2");
    record_free(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_read_and_written_again_is_the_same),
        cmocka_unit_test(numbers_that_are_not_finite_become_null),
        cmocka_unit_test(words_that_are_not_utf8_are_written_by_their_ascii),
        cmocka_unit_test(rows_are_googles),
        cmocka_unit_test(every_field_is_checked),
        cmocka_unit_test(what_is_not_in_the_tables_is_checked_too),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(a_record_cut_anywhere_is_refused),
        cmocka_unit_test(faults_are_counted_even_after_many_others),
        cmocka_unit_test(a_missing_file_is_said),
        cmocka_unit_test(keys_and_names_tell_what_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
