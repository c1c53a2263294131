/* Keys and what they find: every metric, every fact, and every way not to find one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "harness/fit.h"
#include "harness/metric.h"
#include "help_fakes.h"

static struct value found(const struct record *record, const char *key)
{
    struct value value;
    struct diags diags = {0};
    if (metric_find(&record, 1, key, false, "deck.md", 7, &value, &diags) != STATUS_OK)
        fail_msg("%s: %s", key, diags.items[0].what);
    assert_int_equal(diags.count, 0);
    return value;
}

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-9 * fabs(b)))
        fail_msg("%.12g is not %.12g", a, b);
}

static void expect(const struct record *record, const char *key, double number, enum unit unit, enum kind kind)
{
    struct value value = found(record, key);
    near(value.number, number);
    assert_int_equal(value.unit, unit);
    assert_int_equal(value.kind, kind);
    assert_true(value.low <= value.number && value.number <= value.high);
    assert_ptr_equal(value.record, record);
    assert_true(kind != KIND_COMPUTED || value.source); /* the formula in words */
}

static void expect_refused_in(const struct record *const *records, size_t count, const char *key, bool allow_stale,
                              const char *what, const char *remedy)
{
    struct value value;
    struct diags diags = {0};
    if (metric_find(records, count, key, allow_stale, "deck.md", 7, &value, &diags) != STATUS_BAD_INPUT)
        fail_msg("%s was found", key);
    assert_int_equal(diags.errors, 1);
    assert_string_equal(diags.items[0].file, "deck.md");
    assert_int_equal(diags.items[0].line, 7);
    if (!strstr(diags.items[0].what, key) || !strstr(diags.items[0].what, what))
        fail_msg("'%s' does not say '%s' of '%s'", diags.items[0].what, what, key);
    if (!diags.items[0].remedy || !strstr(diags.items[0].remedy, remedy))
        fail_msg("%s: '%s' does not say '%s'", key, diags.items[0].remedy ? diags.items[0].remedy : "", remedy);
    diags_free(&diags);
}

static void expect_refused(const struct record *record, const char *key, const char *what, const char *remedy)
{
    expect_refused_in(&record, 1, key, false, what, remedy);
}

static void every_metric_of_a_case(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    const double t = 1e-9 * 1024 * 1024, flops = 4.0 * 64 * 8 * 1024 * 1024;
    expect(&record, "flash.n1024.time", t, UNIT_SECONDS, KIND_MEASURED);
    expect(&record, "flash.n1024.gflops", flops / t, UNIT_FLOPS_PER_SECOND, KIND_MEASURED);
    expect(&record, "flash.n1024.bandwidth", (4.0 * 64 + 1) * 8 * 1024 * 4 / t, UNIT_BYTES_PER_SECOND, KIND_MEASURED);
    expect(&record, "flash.n1024.roof", flops / t / 4e12, UNIT_SHARE, KIND_MEASURED);
    expect(&record, "flash.n1024.spread", 0.002, UNIT_SHARE, KIND_MEASURED);
    expect(&record, "flash.n1024.peak_memory", 1 << 20, UNIT_BYTES, KIND_MEASURED);
    expect(&record, "flash.n1024.max_error", 1e-7, UNIT_NONE, KIND_MEASURED);
    expect(&record, "flash.n1024.tolerance", 5e-7, UNIT_NONE, KIND_MEASURED);
    expect(&record, "flash.n1024.samples", 9, UNIT_NONE, KIND_MEASURED);
    expect(&record, "flash.n1024.flops", flops, UNIT_FLOPS, KIND_COMPUTED);
    expect(&record, "flash.n1024.pairs", 8.0 * 1024 * 1024, UNIT_NONE, KIND_COMPUTED);
    expect(&record, "flash.n1024.bytes", (4.0 * 64 + 1) * 8 * 1024 * 4, UNIT_BYTES, KIND_COMPUTED);
    expect(&record, "flash.n1024.workspace", 4096, UNIT_BYTES, KIND_COMPUTED);
    struct value time = found(&record, "flash.n1024.time"), rate = found(&record, "flash.n1024.gflops");
    assert_int_equal(time.samples, 9);
    assert_true(time.low < time.number && time.number < time.high);
    near(rate.low, flops / time.high); /* the longest time is the lowest rate */
    near(rate.high, flops / time.low);
    struct record_counted *counted = record_add_counted(&record);
    assert_int_equal(record_name_counted(counted, "flash", "flash", "", NULL, &record.cases[0].problem), STATUS_OK);
    counted->stages = calloc(1, sizeof *counted->stages);
    counted->stages[0] = (struct counted_stage){"flash", .hbm_read = 5, .hbm_written = 2, .launches = 1};
    counted->stage_count = 1;
    size_t count;
    const char *const *names = metric_names(&count);
    for (size_t i = 0; i < count; i++) { /* each name that is offered is one that works */
        char key[80];
        bool fit = strcmp(names[i], "exponent") == 0, stage = strncmp(names[i], "bytes_", 6) == 0;
        snprintf(key, sizeof key, "%s.%s",
                 fit     ? "fit.flash"
                 : stage ? "naive.n512.stage.softmax"
                         : "flash.n512",
                 names[i]);
        found(&record, key);
    }
    struct value moved = found(&record, "flash.simt.hbm");
    near(moved.number, 7);
    assert_int_equal(moved.kind, KIND_COUNTED);
    assert_null(moved.from);
    assert_int_equal(found(&record, "flash.simt.formula").kind, KIND_COMPUTED);
    counted->stages[0].launches = 0; /* a library's: no count is made of it */
    struct value none;
    struct diags diags = {0};
    const struct record *records[] = {&record};
    assert_int_equal(metric_find(records, 1, "flash.simt.hbm", false, "deck.md", 1, &none, &diags), STATUS_BAD_INPUT);
    assert_int_equal(metric_find(records, 1, "flash.simt.formula", false, "deck.md", 1, &none, &diags), STATUS_OK);
    diags_free(&diags);
    record_free(&record);
}

