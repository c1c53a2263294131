/* bench_apart.c - cases of a run on a device that has a worker. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/bench_state.h"

static struct worker_question question_of(const struct bench *b, const struct run *run, enum worker_task task)
{
    return (struct worker_question){.task = task,
                                    .kernel = run->plan->kernel,
                                    .problem = &run->plan->problem,
                                    .name = b->record->cases[run->row].name,
                                    .seed = b->options->seed,
                                    .threads = plan_cpus(),
                                    .rows = b->options->verify_rows,
                                    .min_time = b->options->min_time};
}

/* Asks; a failure ends the case. STATUS_WRONG: the simulator found a fault in the kernel. */
static bool ask(struct bench *b, struct run *run, enum worker_task task, struct worker_answer *answer)
{
    struct worker_question question = question_of(b, run, task);
    char reason[500];
    worker_ask(&run->place->worker, &question, answer);
    if (answer->status == STATUS_OK)
        return true;
    bool wrong = answer->status == STATUS_WRONG;
    snprintf(reason, sizeof reason, "%s%s%s", wrong ? bench_wrong_words : "", wrong ? ": " : "",
             answer->fault.reason[0] ? answer->fault.reason : "the launch failed");
    bench_fail(b, run, reason);
    return false;
}

void bench_apart_verify(struct bench *b, struct run *run)
{
    struct worker_answer answer;
    if (ask(b, run, WORKER_VERIFY, &answer))
        bench_judged(b, run, &answer.verdict);
}

static double higher(double a, double b)
{
    return isnan(a) || b > a ? b : a; /* NaN only where nobody tells */
}

static void note_condition(struct run *run, const struct device_condition *condition)
{
    if (condition->mhz > 0) {
        run->mhz_low = run->mhz_low > 0 ? fmin(run->mhz_low, condition->mhz) : condition->mhz;
        run->mhz_high = fmax(run->mhz_high, condition->mhz);
    }
    run->memory_mhz = higher(run->memory_mhz, condition->memory_mhz);
    run->watts = higher(run->watts, condition->watts);
    run->celsius = higher(run->celsius, condition->celsius);
    if (condition->slowed[0])
        memcpy(run->slowed, condition->slowed, sizeof run->slowed);
}

/* The device's own roof for numbers of this type. */
static double roof_of(const struct run *run)
{
    const struct machine_gpu *gpu = &run->place->gpu;
    return run->plan->problem.dtype == DTYPE_F32 ? gpu->product_f32 : gpu->product_bf16;
}

/* A device that gives no times was asked once, so that the whole way was gone. */
static void rehearsed(struct bench *b, struct run *run)
{
    struct record_case *c = bench_row(b, run);
    free(c->stop_reason);
    c->stop_reason = strdup("rehearsal");
    run->finished = true;
}

void bench_apart_measure(struct bench *b, struct run *run)
{
    struct worker_answer answer;
    double start = b->clock->wall(b->clock->context);
    if (!ask(b, run, WORKER_REPEAT, &answer))
        return;
    const struct station_times *times = &answer.times;
    const struct repetition *r = &times->repetition;
    if (!run->place->device->times) {
        rehearsed(b, run);
        return;
    }
    if (run->count == 0)
        run->memory_mhz = run->watts = run->celsius = NAN;
    run->samples[run->count] = r->seconds;
    run->cpu[run->count] = r->cpu_seconds;
    run->calls[run->count] = r->calls;
    run->hot[run->count] = r->hot;
    run->graph[run->count] = r->graph;
    run->roofs[run->count] = roof_of(run);
    memcpy(run->stages + (size_t)run->count * MAX_LAYERS, r->stages, sizeof r->stages);
    /* Before the first call of a repetition the card may have been idle: its clock then says nothing. */
    note_condition(run, &times->after);
    run->sets = times->sets;
    run->peak = times->bytes;
    run->expected = r->seconds;
    run->spent += b->clock->wall(b->clock->context) - start;
    run->count++;
}

/* What stands in the other places, and their roofs. A record holds the card of one of them: going on with it on
 * another would put its times beside strangers. */
enum status bench_apart_look(struct bench *b)
{
    struct places *places = b->options->places;
    const char *before = b->record->machine.gpu.name;
    places_look(places, true);
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->items[i];
        if (before[0] && place->gpu.name[0] && strcmp(before, place->gpu.name) != 0) {
            diags_error(b->diags, b->options->out, 0, "Measure from the start, without --resume.",
                        "this record is of another card (%s): its times cannot stand beside those of %s", before,
                        place->gpu.name);
            return STATUS_BAD_INPUT;
        }
        if (place->gpu.name[0] && place->device->times)
            b->record->machine.gpu = place->gpu;
        b->record->rehearsal |= !place->device->times;
    }
    return STATUS_OK;
}
