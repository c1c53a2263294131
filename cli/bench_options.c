#include "cli/bench_options.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/record_begin.h"
#include "harness/interrupt.h"
#include "harness/metric.h"
#include "harness/probe.h"
#include "harness/progress.h"
#include "harness/summary.h"

enum { CASE_SECONDS = 120 };

/* Beside a device that gives no times nothing is measured: a record is one or the other. */
static enum status choose_places(struct bench_request *request, bool measures, struct diags *diags)
{
    struct places *places = &request->places;
    if (!(request->case_limit > 0)) {
        diags_error(diags, NULL, 0, NULL, "--case-limit must be more than 0 seconds");
        return STATUS_BAD_INPUT;
    }
    enum status status = places_choose(places, device_table, device_count, request->device, request->case_limit, diags);
    request->options.places = places;
    if (status == STATUS_OK && request->device && places->missing[0])
        fprintf(stderr, "%s; the others are used\n", places->missing);
    for (size_t i = 0; i < places->count && measures && places->count > 1; i++)
        if (!places->items[i].device->times) {
            diags_error(diags, NULL, 0, "Give it alone, for a rehearsal.",
                        "%s gives no times: it cannot stand beside others", places->items[i].name);
            return STATUS_BAD_INPUT;
        }
    return status;
}

enum status bench_request_read(int argc, char **argv, const char *usage, bool measures, struct bench_request *request,
                               bool *help, struct diags *diags)
{
    *request = (struct bench_request){.options = bench_defaults, .format = "console", .case_limit = CASE_SECONDS};
    struct bench_options *o = &request->options;
    request->seed = (int64_t)o->seed;
    request->verify_rows = o->verify_rows;
    request->command = command_line(argc, argv);
    const struct option cases[] = {
        {"--preset", NULL, OPTION_TEXT, &request->preset, "NAME",
         "a named set of cases (`flashdeck list presets` shows them)"},
        {"--axis", "-a", OPTION_TEXTS, &request->axes, "AXIS=VALUES",
         "N=1024,4096 or N=2^[9:13], d=64, mask=causal, kernel=flash (`flashdeck list axes`)"},
        {"--device", NULL, OPTION_TEXT, &request->device, "LIST",
         "cpu, cuda or cuda:1 (the second card), simt (the simulator: verifies, gives no times); default: cpu, and "
         "cuda where there is a GPU"},
        {"--case-limit", NULL, OPTION_NUMBER, &request->case_limit, "SECONDS",
         "most time that one step of a case may take on a GPU before it counts as hanging (120)"},
        {"--threads", NULL, OPTION_TEXT, &request->threads, "LIST", "worker threads, as in 1,2 (all processors)"},
        {"--benchmark_filter", NULL, OPTION_TEXT, &request->filter, "REGEX",
         "only cases whose name matches; -REGEX: only others"},
        {"--benchmark_list_tests", NULL, OPTION_FLAG, &request->list_tests, NULL, "print the names and stop"},
        {"--seed", NULL, OPTION_COUNT, &request->seed, "N", "of the inputs (1)"},
        {"--verify-rows", NULL, OPTION_COUNT, &request->verify_rows, "N", "rows held against the float64 oracle (512)"},
        {"--quiet", NULL, OPTION_FLAG, &request->quiet, NULL, "no progress, no table"},
        {0}};
    const struct option judging[] = {
        {"--compare", NULL, OPTION_TEXT, &request->compare, "DEVICE",
         "hold each kernel's outputs against those of another device instead: cpu, cuda, simt"},
        {0}};
    const struct option measuring[] = {
        {"--benchmark_out", NULL, OPTION_TEXT, &request->out, "FILE", "write the record here (JSON)"},
        {"--benchmark_out_format", NULL, OPTION_TEXT, &request->format, "json",
         "the record's format; json is the only one"},
        {"--benchmark_repetitions", NULL, OPTION_COUNT, &request->repetitions, "N",
         "exactly N repetitions of each case"},
        {"--benchmark_min_time", NULL, OPTION_NUMBER, &o->min_time, "SECONDS", "length of a repetition (0.05)"},
        {"--interval", NULL, OPTION_NUMBER, &o->stop.interval, "RATIO",
         "stop a case at this width of its 99 % interval (0.02)"},
        {"--time-limit", NULL, OPTION_NUMBER, &o->stop.time_limit, "SECONDS", "most time for one case (20)"},
        {"--resume", NULL, OPTION_TEXT, &request->resume, "FILE", "go on with an incomplete record"},
        {0}};
    struct option options[sizeof cases / sizeof cases[0] + sizeof measuring / sizeof measuring[0]];
    size_t count = sizeof cases / sizeof cases[0] - 1;
    memcpy(options, cases, sizeof cases);
    memcpy(options + count, measures ? measuring : judging, measures ? sizeof measuring : sizeof judging);
    enum status status = options_read(argc, argv, options, NULL, help, diags);
    if (*help)
        options_help(usage, options, stdout);
    if (*help || status != STATUS_OK)
        return status;
    if (strcmp(request->format, "json") != 0 && strcmp(request->format, "console") != 0) {
        diags_error(diags, NULL, 0, "Records are JSON: --benchmark_out_format=json.", "no format '%.40s'",
                    request->format);
        return STATUS_BAD_INPUT;
    }
    if (request->repetitions > 0) {
        o->stop.min_samples = o->stop.max_samples = (int)(request->repetitions < 1000 ? request->repetitions : 1000);
        o->stop.interval = 0;
    }
    status = choose_places(request, measures, diags);
    if (status != STATUS_OK)
        return status;
    o->seed = (uint64_t)request->seed;
    o->verify_rows = request->verify_rows > 0 ? request->verify_rows : 1;
    o->out = request->out ? request->out : request->resume;
    if (o->out && output_check(o->out, diags) != STATUS_OK)
        return STATUS_IO;
    return bench_request_plan(request, diags);
}

