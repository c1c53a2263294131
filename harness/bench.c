/* bench.c - verify all, then measure in turns. */
#include "harness/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/bench_state.h"
#include "harness/interrupt.h"
#include "harness/memory.h"
#include "harness/probe.h"
#include "harness/stats.h"
#include "kernels/judge.h"

const struct bench_options bench_defaults = {
    .stop = {.interval = 0.02, .min_samples = 8, .max_samples = 25, .time_limit = 20},
    .min_time = 0.05,
    .seed = 1,
    .verify_rows = 512,
};

enum { CHECKPOINT_SECONDS = 5 };

const char *const bench_wrong_words = "wrong result, not timed";

static double now(const struct bench *b)
{
    return b->clock->wall(b->clock->context);
}

static void tell(struct bench *b, const char *doing, const struct run *run, size_t done, int round, double left)
{
    struct bench_progress progress = {doing, bench_row(b, run)->name, done, b->plan->count, round, left};
    if (b->watch && b->watch->tell)
        b->watch->tell(b->watch->context, &progress);
}

static double processor_mhz(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    double sum = 0, value;
    int count = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "cpu MHz : %lf", &value) == 1) {
            sum += value;
            count++;
        }
    if (file)
        fclose(file);
    return count ? sum / count : 0;
}

static enum status no_memory(struct bench *b)
{
    diags_error(b->diags, NULL, 0, "Choose smaller lengths or fewer cases.", "out of memory");
    return STATUS_NO_MEMORY;
}

/* What an earlier, interrupted run left half done is measured anew. */
static void drop_unfinished(struct record *record)
{
    for (size_t i = record->case_count; i-- > 0;)
        if (!record_case_finished(&record->cases[i]))
            record_remove(record, i);
}

static enum status open_run(struct bench *b, struct run *run)
{
    const struct plan_case *from = run->plan;
    size_t most = (size_t)b->options->stop.max_samples;
    struct record_case *c = bench_row(b, run);
    c->flops = c->bytes = NAN; /* counted key by key, so only once it is known that it fits */
    c->seed = b->options->seed;
    c->fill = strdup("gaussian");
    c->workspace = (double)kernel_workspace(from->kernel, &from->problem, from->threads);
    run->samples = calloc(most, sizeof(double));
    run->cpu = calloc(most, sizeof(double));
    run->roofs = calloc(most, sizeof(double));
    run->calls = calloc(most, sizeof(int64_t));
    run->stages = calloc(most * MAX_LAYERS, sizeof(double));
    run->hot = calloc(most, sizeof(double));
    run->graph = calloc(most, sizeof(double));
    struct place *place = b->options->places ? places_of(b->options->places, from->kernel) : NULL;
    run->place = place && place->device->apart ? place : NULL;
    c->device = strdup(run->place ? run->place->name : "cpu");
    return run->samples && run->cpu && run->roofs && run->calls && run->stages && run->hot && run->graph && c->fill &&
                   c->device
               ? STATUS_OK
               : no_memory(b);
}

/* A row for each case; a finished one of an earlier run is kept. */
static enum status open_rows(struct bench *b)
{
    enum status status = STATUS_OK;
    drop_unfinished(b->record);
    for (size_t i = 0; i < b->plan->count && status == STATUS_OK; i++) {
        struct run *run = &b->runs[i];
        const struct kernel *kernel = b->plan->cases[i].kernel;
        struct record_case *c = record_add(b->record);
        run->plan = &b->plan->cases[i];
        run->row = b->record->case_count - 1;
        if (!c || record_name_case(c, kernel->name, kernel->family, kernel->backend, kernel->title, &run->plan->problem,
                                   run->plan->threads) != STATUS_OK)
            return no_memory(b);
        size_t earlier = (size_t)(record_case_by_key(b->record, c->key) - b->record->cases);
        run->finished = earlier < run->row;
        if (run->finished) {
            record_remove(b->record, run->row);
            run->row = earlier;
        } else {
            /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): freed with the bench */
            status = open_run(b, run);
        }
    }
    return status;
}

static struct kernel_launch launch_of(struct bench *b, const struct run *run, const struct attention_tensors *tensors)
{
    return (struct kernel_launch){
        .problem = &run->plan->problem, .tensors = tensors, .workspace = b->workspace, .threads = run->plan->threads};
}

