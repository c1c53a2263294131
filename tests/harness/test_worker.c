/* A device that fails in each way costs the case that it fails in, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/bench.h"
#include "help_device.h"
#include "help_fakes.h"
#include "kernels/block_mask.h"

static const struct bench_options quick = {
    .stop = {.interval = 0.02, .min_samples = 8, .max_samples = 10, .time_limit = 100},
    .min_time = 0.05,
    .seed = 1,
    .verify_rows = 64};

/* `device` of the fakes, a plan over `kernels`, a record. */
struct scene {
    struct places places;
    struct plan plan;
    struct record record;
    struct bench_options options;
    struct diags diags;
};

static void open_scene(struct scene *scene, const char *device, const char *kernels, double limit)
{
    static struct axes axes;
    *scene = (struct scene){.options = quick};
    memset(&axes, 0, sizeof axes);
    assert_int_equal(places_choose(&scene->places, fake_devices, fake_device_count, device, limit, &scene->diags),
                     STATUS_OK);
    const char *const texts[] = {kernels, "N=16", "d=8", "heads=1", "threads=1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(axes_parse(&axes, texts[i], NULL, 0, &scene->diags), STATUS_OK);
    assert_int_equal(plan_add(&scene->plan, &axes, places_kernels(&scene->places), &scene->diags), STATUS_OK);
    scene->options.places = &scene->places;
    scene->record = (struct record){.date = strdup("2026-01-02T03:04:05+0000"), .executable = strdup("flashdeck")};
    assert_int_equal(machine_look(&scene->record.machine, &scene->diags), STATUS_OK);
}

static enum status run_scene(struct scene *scene)
{
    return bench_run(&scene->plan, &scene->options, &clock_system, NULL, &scene->record, &scene->diags);
}

static void close_scene(struct scene *scene)
{
    places_close(&scene->places);
    plan_free(&scene->plan);
    record_free(&scene->record);
    diags_free(&scene->diags);
}

static const struct record_case *case_of(const struct scene *scene, const char *kernel)
{
    for (size_t i = 0; i < scene->record.case_count; i++)
        if (strcmp(scene->record.cases[i].kernel, kernel) == 0)
            return &scene->record.cases[i];
    fail_msg("no case of %s", kernel);
    return NULL;
}

static void expect_failed(const struct scene *scene, const char *kernel, const char *words)
{
    const struct record_case *c = case_of(scene, kernel);
    assert_true(c->failed);
    assert_int_equal(c->sample_count, 0);
    if (!strstr(c->error, words))
        fail_msg("%s: '%s' does not say '%s'", kernel, c->error, words);
}

static void expect_measured(const struct scene *scene, const char *kernel)
{
    const struct record_case *c = case_of(scene, kernel);
    if (c->failed)
        fail_msg("%s failed: %s", kernel, c->error);
    assert_int_equal(c->sample_count, 8);
    assert_true(c->seconds.median == fake_seconds);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fabs(b);
}

static void each_failure_costs_one_case(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, "fake:1", "kernel=sticky,good,refused,hangs,dies,lazy,greedy,bad", 1);
    assert_int_equal(run_scene(&scene), STATUS_WRONG);
    assert_int_equal(scene.diags.errors, 0);
    assert_int_equal(scene.record.case_count, 8);
    assert_false(scene.record.incomplete);
    expect_measured(&scene, "good");
    expect_failed(&scene, "sticky", "illegal memory access");
    expect_failed(&scene, "refused", "invalid configuration argument");
    expect_failed(&scene, "hangs", "no answer within 1 s (--case-limit)");
    expect_failed(&scene, "lazy", "no answer within 1 s (--case-limit)");
    expect_failed(&scene, "dies", "signal 9): cuda: assertion failed in the driver");
    expect_failed(&scene, "greedy", "does not fit in the device's memory: needs 0.134 GB, 0.067 GB are left");
    expect_failed(&scene, "bad", "wrong result, not timed");
    /* One to begin with, and one after each that broke it: sticky, hangs, dies, lazy. The others cost none. */
    assert_int_equal(scene.places.items[0].worker.started, 5);
    close_scene(&scene);
}

