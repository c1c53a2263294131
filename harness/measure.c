#include "harness/measure.h"

#include <math.h>

#include "harness/stats.h"

enum { WARM_BELOW_MS = 20 };

/* The clock that a kernel tells of its stages. */
struct adding_clock {
    struct stage_clock base; /* first, so that the kernel's pointer is ours */
    const struct clock_source *source;
    double last;
    double *stages;
};

static void stage_end(struct stage_clock *base, int stage)
{
    struct adding_clock *clock = (struct adding_clock *)base;
    double now = clock->source->wall(clock->source->context);
    if (stage >= 0 && stage < MAX_LAYERS)
        clock->stages[stage] += now - clock->last;
    clock->last = now;
}

enum status measure_repetition(const struct kernel *kernel, const struct kernel_launch *launch, double min_time,
                               double expected, const struct clock_source *clock, struct repetition *repetition)
{
    double times[MEASURE_CALLS], spent = 0;
    *repetition = (struct repetition){.hot = NAN, .graph = NAN};
    struct kernel_launch timed = *launch;
    struct adding_clock stages = {.base = {stage_end}, .source = clock, .stages = repetition->stages};
    enum status status = STATUS_OK;
    timed.clock = NULL;
    if (expected < WARM_BELOW_MS * 1e-3)
        status = kernel->launch(&timed);
    timed.clock = &stages.base;
    double cpu = clock->cpu(clock->context);
    while (status == STATUS_OK && repetition->calls < MEASURE_CALLS && (spent < min_time || repetition->calls == 0)) {
        double start = clock->wall(clock->context);
        stages.last = start;
        status = kernel->launch(&timed);
        times[repetition->calls] = clock->wall(clock->context) - start;
        spent += times[repetition->calls++];
    }
    if (status != STATUS_OK)
        return status;
    repetition->seconds = stats_median(times, (size_t)repetition->calls);
    repetition->cpu_seconds = (clock->cpu(clock->context) - cpu) / (double)repetition->calls;
    for (int stage = 0; stage < MAX_LAYERS; stage++)
        repetition->stages[stage] /= (double)repetition->calls;
    return STATUS_OK;
}

double measure_more(const struct stop_rule *rule, const double *samples, int count, double usual)
{
    double all = usual;
    if (count >= 4) {
        /* The median's 99 % interval is 2 * 2.576 * 1.2533 deviations wide over the root of the count, and a deviation
         * is 1.4826 times the median absolute one. */
        double width = 9.573 * stats_spread(samples, (size_t)count);
        double needed = rule->interval > 0 ? width / rule->interval : INFINITY;
        all = fmax(needed * needed, rule->min_samples);
    }
    all = fmin(all, rule->max_samples);
    return fmax(1, all - count);
}

const char *measure_stop(const struct stop_rule *rule, const double *samples, int count, double spent)
{
    if (count >= rule->max_samples)
        return "repetitions";
    if (count > 0 && spent >= rule->time_limit)
        return "time";
    if (count < rule->min_samples)
        return NULL;
    struct estimate estimate = stats_estimate(samples, (size_t)count);
    bool narrow = estimate.level >= 0.99 && (estimate.high - estimate.low) / estimate.median <= rule->interval;
    return narrow ? "interval" : NULL;
}