/* The gate: a kernel whose result is wrong gets no time. */
static void verify(struct bench *b, struct run *run)
{
    struct attention_tensors tensors = tensors_view(run->set);
    struct kernel_launch launch = launch_of(b, run, &tensors);
    struct verdict verdict = {0};
    memory_peak_reset();
    oracle_poison(b->workspace, (size_t)bench_row(b, run)->workspace);
    tensors_poison(run->set);
    double start = now(b);
    enum status status = run->plan->kernel->launch(&launch);
    run->expected = now(b) - start;
    run->peak = bench_own_peak(b, run);
    if (status != STATUS_OK) {
        bench_fail(b, run, status == STATUS_NO_MEMORY ? "the kernel ran out of memory" : "the launch failed");
        return;
    }
    if (kernel_judge(&run->plan->problem, &tensors, b->options->verify_rows, b->options->seed, run->plan->threads,
                     &verdict) != STATUS_OK) {
        bench_fail(b, run, "no memory for the oracle");
        return;
    }
    bench_judged(b, run, &verdict);
}

void bench_judged(struct bench *b, struct run *run, const struct verdict *verdict)
{
    struct record_case *c = bench_row(b, run);
    c->max_error = verdict->max_error;
    c->plain_error = verdict->plain_error;
    c->tolerance = verdict->tolerance;
    c->rows_compared = verdict->rows_compared;
    c->rows_total = verdict->rows_total;
    if (!verdict->pass) {
        char reason[400];
        snprintf(reason, sizeof reason, "%s: %.300s", bench_wrong_words, verdict->message);
        bench_fail(b, run, reason);
    }
}

static void measure(struct bench *b, struct run *run)
{
    struct attention_tensors tensors = tensors_view(run->set);
    struct kernel_launch launch = launch_of(b, run, &tensors);
    struct repetition repetition;
    double start = now(b), mhz = processor_mhz();
    run->roofs[run->count] = probe_fma(run->plan->threads, b->clock);
    if (measure_repetition(run->plan->kernel, &launch, b->options->min_time, run->expected, b->clock, &repetition) !=
        STATUS_OK) {
        bench_fail(b, run, "the launch failed while it was timed");
        return;
    }
    run->samples[run->count] = repetition.seconds;
    run->cpu[run->count] = repetition.cpu_seconds;
    run->calls[run->count] = repetition.calls;
    memcpy(run->stages + (size_t)run->count * MAX_LAYERS, repetition.stages, sizeof repetition.stages);
    run->mhz_low = run->count == 0 || mhz < run->mhz_low ? mhz : run->mhz_low;
    run->mhz_high = mhz > run->mhz_high ? mhz : run->mhz_high;
    run->expected = repetition.seconds;
    run->spent += now(b) - start;
    run->count++;
}

/* So that a kill leaves a valid record: written anew every few seconds. */
static enum status checkpoint(struct bench *b, bool last)
{
    if (!b->options->out || (!last && now(b) - b->last_write < CHECKPOINT_SECONDS))
        return STATUS_OK;
    for (size_t i = 0; i < b->plan->count; i++)
        if (!b->runs[i].finished && b->runs[i].count > 0)
            bench_fill_row(b, &b->runs[i], "interrupted");
    enum status status = record_write(b->record, b->options->out, b->diags);
    b->last_write = now(b);
    return status;
}

/* What a case that tells nothing of itself yet will probably need: as much as those that have finished did. */
static double usual_repetitions(const struct bench *b)
{
    double sum = 0;
    int finished = 0;
    for (size_t i = 0; i < b->plan->count; i++)
        if (b->runs[i].finished && b->runs[i].count > 0) {
            sum += b->runs[i].count;
            finished++;
        }
    return finished ? sum / finished : 0.5 * (b->options->stop.min_samples + b->options->stop.max_samples);
}

/* Seconds that the unfinished cases will take: an interval narrows with the root of the repetitions. */
static double time_left(const struct bench *b)
{
    double left = 0, usual = usual_repetitions(b);
    for (size_t i = 0; i < b->plan->count; i++) {
        const struct run *run = &b->runs[i];
        double once = run->count ? run->spent / run->count : fmax(run->expected, b->options->min_time);
        double more = measure_more(&b->options->stop, run->samples, run->count, usual);
        if (!run->finished)
            left += fmin(once * more, fmax(0, b->options->stop.time_limit - run->spent) + once);
    }
    return left;
}

