/* A plan becomes a record: with kernels that are right, wrong, silent, failing and too large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/bench.h"
#include "harness/interrupt.h"
#include "harness/memory.h"
#include "help_fakes.h"

static const struct bench_options quick = {
    .stop = {.interval = 0.02, .min_samples = 8, .max_samples = 10, .time_limit = 100},
    .min_time = 0.05,
    .seed = 1,
    .verify_rows = 64};

static void plan_of(struct plan *plan, const char *kernels, const char *lengths)
{
    static struct axes axes;
    struct diags diags = {0};
    memset(&axes, 0, sizeof axes);
    *plan = (struct plan){0};
    const char *const texts[] = {kernels, lengths, "d=8", "heads=1", "threads=1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(axes_parse(&axes, texts[i], NULL, 0, &diags), STATUS_OK);
    assert_int_equal(plan_add(plan, &axes, fake_kernels(), &diags), STATUS_OK);
}

static void machine_of(struct record *record)
{
    struct diags diags = {0};
    *record = (struct record){.date = strdup("2026-01-02T03:04:05+0000"), .executable = strdup("flashdeck")};
    assert_int_equal(machine_look(&record->machine, &diags), STATUS_OK);
    record->machine.load[0] = 0;
}

static const struct record_case *case_of(const struct record *record, const char *kernel)
{
    for (size_t i = 0; i < record->case_count; i++)
        if (strcmp(record->cases[i].kernel, kernel) == 0)
            return &record->cases[i];
    fail_msg("no case of %s", kernel);
    return NULL;
}

static void expect_failed(const struct record *record, const char *kernel, const char *words)
{
    const struct record_case *c = case_of(record, kernel);
    assert_true(c->failed);
    if (!strstr(c->error, words))
        fail_msg("%s: '%s' does not say '%s'", kernel, c->error, words);
    assert_int_equal(c->sample_count, 0);
    assert_null(c->stop_reason);
    assert_true(c->seconds.median == 0);
}

static void expect_measured(const struct record *record, const char *kernel, const char *reason, size_t samples)
{
    const struct record_case *c = case_of(record, kernel);
    if (c->failed)
        fail_msg("%s failed: %s", kernel, c->error);
    assert_string_equal(c->stop_reason, reason);
    assert_int_equal(c->sample_count, samples);
    assert_int_equal(c->rows_compared, c->rows_total);
    assert_true(c->max_error <= c->tolerance);
}

static void a_wrong_kernel_gets_no_time_and_the_others_go_on(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    struct diags diags = {0};
    /* silent and partly come after right ones on the same tensors: what those left must not pass for theirs */
    plan_of(&plan, "kernel=wrong,right,silent,staged,partly,failing,huge", "N=16");
    machine_of(&record);
    fake_time = (struct fake_time){.call = 0.06, .fail_after = 1};
    assert_int_equal(bench_run(&plan, &quick, &fake_clock, NULL, &record, &diags), STATUS_WRONG);
    assert_int_equal(diags.errors, 0);
    assert_false(record.incomplete);
    assert_int_equal(record.case_count, 7);
    expect_measured(&record, "right", "interval", 8);
    expect_measured(&record, "staged", "interval", 8);
    expect_failed(&record, "wrong", "wrong result, not timed");
    expect_failed(&record, "silent", "wrong result, not timed");
    expect_failed(&record, "partly", "wrong result, not timed");
    expect_failed(&record, "failing", "the launch failed");
    expect_failed(&record, "huge", "does not fit in memory");
    const struct record_case *right = case_of(&record, "right"), *staged = case_of(&record, "staged");
    assert_true(fabs(right->seconds.median - 0.06) < 1e-4);
    assert_true(right->iterations[0] == 1);
    assert_int_equal(staged->stage_count, 2);
    assert_true(fabs(staged->stages[0].seconds.median - 0.015) < 1e-4);
    assert_true(fabs(staged->stages[1].seconds.median - 0.045) < 1e-4);
    assert_string_equal(staged->stages[1].name, "second");
    assert_true(staged->stages[1].bytes_read == 200);
    assert_true(right->flops == 4 * 8 * 16 * 16);
    plan_free(&plan);
    record_free(&record);
}

static void only_failures_are_not_called_wrong(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    struct diags diags = {0};
    plan_of(&plan, "kernel=right,failing", "N=16");
    machine_of(&record);
    fake_time = (struct fake_time){.call = 0.06, .fail_after = 4}; /* passes the oracle, fails while it is timed */
    assert_int_equal(bench_run(&plan, &quick, &fake_clock, NULL, &record, &diags), STATUS_FAILED);
    expect_failed(&record, "failing", "failed while it was timed");
    expect_measured(&record, "right", "interval", 8);
    plan_free(&plan);
    record_free(&record);
}