static void what_a_device_tells_is_in_the_row(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, "fake", "kernel=good", 10);
    assert_int_equal(run_scene(&scene), STATUS_OK);
    const struct record_case *c = case_of(&scene, "good");
    assert_string_equal(c->device, "fake:0");
    assert_string_equal(c->backend, "fake");
    assert_int_equal(c->rows_compared, 16);
    assert_true(c->max_error <= c->tolerance);
    assert_true(near(c->hot.median, 0.9 * fake_seconds) && near(c->graph.median, 0.8 * fake_seconds));
    assert_int_equal(c->iterations[0], 50);
    assert_true(near(c->cpu_samples[0], fake_seconds / 10));
    assert_int_equal(c->stage_count, 2);
    assert_true(near(c->stages[1].seconds.median, 0.75 * fake_seconds));
    assert_true(c->mhz_low == 1980 && c->mhz_high == 1980 && c->memory_mhz == 2619);
    assert_true(c->watts == 650 && c->celsius == 55);
    assert_non_null(strstr(c->flags, "the card held its clock down (power limit)"));
    assert_true(c->roof_flops == 5e13); /* float32's */
    /* Five times the cache over one set: 4 x 16 x 8 floats and 16 log-sum-exps. */
    assert_int_equal(c->input_sets, (5 * 2048 + 2111) / 2112);
    assert_true(c->peak_memory == 2112 + 64);
    assert_string_equal(scene.record.machine.gpu.name, "Fake 9000");
    assert_string_equal(scene.record.machine.gpu.device, "fake:0");
    assert_true(scene.record.machine.gpu.product_bf16 == 8e14);
    assert_int_equal(scene.places.items[0].worker.started, 1);
    /* Going on with it on another card is refused. */
    strcpy(scene.record.machine.gpu.name, "Fake 8000");
    assert_int_equal(run_scene(&scene), STATUS_BAD_INPUT);
    assert_non_null(strstr(scene.diags.items[0].what, "another card (Fake 8000)"));
    close_scene(&scene);
}

static void a_device_that_vanishes_ends_its_own_cases_only(void **state)
{
    (void)state;
    struct scene scene;
    char gone[] = "/tmp/flashdeck-gone-XXXXXX";
    int file = mkstemp(gone);
    close(file);
    unlink(gone);
    setenv(FAKE_GONE, gone, 1);
    open_scene(&scene, "fake", "kernel=good,vanishes,masked", 10);
    assert_int_equal(run_scene(&scene), STATUS_FAILED);
    expect_failed(&scene, "vanishes", "signal 9): Xid 79");
    expect_failed(&scene, "masked", "the device is gone: the GPU has fallen off the bus");
    expect_failed(&scene, "good", "the device is gone: the GPU has fallen off the bus"); /* was verified before */
    assert_int_equal(scene.places.items[0].worker.started, 1);
    close_scene(&scene);
    unlink(gone);
    unsetenv(FAKE_GONE);
}

static void a_device_that_cannot_be_opened_says_why(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, "closed:1", "kernel=good,bad", 10);
    /* the fakes' kernels are of the backend "fake": what runs them here is the closed card */
    struct device closed = fake_closed;
    closed.backend = "fake";
    scene.places.items[0].device = &closed;
    assert_int_equal(run_scene(&scene), STATUS_FAILED);
    expect_failed(&scene, "good", "card 1 has compute capability 7.5");
    expect_failed(&scene, "bad", "card 1 has compute capability 7.5");
    assert_string_equal(scene.record.machine.gpu.name, "");
    close_scene(&scene);
}

