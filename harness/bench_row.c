/* bench_row.c - what was measured of a case, into its row of the record. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/bench_state.h"
#include "harness/stats.h"

/* Events on a GPU resolve about half a microsecond: below this that is more than one per cent. */
static const double short_seconds = 50e-6;

struct record_case *bench_row(struct bench *b, const struct run *run)
{
    return &b->record->cases[run->row];
}

void bench_fail(struct bench *b, struct run *run, const char *reason)
{
    struct record_case *c = bench_row(b, run);
    c->failed = true;
    free(c->error);
    c->error = strdup(reason);
    free(c->stop_reason);
    c->stop_reason = NULL;
    c->seconds = (struct estimate){0}; /* a checkpoint may have filled them in */
    c->sample_count = c->stage_count = 0;
    run->finished = true;
}

/* What looks suspicious, in words; NULL when nothing does. */
static char *suspicions(const struct bench *b, const struct run *run, const struct record_case *c)
{
    struct text words = {0};
    double roof_spread = stats_spread(run->roofs, (size_t)run->count);
    if (run->place && c->seconds.median < short_seconds)
        text_format(&words, "a call of %.0f us is near what events tell apart: see graph; ", 1e6 * c->seconds.median);
    if (run->slowed[0])
        text_format(&words, "the card held its clock down (%s); ", run->slowed);
    if (run->mhz_low > 0 && run->mhz_high > 1.1 * run->mhz_low)
        text_format(&words, "clock moved from %.0f to %.0f MHz; ", run->mhz_low, run->mhz_high);
    if (!run->place && b->record->machine.load[0] > b->record->machine.num_cpus + 0.5)
        text_format(&words, "load average %.1f at the start; ", b->record->machine.load[0]);
    if (c->spread > 0.05)
        text_format(&words, "samples spread by %.0f %%; ", 100 * c->spread);
    if (roof_spread > 0.05)
        text_format(&words, "the roof itself spread by %.0f %%; ", 100 * roof_spread);
    if (words.length < 2)
        return NULL;
    words.bytes[words.length - 2] = '\0';
    return text_take(&words);
}

static bool fill_stages(const struct run *run, struct record_case *c)
{
    struct kernel_stages stages;
    run->plan->kernel->stages(&run->plan->problem, &stages);
    struct record_stage *filled = calloc((size_t)stages.count, sizeof *filled);
    double *column = calloc((size_t)run->count, sizeof *column);
    for (int s = 0; filled && column && s < stages.count; s++) {
        for (int i = 0; i < run->count; i++)
            column[i] = run->stages[(size_t)i * MAX_LAYERS + (size_t)s];
        filled[s].seconds = stats_estimate(column, (size_t)run->count);
        filled[s].flops = stages.items[s].flops;
        filled[s].bytes_read = stages.items[s].bytes_read;
        filled[s].bytes_written = stages.items[s].bytes_written;
        memcpy(filled[s].name, stages.items[s].name, sizeof filled[s].name);
    }
    bool memory = filled && column;
    free(column);
    free(c->stages);
    c->stages = filled;
    c->stage_count = filled ? (size_t)stages.count : 0;
    return memory;
}

static void *copy(const void *from, size_t bytes)
{
    void *to = malloc(bytes);
    return to ? memcpy(to, from, bytes) : NULL;
}

/* Level 0, absent, when any repetition could not tell. */
static struct estimate estimate_if_known(const double *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(samples[i] > 0))
            return (struct estimate){0};
    return stats_estimate(samples, count);
}

void bench_fill_row(struct bench *b, struct run *run, const char *reason)
{
    struct record_case *c = bench_row(b, run);
    size_t count = (size_t)run->count;
    free(c->samples);
    free(c->cpu_samples);
    free(c->iterations);
    free(c->stop_reason);
    free(c->flags);
    c->samples = copy(run->samples, count * sizeof(double));
    c->cpu_samples = copy(run->cpu, count * sizeof(double));
    c->iterations = copy(run->calls, count * sizeof(int64_t));
    c->sample_count = c->samples && c->cpu_samples && c->iterations ? count : 0;
    c->seconds = stats_estimate(run->samples, count);
    c->spread = stats_spread(run->samples, count);
    c->stop_reason = strdup(reason);
    c->roof_flops = stats_median(run->roofs, count);
    c->mhz_low = run->mhz_low;
    c->mhz_high = run->mhz_high;
    c->peak_memory = run->peak;
    c->flags = suspicions(b, run, c);
    if (run->place) {
        c->hot = estimate_if_known(run->hot, count);
        c->graph = estimate_if_known(run->graph, count);
        c->input_sets = run->sets;
        c->memory_mhz = run->memory_mhz;
        c->watts = run->watts;
        c->celsius = run->celsius;
    }
    if (!fill_stages(run, c))
        c->sample_count = 0;
}