/* --resume alone goes on with the cases that the record lists. */
static enum status plan_of_record(struct bench_request *request, struct diags *diags)
{
    struct record record;
    enum status status = record_read_any(request->resume, &record, diags);
    if (status == STATUS_OK)
        status = plan_add_record(&request->plan, &record, places_kernels(&request->places), diags);
    record_free(&record);
    return status;
}

enum status bench_request_plan(struct bench_request *request, struct diags *diags)
{
    struct axes axes = {0};
    char *threads = NULL, *preset = request->preset ? strdup(request->preset) : NULL;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->axes.count; i++)
        if (axes_parse(&axes, request->axes.texts[i], NULL, 0, diags) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    if (request->threads && asprintf(&threads, "threads=%s", request->threads) > 0 &&
        axes_parse(&axes, threads, NULL, 0, diags) != STATUS_OK)
        status = STATUS_BAD_INPUT;
    bool given = axes.axis[AXIS_KERNEL].count || axes.axis[AXIS_N].count || axes.axis[AXIS_MASK].count ||
                 axes.axis[AXIS_NQ].count || axes.axis[AXIS_NKV].count;
    if (status == STATUS_OK && !preset && !given && request->resume)
        status = plan_of_record(request, diags);
    else if (status == STATUS_OK && (preset || !given))
        status =
            plan_add_preset(&request->plan, preset ? preset : "quick", &axes, places_kernels(&request->places), diags);
    else if (status == STATUS_OK)
        status = plan_add(&request->plan, &axes, places_kernels(&request->places), diags);
    if (status == STATUS_OK && request->plan.count == 0) {
        diags_error(diags, NULL, 0, NULL, "no kernel does any of these problems: %s",
                    request->plan.left_out_reason ? request->plan.left_out_reason : "there are none");
        status = STATUS_BAD_INPUT;
    }
    if (status == STATUS_OK && request->filter)
        status = plan_filter(&request->plan, request->filter, diags);
    free(threads);
    free(preset);
    return status;
}

static bool rehearses(const struct bench_request *request)
{
    return request->places.count == 1 && !request->places.items[0].device->times;
}