static void what_gives_no_times_makes_a_rehearsal(void **state)
{
    (void)state;
    struct scene scene;
    struct record again;
    char path[] = "/tmp/flashdeck-rehearsal-XXXXXX";
    close(mkstemp(path));
    open_scene(&scene, "timeless", "kernel=good", 10);
    assert_int_equal(run_scene(&scene), STATUS_OK);
    assert_true(scene.record.rehearsal);
    const struct record_case *c = case_of(&scene, "good");
    assert_string_equal(c->stop_reason, "rehearsal");
    assert_int_equal(c->sample_count, 0);
    assert_true(c->seconds.median == 0);
    assert_int_equal(c->rows_compared, 16);
    assert_int_equal(record_write(&scene.record, path, &scene.diags), STATUS_OK);
    assert_int_equal(record_read(path, &again, &scene.diags), STATUS_BAD_INPUT);
    assert_non_null(strstr(scene.diags.items[0].what, "rehearsal"));
    assert_int_equal(record_read_any(path, &again, &scene.diags), STATUS_OK);
    assert_true(again.rehearsal);
    record_free(&again);
    close_scene(&scene);
    unlink(path);
}

static bool first_and_own(void *context, int64_t mask, int64_t row, int64_t column)
{
    (void)context;
    (void)mask;
    return column == 0 || column == row;
}

static void a_block_mask_goes_along(void **state)
{
    (void)state;
    struct scene scene;
    struct verdict verdict = {0};
    open_scene(&scene, "fake", "kernel=masked", 10);
    struct plan_case *c = &scene.plan.cases[0];
    struct block_mask *mask = block_mask_build(&c->problem, 8, 8, 1, first_and_own, NULL);
    c->problem.mask.blocks = mask;
    assert_int_equal(bench_verify(c, &scene.options, &verdict, &scene.diags), STATUS_OK);
    assert_true(verdict.pass);
    c->problem.mask.blocks = NULL;
    assert_int_equal(bench_verify(c, &scene.options, &verdict, &scene.diags), STATUS_FAILED);
    assert_non_null(strstr(scene.diags.items[0].what, "masked on fake:0: another block mask arrived"));
    block_mask_free(mask);
    close_scene(&scene);
}

static void devices_are_chosen_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        enum status status;
        size_t count;
        const char *what;
    } all[] = {
        {NULL, STATUS_OK, 2, ""}, /* what measures and is here: not the timeless, not the absent */
        {"fake", STATUS_OK, 1, ""},
        {"fake:1,timeless", STATUS_OK, 2, ""},
        {"fake:2", STATUS_NO_DEVICE, 0, "fake:2: there are 2 of them, numbered from 0"},
        {"absent", STATUS_NO_DEVICE, 0, "no device: absent: no driver for absent things is here"},
        {"fake,absent", STATUS_OK, 1, ""},
        {"fake,fake:1", STATUS_BAD_INPUT, 1, "fake is named twice"},
        {"fak", STATUS_BAD_INPUT, 0, "there is no device 'fak'"},
        {"cuda", STATUS_NO_DEVICE, 0, "this build has no CUDA"}, /* the fakes' table has no such row */
        {"", STATUS_BAD_INPUT, 0, "'' is not a device"},
        {"fake:", STATUS_BAD_INPUT, 0, "'fake:' is not a device"},
        {"fake:-1", STATUS_BAD_INPUT, 0, "'fake:-1' is not a device"},
        {"fake:99999999999", STATUS_BAD_INPUT, 0, "is not a device"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct places places;
        struct diags diags = {0};
        enum status status = places_choose(&places, fake_devices, fake_device_count, all[i].words, 1, &diags);
        const char *what = diags.count ? diags.items[0].what : "";
        if (status != all[i].status || places.count != all[i].count || !strstr(what, all[i].what))
            fail_msg("'%s': status %d, %zu places, '%s'", all[i].words ? all[i].words : "(none)", (int)status,
                     places.count, what);
        diags_free(&diags);
        places_close(&places);
    }
}

/* Workers are this program again. */
int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_serve(fake_devices, fake_device_count, argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_costs_one_case),
        cmocka_unit_test(what_a_device_tells_is_in_the_row),
        cmocka_unit_test(a_device_that_vanishes_ends_its_own_cases_only),
        cmocka_unit_test(a_device_that_cannot_be_opened_says_why),
        cmocka_unit_test(what_gives_no_times_makes_a_rehearsal),
        cmocka_unit_test(a_block_mask_goes_along),
        cmocka_unit_test(devices_are_chosen_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