static void every_metric_of_a_stage(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    expect(&record, "naive.n512.stage.scores.time", 0.1, UNIT_SECONDS, KIND_MEASURED);
    expect(&record, "naive.n512.stage.values.time", 0.3, UNIT_SECONDS, KIND_MEASURED);
    expect(&record, "naive.n512.stage.softmax.flops", 2000, UNIT_FLOPS, KIND_COMPUTED);
    expect(&record, "naive.n512.stage.softmax.bytes", 192, UNIT_BYTES, KIND_COMPUTED);
    expect(&record, "naive.n512.stage.softmax.bytes_read", 128, UNIT_BYTES, KIND_COMPUTED);
    expect(&record, "naive.n512.stage.softmax.bytes_written", 64, UNIT_BYTES, KIND_COMPUTED);
    expect_refused(&record, "naive.n512.stage.sofmax.time", "no such stage", "Did you mean softmax");
    expect_refused(&record, "naive.n512.stage.softmax.roof", "no such metric of a stage", "time, flops");
    expect_refused(&record, "naive.n512.stage.time", "no record holds", "flashdeck bench"); /* no name of a stage */
    record_free(&record);
}

static void every_fact_of_the_machine(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    static const struct {
        const char *key, *words;
    } texts[] = {{"machine.cpu", "Fake CPU"},
                 {"machine.isa", "avx2"},
                 {"machine.system", "Fake 1.0"},
                 {"machine.blas", "Fake BLAS"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct value value = found(&record, texts[i].key);
        assert_int_equal(value.unit, UNIT_TEXT);
        assert_string_equal(value.words, texts[i].words);
    }
    expect(&record, "machine.cpus", 2, UNIT_NONE, KIND_PUBLISHED);
    expect(&record, "machine.memory", 8.0 * (1 << 30), UNIT_BYTES, KIND_PUBLISHED);
    expect(&record, "machine.l1", 48 << 10, UNIT_BYTES, KIND_PUBLISHED); /* of data, not of instructions */
    expect(&record, "machine.l2", 2 << 20, UNIT_BYTES, KIND_PUBLISHED);
    expect(&record, "machine.l3", 32 << 20, UNIT_BYTES, KIND_PUBLISHED);
    expect(&record, "machine.fma_peak", 2e11, UNIT_FLOPS_PER_SECOND, KIND_MEASURED);
    expect(&record, "machine.fma_peak_1", 1e11, UNIT_FLOPS_PER_SECOND, KIND_MEASURED);
    expect(&record, "machine.copy", 1.5e10, UNIT_BYTES_PER_SECOND, KIND_MEASURED);
    expect(&record, "machine.copy_1", 1e10, UNIT_BYTES_PER_SECOND, KIND_MEASURED);
    expect_refused(&record, "machine.l4", "no such fact", "l1, l2, l3");
    expect_refused(&record, "machine.flash.l1", "no such fact", "l1, l2, l3");
    record.machine.cache_count = 2;
    expect_refused(&record, "machine.l3", "does not tell", "Leave this fact out");
    record.machine.fma_peak = 0; /* before the probe */
    expect_refused(&record, "machine.fma_peak", "does not tell", "Leave this fact out");
    free(record.machine.blas);
    record.machine.blas = NULL;
    expect_refused(&record, "machine.blas", "does not tell", "Leave this fact out");
    record_free(&record);
}

static void this_machine_tells_its_caches(void **state)
{
    (void)state;
    struct machine machine;
    struct diags diags = {0};
    assert_int_equal(machine_look(&machine, &diags), STATUS_OK);
    assert_true(machine.cache_count >= 1);
    assert_true(machine.caches[0].level == 1 && machine.caches[0].size >= 4096);
    assert_true(machine.num_cpus >= 1);
    assert_true(machine.memory > 1 << 20);
    assert_true(strlen(machine.cpu_name) > 0 && strlen(machine.isa) > 0 && strlen(machine.sources) == 16);
    machine_free(&machine);
}

static void a_key_may_name_much_or_little(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    fake_case(&record, "flash", "causal", 1024, 0.5);
    near(found(&record, "flash.cpu.f32.causal.n1024.d64.h8.b1.t2.time").number, 0.5);
    near(found(&record, "flash.t2.n1024.causal.time").number, 0.5); /* in any order behind the kernel */
    near(found(&record, "flash.causal.time").number, 0.5);
    expect_refused(&record, "flash.n1024.time", "several results match", "full or causal");
    expect_refused(&record, "flash.full.time", "several results match", "n512 or n1024");
    expect_refused(&record, "flash.time", "several results match", "Name what tells them apart");
    record_free(&record);
}

static void keys_that_are_none(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    static const char *const none[] = {
        "", ".", "time", "flash.", ".time", "flash..time", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        expect_refused(&record, none[i], "not a key", "A key reads");
    record_free(&record);
}

static void missing_keys_offer_the_nearest_and_the_command(void **state)
{
    (void)state;
    struct record record;
    fake_record(&record);
    expect_refused(&record, "flash.n4096.d64.full.time", "no record holds", "flash.cpu.f32.full.n");
    expect_refused(&record, "flash.n4096.d64.full.time", "no record holds",
                   "Measure it: flashdeck bench -a kernel=flash -a N=4096 -a d=64 -a mask=full "
                   "--benchmark_out=record.json");
    expect_refused(&record, "flsh.n1024.time", "no record holds", "Did you mean flash.cpu.f32.full.n1024.d64.h8.b1.t2");
    expect_refused(&record, "flsh.n1024.time", "no record holds", "Did you mean flash?");
    expect_refused(&record, "flash.n1024.tme", "no such metric", "Did you mean time");
    expect_refused(&record, "flash.n1024.qqqqqqqq", "no such metric", "lists the metrics");
    expect_refused(&record, "stage.flash.time", "no record holds", "");
    struct record empty = {.machine = record.machine};
    expect_refused(&empty, "flash.n1024.time", "no record holds", "-a kernel=flash -a N=1024");
    expect_refused_in(NULL, 0, "flash.n1024.time", false, "no record holds", "-a kernel=flash");
    expect_refused_in(NULL, 0, "machine.cpu", false, "no record to ask", "--record");
    record_free(&record);
}

/* The words behind each -a of the remedy are axes. */
static void the_command_in_the_remedy_is_one(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "flash.cpu.f32.causal_w255.n4096.d64.h12.b2.kv4.q7.l3.t2.time",
        "naive.n2048.d128.stage.softmax.time",
        "sliding.w64_64.n1024.gflops",
        "alternating.w64_64_g3.l22.n8192.h12.roof",
        "flash.wxyz.nabc.d.time", /* segments that are no axis are not made into one */
    };
    struct record empty = {0};
    const struct record *records = &empty;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        static struct axes axes;
        struct value value;
        struct diags diags = {0};
        int given = 0;
        memset(&axes, 0, sizeof axes);
        assert_int_equal(metric_find(&records, 1, keys[i], false, NULL, 0, &value, &diags), STATUS_BAD_INPUT);
        char *rest = diags.items[0].remedy, *word;
        assert_non_null(strstr(rest, "flashdeck bench "));
        while ((word = strsep(&rest, " ")) != NULL)
            if (strcmp(word, "-a") == 0) {
                struct diags faults = {0};
                word = strsep(&rest, " ");
                if (axes_parse(&axes, word, NULL, 0, &faults) != STATUS_OK)
                    fail_msg("%s: '%s': %s", keys[i], word, faults.items[0].what);
                given++;
            }
        if (i == 0) {
            struct plan plan = {0};
            assert_int_equal(given, 10);
            assert_int_equal(plan_add(&plan, &axes, plan_kernels(), &diags), STATUS_OK);
            assert_int_equal(plan.count, 1);
            struct record named = {0};
            struct record_case *c = record_add(&named);
            record_name_case(c, "flash", "", "cpu", "", &plan.cases[0].problem, plan.cases[0].threads);
            assert_string_equal(c->key, "flash.cpu.f32.causal_w255.n4096.d64.h12.b2.kv4.q7.l3.t2");
            record_free(&named);
            plan_free(&plan);
        }
        diags_free(&diags);
    }
}