static enum status verify_all(struct bench *b)
{
    for (size_t i = 0; i < b->plan->count && !interrupt_seen(); i++) {
        if (b->runs[i].finished)
            continue;
        tell(b, "verify", &b->runs[i], i, 0, -1);
        if (b->runs[i].place)
            bench_apart_verify(b, &b->runs[i]);
        else
            verify(b, &b->runs[i]);
    }
    return checkpoint(b, true);
}

static size_t finished_runs(const struct bench *b)
{
    size_t done = 0;
    for (size_t i = 0; i < b->plan->count; i++)
        done += b->runs[i].finished;
    return done;
}

/* Round after round, one repetition of each unfinished case: what drifts, drifts for all. */
static enum status measure_all(struct bench *b)
{
    enum status status = STATUS_OK;
    for (int round = 1; finished_runs(b) < b->plan->count && status == STATUS_OK; round++) {
        for (size_t i = 0; i < b->plan->count && status == STATUS_OK; i++) {
            struct run *run = &b->runs[i];
            if (run->finished || interrupt_seen())
                continue;
            tell(b, "measure", run, finished_runs(b), round, time_left(b));
            if (run->place)
                bench_apart_measure(b, run);
            else
                measure(b, run);
            const char *reason =
                run->finished ? NULL : measure_stop(&b->options->stop, run->samples, run->count, run->spent);
            if (reason) {
                bench_fill_row(b, run, reason);
                run->finished = true;
            }
            status = checkpoint(b, false);
        }
        if (status == STATUS_OK && interrupt_seen() && finished_runs(b) < b->plan->count)
            return STATUS_INTERRUPTED;
    }
    return status;
}

/* Of all cases, those of an earlier run too: wrong weighs more than failed. */
static enum status judge(const struct bench *b)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < b->plan->count && status != STATUS_WRONG; i++) {
        const struct record_case *c = &b->record->cases[b->runs[i].row];
        if (c->failed)
            status = c->error && strncmp(c->error, bench_wrong_words, strlen(bench_wrong_words)) == 0 ? STATUS_WRONG
                                                                                                      : STATUS_FAILED;
    }
    return status;
}

static void close_bench(struct bench *b)
{
    for (size_t i = 0; b->runs && i < b->plan->count; i++) {
        free(b->runs[i].samples);
        free(b->runs[i].cpu);
        free(b->runs[i].roofs);
        free(b->runs[i].calls);
        free(b->runs[i].stages);
        free(b->runs[i].hot);
        free(b->runs[i].graph);
    }
    for (size_t i = 0; i < b->set_count; i++)
        tensors_free(&b->sets[i]);
    free(b->sets);
    free(b->runs);
    free(b->workspace);
}

enum status bench_run(const struct plan *plan, const struct bench_options *options, const struct clock_source *clock,
                      const struct bench_watch *watch, struct record *record, struct diags *diags)
{
    struct bench b = {
        .plan = plan, .options = options, .clock = clock, .watch = watch, .record = record, .diags = diags};
    b.runs = calloc(plan->count, sizeof *b.runs);
    b.sets = calloc(plan->count, sizeof *b.sets);
    enum status status = b.runs && b.sets ? open_rows(&b) : no_memory(&b);
    record->incomplete = true;
    if (status == STATUS_OK && options->places)
        status = bench_apart_look(&b);
    if (status == STATUS_OK)
        status = bench_make_room(&b);
    if (status == STATUS_OK && options->out && access(options->out, F_OK) != 0)
        status = checkpoint(&b, true); /* a folder that cannot be written to is found now, not after minutes */
    if (status == STATUS_OK)
        status = verify_all(&b);
    if (status == STATUS_OK)
        status = measure_all(&b);
    if (status == STATUS_OK || status == STATUS_INTERRUPTED) {
        record->incomplete = status == STATUS_INTERRUPTED;
        enum status written = checkpoint(&b, true);
        status = written == STATUS_OK ? status : written;
    }
    if (status == STATUS_OK)
        status = judge(&b);
    close_bench(&b);
    return status;
}