static void what_does_not_fit_tells_both_figures_before_it_is_taken(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    struct diags diags = {0};
    struct verdict verdict;
    plan_of(&plan, "kernel=huge", "N=16");
    machine_of(&record);
    fake_time = (struct fake_time){0};
    struct bench_options options = quick;
    options.out = "never.json";
    memory_peak_reset();
    int64_t before = memory_peak();
    assert_int_equal(bench_run(&plan, &options, &fake_clock, NULL, &record, &diags), STATUS_NO_MEMORY);
    assert_int_equal(fake_time.launches, 0);
    assert_true(memory_peak() - before < 16 << 20);
    assert_int_not_equal(access("never.json", F_OK), 0);
    double needs = 0, left = 0;
    assert_int_equal(diags.errors, 1);
    const char *words = strstr(diags.items[0].what, "does not fit");
    assert_int_equal(sscanf(words, "does not fit in memory: needs %lf GB, %lf GB are left", &needs, &left), 2);
    assert_true(fabs(needs - 1.152921504606847e9) < 1); /* 2^60 bytes */
    assert_true(left > 0.001 && left < 1e6);
    diags_free(&diags);
    assert_int_equal(bench_verify(&plan.cases[0], &quick, &verdict, &diags), STATUS_NO_MEMORY);
    assert_non_null(strstr(diags.items[0].what, "does not fit in memory: needs"));
    diags_free(&diags);
    record_free(&record);
    plan_free(&plan);
}

/* Lengths whose scores nobody could count one by one, and tensors of up to 2^62 bytes. */
static void the_largest_problems_are_told_at_once(void **state)
{
    (void)state;
    static const struct {
        int64_t n, heads;
    } large[] = {{(int64_t)1 << 40, 8}, {1 << 20, 1 << 24}, {(int64_t)1 << 53, 1}};
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        struct plan plan;
        struct record record;
        struct diags diags = {0};
        machine_of(&record);
        plan_of(&plan, "kernel=right", "N=16");
        plan.cases[0].problem.len_q = plan.cases[0].problem.len_kv = large[i].n;
        plan.cases[0].problem.heads = plan.cases[0].problem.kv_heads = large[i].heads;
        assert_int_equal(bench_run(&plan, &quick, &fake_clock, NULL, &record, &diags), STATUS_NO_MEMORY);
        assert_non_null(strstr(diags.items[0].what, "does not fit in memory"));
        diags_free(&diags);
        record_free(&record);
        plan_free(&plan);
    }
}

static void each_stop_reason_is_recorded(void **state)
{
    (void)state;
    struct plan plan;
    struct diags diags = {0};
    static const struct {
        double jitter, limit;
        const char *reason;
        size_t samples;
    } ends[] = {{0, 100, "interval", 8}, {0.4, 100, "repetitions", 10}, {0.4, 0.35, "time", 4}};
    plan_of(&plan, "kernel=right", "N=16");
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct record record;
        struct bench_options options = quick;
        machine_of(&record);
        options.stop.time_limit = ends[i].limit;
        fake_time = (struct fake_time){.call = 0.1, .jitter = ends[i].jitter};
        assert_int_equal(bench_run(&plan, &options, &fake_clock, NULL, &record, &diags), STATUS_OK);
        expect_measured(&record, "right", ends[i].reason, ends[i].samples);
        assert_true(ends[i].jitter == 0 || strstr(record.cases[0].flags, "samples spread"));
        record_free(&record);
    }
    plan_free(&plan);
}