static void failed_unfinished_stale_and_not_finite(void **state)
{
    (void)state;
    struct record record;
    struct value value;
    struct diags diags = {0};
    fake_record(&record);
    const struct record *records = &record;
    struct record_case *c = &record.cases[1]; /* flash at 512 */
    c->seconds.median = NAN;
    expect_refused(&record, "flash.n512.time", "no finite number", "Measure again");
    c->seconds.median = 0.25;
    c->roof_flops = 0;
    expect_refused(&record, "flash.n512.roof", "no finite number", "Measure again");
    free(c->stop_reason);
    c->stop_reason = strdup("interrupted");
    expect_refused(&record, "flash.n512.time", "interrupted before", "--resume=fake.json");
    assert_int_equal(metric_find(&records, 1, "flash.n512.time", true, NULL, 0, &value, &diags), STATUS_OK);
    size_t samples = c->sample_count;
    c->sample_count = 0;
    expect_refused_in(&records, 1, "flash.n512.time", true, "interrupted before", "--resume=fake.json");
    c->sample_count = samples;
    c->failed = true;
    c->error = strdup("wrong result, not timed");
    expect_refused(&record, "flash.n512.time", "this case failed: wrong result", "-a kernel=flash -a N=512");
    expect_refused_in(&records, 1, "flash.n512.time", true, "this case failed", "");
    free(record.machine.sources);
    record.machine.sources = strdup("0123456789abcdef");
    expect_refused(&record, "flash.n1024.time", "stale", "--allow-stale");
    expect_refused(&record, "fit.naive.exponent", "stale", "--allow-stale");
    assert_int_equal(metric_find(&records, 1, "flash.n1024.time", true, NULL, 0, &value, &diags), STATUS_OK);
    near(value.number, 1e-9 * 1024 * 1024);
    record_free(&record);
}