/* A record to go on with must come from this machine and these sources. */
static enum status resume(const struct bench_request *request, struct record *record, struct diags *diags)
{
    struct machine here;
    enum status status = record_read_any(request->resume, record, diags);
    if (status != STATUS_OK)
        return status;
    status = machine_look(&here, diags);
    if (strcmp(here.cpu_name, record->machine.cpu_name) != 0 || strcmp(here.sources, record->machine.sources) != 0) {
        diags_error(diags, request->resume, 0, "Measure from the start, without --resume.",
                    "this record is of another %s: its times cannot stand beside new ones",
                    strcmp(here.cpu_name, record->machine.cpu_name) != 0 ? "machine" : "version of the kernels");
        status = STATUS_BAD_INPUT;
    }
    machine_free(&here);
    if (status == STATUS_OK && record->rehearsal != rehearses(request)) {
        diags_error(diags, request->resume, 0, "Measure from the start, without --resume.",
                    "this record is %s: measured and rehearsed rows do not stand in one",
                    record->rehearsal ? "a rehearsal" : "measured");
        status = STATUS_BAD_INPUT;
    }
    return status;
}

static enum status open_record(const struct bench_request *request, struct record *record, struct diags *diags)
{
    if (request->resume)
        return resume(request, record, diags);
    return record_begin(record, request->preset, request->command, diags);
}

/* Keeps this process on the processors that it may use: the kernel's threads then stay where they are. */
static bool pin(void)
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 && sched_setaffinity(0, sizeof allowed, &allowed) == 0;
}

void bench_request_list(const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct record names = {0};
        struct record_case *c = record_add(&names);
        const struct plan_case *from = &plan->cases[i];
        if (c && record_name_case(c, from->kernel->name, from->kernel->family, from->kernel->backend,
                                  from->kernel->title, &from->problem, from->threads) == STATUS_OK)
            puts(c->name);
        record_free(&names);
    }
}

static void print_gpu(const struct machine_gpu *gpu)
{
    if (!gpu->name[0])
        return;
    printf("%s (%s), %d multiprocessors, driver for %s\n", gpu->name, gpu->device, gpu->multiprocessors, gpu->driver);
    printf("measured roofs: copy %.0f GB/s read + written, products bf16 %.1f TFLOP/s, f32 %.1f (%s)\n",
           gpu->copy * 1e-9, gpu->product_bf16 * 1e-12, gpu->product_f32 * 1e-12, gpu->products);
}

static void print_results(const struct bench_request *request, const struct record *record)
{
    if (record->rehearsal)
        puts("a rehearsal: every case was verified and none was measured");
    if (request->places.missing[0] && !request->device)
        puts(request->places.missing);
    print_gpu(&record->machine.gpu);
    printf("%s, %d CPUs, %s, %s\n", record->machine.cpu_name, record->machine.num_cpus, record->machine.isa,
           record->machine.blas);
    printf("measured roofs: FMA %.0f GFLOP/s (one thread %.0f), copy %.0f GB/s read + written\n\n",
           record->machine.fma_peak * 1e-9, record->machine.fma_peak_1 * 1e-9, record->machine.copy * 1e-9);
    summary_cases(record, stdout);
    summary_ratios(record, stdout);
    summary_stages(record, stdout);
    summary_fits(record, stdout);
    if (request->plan.left_out)
        printf("\n%zu combinations were left out: %s\n", request->plan.left_out, request->plan.left_out_reason);
    if (request->options.out)
        printf("\nrecord: %s%s\n", request->options.out,
               record->incomplete ? " (incomplete; --resume goes on with it)" : "");
}

enum status bench_request_run(struct bench_request *request, struct record *record, struct diags *diags)
{
    if (request->list_tests) {
        bench_request_list(&request->plan);
        return STATUS_OK;
    }
    interrupt_catch();
    enum status status = open_record(request, record, diags);
    if (status != STATUS_OK)
        return status;
    record->machine.pinned = pin();
    status = probe_roofs(&record->machine, &clock_system, diags);
    if (status != STATUS_OK)
        return status;
    struct progress progress = progress_open(stderr);
    struct bench_watch watch = {request->quiet ? NULL : progress_tell, &progress};
    status = bench_run(&request->plan, &request->options, &clock_system, &watch, record, diags);
    progress_close(&progress);
    if (!request->quiet && diags->errors == 0)
        print_results(request, record);
    return status;
}

void bench_request_free(struct bench_request *request)
{
    plan_free(&request->plan);
    places_close(&request->places);
    free(request->command);
}