static void cases_take_turns(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    struct diags diags = {0};
    plan_of(&plan, "kernel=right,staged", "N=16,24");
    machine_of(&record);
    fake_time = (struct fake_time){.call = 0.06};
    assert_int_equal(bench_run(&plan, &quick, &fake_clock, NULL, &record, &diags), STATUS_OK);
    assert_int_equal(record.case_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(record.cases[i].sample_count, 8);
    assert_int_equal(fake_time.launches, 4 + 4 * 8); /* judged once, then one call a repetition */
    plan_free(&plan);
    record_free(&record);
}

/* What a progress line was told. */
struct told {
    char order[400];
    double left[100];
    size_t count, most_done;
};

static void tell(void *context, const struct bench_progress *progress)
{
    struct told *told = context;
    assert_int_equal(progress->total, 2);
    assert_true(progress->done < progress->total);
    if (told->count < 100) {
        told->left[told->count] = progress->left;
        told->order[told->count++] = progress->doing[0] == 'v' ? 'v' : progress->name[0];
    }
    told->most_done = progress->done > told->most_done ? progress->done : told->most_done;
}

static void progress_is_told_in_turns_with_a_sane_estimate(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    struct diags diags = {0};
    struct told told = {0};
    struct bench_watch watch = {tell, &told};
    plan_of(&plan, "kernel=right,staged", "N=16");
    machine_of(&record);
    fake_time = (struct fake_time){.call = 1};
    assert_int_equal(bench_run(&plan, &quick, &fake_clock, &watch, &record, &diags), STATUS_OK);
    assert_string_equal(told.order, "vvrsrsrsrsrsrsrsrs");
    assert_int_equal(told.most_done, 1);
    assert_true(told.left[0] < 0);              /* nothing is known while results are judged */
    assert_true(fabs(told.left[2] - 18) < 0.1); /* 9 each: between 8 and 10 */
    for (size_t i = 10; i < 18; i++)            /* from the fourth repetition of each on it knows that they will be 8 */
        assert_true(fabs(told.left[i] - (18 - (double)i)) < 0.1);
    plan_free(&plan);
    record_free(&record);
}

static size_t read_back(const char *path, struct record *record)
{
    struct diags diags = {0};
    enum status status = record_read(path, record, &diags);
    if (status != STATUS_OK)
        fail_msg("%s: %s", path, diags.items[0].what);
    size_t finished = 0;
    for (size_t i = 0; i < record->case_count; i++)
        finished += record_case_finished(&record->cases[i]);
    return finished;
}

/* In a child, since a signal once seen stays seen: SIGTERM in the middle of launch `at`. Returns its exit code. */
static int run_interrupted(const struct plan *plan, const char *out, int at)
{
    pid_t child = fork();
    if (child == 0) {
        struct record record;
        struct diags diags = {0};
        struct bench_options options = quick;
        machine_of(&record);
        options.out = out;
        fake_time = (struct fake_time){.call = 0.06, .stop_after = at};
        interrupt_catch();
        enum status status = bench_run(plan, &options, &fake_clock, NULL, &record, &diags);
        _exit(status == STATUS_INTERRUPTED && record.incomplete ? status_exit_code(status) : 1);
    }
    int how;
    waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

/* Goes on with the record in this process; returns the launches that took. */
static int resume(const struct plan *plan, const char *out, struct record *record)
{
    struct diags diags = {0};
    struct bench_options options = quick;
    read_back(out, record);
    assert_true(record->incomplete);
    options.out = out;
    fake_time = (struct fake_time){.call = 0.06};
    assert_int_equal(bench_run(plan, &options, &fake_clock, NULL, record, &diags), STATUS_OK);
    record_free(record);
    return fake_time.launches;
}

static void interrupted_runs_leave_a_record_that_can_be_finished(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    plan_of(&plan, "kernel=right,staged", "N=16,24");
    /* 4 launches judge, then 8 rounds of 4. The signal comes while the second result is judged, in round 2, and in
     * round 8 when two cases have finished (and the third is let finish). */
    static const struct {
        int at;
        size_t finished, samples;
        int launches;
    } stops[] = {{2, 0, 0, 4 + 32}, {4 + 4 + 2, 0, 2, 4 + 32}, {4 + 28 + 3, 3, 8, 1 + 8}};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        unlink("resume.json");
        assert_int_equal(run_interrupted(&plan, "resume.json", stops[i].at), 130);
        assert_int_equal(read_back("resume.json", &record), stops[i].finished);
        assert_true(record.incomplete);
        assert_int_equal(record.case_count, 4);
        assert_int_equal(record.cases[0].sample_count, stops[i].samples);
        double *kept = calloc(8, sizeof *kept);
        if (stops[i].samples)
            memcpy(kept, record.cases[0].samples, stops[i].samples * sizeof *kept);
        record_free(&record);
        assert_int_equal(resume(&plan, "resume.json", &record), stops[i].launches);
        assert_int_equal(read_back("resume.json", &record), 4);
        assert_false(record.incomplete);
        assert_int_equal(record.case_count, 4);
        for (size_t c = 0; c < 4; c++)
            assert_int_equal(record.cases[c].sample_count, 8);
        if (stops[i].finished)
            assert_memory_equal(record.cases[0].samples, kept, 8 * sizeof *kept);
        free(kept);
        record_free(&record);
    }
    unlink("resume.json");
    plan_free(&plan);
}

/* SIGKILL cannot be caught: what was written every few seconds is what is left. */
static void a_killed_run_leaves_its_last_checkpoint(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    plan_of(&plan, "kernel=right,staged", "N=16");
    pid_t child = fork();
    if (child == 0) {
        struct diags diags = {0};
        struct bench_options options = quick;
        machine_of(&record);
        options.out = "killed.json";
        fake_time = (struct fake_time){.call = 1.1, .stop_after = 2 + 2 * 6 + 1, .signal = SIGKILL};
        bench_run(&plan, &options, &fake_clock, NULL, &record, &diags);
        _exit(0);
    }
    int how;
    waitpid(child, &how, 0);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
    assert_int_equal(read_back("killed.json", &record), 0);
    assert_true(record.incomplete);
    assert_int_equal(record.case_count, 2);
    assert_true(record.cases[0].sample_count >= 3 && record.cases[0].sample_count <= 6);
    assert_string_equal(record.cases[0].stop_reason, "interrupted");
    record_free(&record);
    assert_int_equal(resume(&plan, "killed.json", &record), 2 + 16);
    assert_int_equal(read_back("killed.json", &record), 2);
    record_free(&record);
    unlink("killed.json");
    plan_free(&plan);
}

static void failures_of_an_earlier_run_still_count(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    struct diags diags = {0};
    struct bench_options options = quick;
    plan_of(&plan, "kernel=wrong,right", "N=16");
    machine_of(&record);
    options.out = "failed.json";
    fake_time = (struct fake_time){.call = 0.06};
    assert_int_equal(bench_run(&plan, &options, &fake_clock, NULL, &record, &diags), STATUS_WRONG);
    record_free(&record);
    read_back("failed.json", &record);
    fake_time = (struct fake_time){.call = 0.06};
    assert_int_equal(bench_run(&plan, &options, &fake_clock, NULL, &record, &diags), STATUS_WRONG);
    assert_int_equal(fake_time.launches, 0);
    record_free(&record);
    unlink("failed.json");
    plan_free(&plan);
}

static void a_place_that_cannot_be_written_to_is_found_at_once(void **state)
{
    (void)state;
    struct plan plan;
    struct record record;
    struct diags diags = {0};
    struct bench_options options = quick;
    plan_of(&plan, "kernel=right", "N=16");
    machine_of(&record);
    options.out = "no-such-folder/record.json";
    fake_time = (struct fake_time){.call = 0.06};
    assert_int_equal(bench_run(&plan, &options, &fake_clock, NULL, &record, &diags), STATUS_IO);
    assert_int_equal(fake_time.launches, 0);
    assert_int_equal(diags.errors, 1);
    assert_non_null(strstr(diags.items[0].file, "no-such-folder"));
    diags_free(&diags);
    record_free(&record);
    plan_free(&plan);
}

static void verdicts_alone(void **state)
{
    (void)state;
    struct plan plan;
    struct diags diags = {0};
    struct verdict verdict;
    plan_of(&plan, "kernel=right,wrong,silent,failing", "N=16");
    fake_time = (struct fake_time){.fail_after = 1};
    assert_int_equal(bench_verify(&plan.cases[0], &quick, &verdict, &diags), STATUS_OK);
    assert_true(verdict.pass);
    assert_int_equal(bench_verify(&plan.cases[1], &quick, &verdict, &diags), STATUS_OK);
    assert_false(verdict.pass);
    assert_int_equal(bench_verify(&plan.cases[2], &quick, &verdict, &diags), STATUS_OK);
    assert_false(verdict.pass);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(bench_verify(&plan.cases[3], &quick, &verdict, &diags), STATUS_FAILED);
    assert_int_equal(diags.errors, 1);
    diags_free(&diags);
    plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_kernel_gets_no_time_and_the_others_go_on),
        cmocka_unit_test(only_failures_are_not_called_wrong),
        cmocka_unit_test(what_does_not_fit_tells_both_figures_before_it_is_taken),
        cmocka_unit_test(the_largest_problems_are_told_at_once),
        cmocka_unit_test(each_stop_reason_is_recorded),
        cmocka_unit_test(cases_take_turns),
        cmocka_unit_test(progress_is_told_in_turns_with_a_sane_estimate),
        cmocka_unit_test(interrupted_runs_leave_a_record_that_can_be_finished),
        cmocka_unit_test(a_killed_run_leaves_its_last_checkpoint),
        cmocka_unit_test(failures_of_an_earlier_run_still_count),
        cmocka_unit_test(a_place_that_cannot_be_written_to_is_found_at_once),
        cmocka_unit_test(verdicts_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