static void several_records(void **state)
{
    (void)state;
    struct record one, two;
    struct value value;
    struct diags diags = {0};
    fake_record(&one);
    fake_record(&two);
    free(two.path);
    two.path = strdup("other.json");
    const struct record *both[] = {&one, &two};
    expect_refused_in(both, 2, "flash.n1024.time", false, "two records hold", "fake.json and in other.json");
    fake_case(&two, "sliding", "w64_64", 1024, 0.5);
    assert_int_equal(metric_find(both, 2, "sliding.n1024.time", false, NULL, 0, &value, &diags), STATUS_OK);
    assert_ptr_equal(value.record, &two);
    assert_int_equal(metric_find(both, 2, "machine.l2", false, NULL, 0, &value, &diags), STATUS_OK);
    free(two.machine.cpu_name);
    two.machine.cpu_name = strdup("Another CPU");
    expect_refused_in(both, 2, "machine.l2", false, "several machines", "only one");
    expect_refused_in(both, 2, "fit.flash.exponent", false, "several fits", "");
    record_free(&one);
    record_free(&two);
}

static void fits_are_of_long_sequences(void **state)
{
    (void)state;
    struct record record;
    struct diags diags = {0};
    struct scaling_fit *fits;
    size_t count;
    fake_record(&record);
    fake_case(&record, "flash", "full", 128, 7); /* would bend the line: shorter than 512 */
    expect(&record, "fit.flash.exponent", 2, UNIT_NONE, KIND_MEASURED);
    expect(&record, "fit.naive.d64.full.exponent", 2, UNIT_NONE, KIND_MEASURED);
    struct value value = found(&record, "fit.flash.exponent");
    assert_int_equal(value.samples, 27);
    assert_non_null(strstr(value.source, "512"));
    assert_true(value.low < 2 && value.high > 2 && value.high - value.low < 0.01);
    assert_int_equal(scaling_fits(&record, &fits, &count, &diags), STATUS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(fits[1].key, "flash.cpu.f32.full.d64.h8.b1.t2");
    assert_int_equal(fits[1].count, 3);
    assert_int_equal(fits[1].cases[0]->problem.len_kv, 512);
    assert_int_equal(fits[1].cases[2]->problem.len_kv, 2048);
    scaling_fits_free(fits, count);
    expect_refused(&record, "fit.flash.factor", "no such metric of a fit", "exponent");
    expect_refused(&record, "fit.sliding.exponent", "enough lengths", "three lengths from 512");
    expect_refused(&record, "fit.exponent", "enough lengths", "three lengths");
    for (int64_t n = 512; n <= 2048; n *= 2)
        fake_case(&record, "flash", "causal", n, 1e-9 * (double)n);
    expect_refused(&record, "fit.flash.exponent", "several fits match", "mask");
    expect(&record, "fit.flash.causal.exponent", 1, UNIT_NONE, KIND_MEASURED);
    free(record.cases[record.case_count - 1].stop_reason);
    record.cases[record.case_count - 1].stop_reason = strdup("interrupted"); /* two lengths are left */
    expect_refused(&record, "fit.flash.causal.exponent", "enough lengths", "three lengths");
    record_free(&record);
}

static void cases_over_n_are_sorted_and_good(void **state)
{
    (void)state;
    struct record record;
    struct diags diags = {0};
    const struct record_case **cases;
    size_t count;
    fake_record(&record);
    fake_case(&record, "flash", "full", 128, 1);
    record.cases[3].failed = true; /* flash at 1024 */
    assert_int_equal(metric_cases(&record, "flash.full.d64", &cases, &count, &diags), STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(cases[0]->problem.len_kv, 128);
    assert_int_equal(cases[1]->problem.len_kv, 512);
    assert_int_equal(cases[2]->problem.len_kv, 2048);
    free(cases);
    assert_int_equal(metric_cases(&record, "nothing", &cases, &count, &diags), STATUS_OK);
    assert_int_equal(count, 0);
    free(cases);
    assert_int_equal(metric_cases(&record, "", &cases, &count, &diags), STATUS_OK);
    assert_int_equal(count, 0);
    free(cases);
    record_free(&record);
}

static void units_and_kinds_have_names(void **state)
{
    (void)state;
    for (int unit = UNIT_NONE; unit <= UNIT_TEXT; unit++)
        assert_true(strlen(unit_name((enum unit)unit)) > 0);
    assert_string_equal(kind_name(KIND_MEASURED), "measured");
    assert_string_equal(kind_name(KIND_PUBLISHED), "published");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_of_a_case),
        cmocka_unit_test(every_metric_of_a_stage),
        cmocka_unit_test(every_fact_of_the_machine),
        cmocka_unit_test(this_machine_tells_its_caches),
        cmocka_unit_test(a_key_may_name_much_or_little),
        cmocka_unit_test(keys_that_are_none),
        cmocka_unit_test(missing_keys_offer_the_nearest_and_the_command),
        cmocka_unit_test(the_command_in_the_remedy_is_one),
        cmocka_unit_test(failed_unfinished_stale_and_not_finite),
        cmocka_unit_test(several_records),
        cmocka_unit_test(fits_are_of_long_sequences),
        cmocka_unit_test(cases_over_n_are_sorted_and_good),
        cmocka_unit_test(units_and_kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
