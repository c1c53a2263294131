#include "harness/summary.h"

#include <math.h>
#include <string.h>

#include "harness/fit.h"
#include "harness/stats.h"

static void scaled(double value, const char *const *units, const double *sizes, int count, char *words, size_t size)
{
    int unit = 0;
    while (unit + 1 < count && fabs(value) < sizes[unit] * 0.9995)
        unit++;
    double shown = value / sizes[unit];
    bool whole = sizes[unit] == 1 && unit > 0; /* bytes are not split */
    int digits = whole ? 0 : shown < 9.995 ? 2 : shown < 99.95 ? 1 : 0;
    snprintf(words, size, "%.*f %s", digits, shown, units[unit]);
}

void summary_time(double seconds, char *words, size_t size)
{
    static const char *const units[] = {"s", "ms", "us", "ns"};
    static const double sizes[] = {1, 1e-3, 1e-6, 1e-9};
    scaled(seconds, units, sizes, 4, words, size);
}

void summary_bytes(double bytes, char *words, size_t size)
{
    static const char *const units[] = {"TB", "GB", "MB", "KB", "B"};
    static const double sizes[] = {1e12, 1e9, 1e6, 1e3, 1};
    scaled(bytes, units, sizes, 5, words, size);
}

static void heads_words(const struct attention_problem *p, char *words, size_t size)
{
    int at = snprintf(words, size, "%lldx%lld", (long long)p->batch, (long long)p->heads);
    if (p->kv_heads != p->heads && at > 0 && (size_t)at < size)
        at += snprintf(words + at, size - (size_t)at, "/%lld", (long long)p->kv_heads);
    if (p->layers != 1 && at > 0 && (size_t)at < size)
        snprintf(words + at, size - (size_t)at, "x%lldl", (long long)p->layers);
}

/* Where and in which numbers stands in the table only when not everything is the processor's and float32. */
static bool needs_device(const struct record *record)
{
    for (size_t i = 0; i < record->case_count; i++)
        if (strcmp(record->cases[i].backend, "cpu") != 0 || record->cases[i].problem.dtype != DTYPE_F32)
            return true;
    return false;
}

static void print_case(const struct record_case *c, bool device, FILE *stream)
{
    const struct attention_problem *p = &c->problem;
    char time[24], interval[64] = "", workspace[24], heads[32], roof[24] = "-";
    heads_words(p, heads, sizeof heads);
    fprintf(stream, "%-11s ", c->kernel);
    if (device)
        fprintf(stream, "%-4s %-4s ", c->backend, dtype_name(p->dtype));
    fprintf(stream, "%-11s %6lld %4lld %-8s %2d ", c->mask, (long long)p->len_kv, (long long)p->head_dim, heads,
            c->threads);
    if (c->failed) {
        fprintf(stream, "ERROR: %s\n", c->error ? c->error : "no reason recorded");
        return;
    }
    if (c->sample_count == 0) {
        bool rehearsed = c->stop_reason && strcmp(c->stop_reason, "rehearsal") == 0;
        fprintf(stream, "%s\n", rehearsed ? "rehearsed: right, and never measured" : "not measured yet");
        return;
    }
    summary_time(c->seconds.median, time, sizeof time);
    summary_bytes(c->workspace, workspace, sizeof workspace);
    snprintf(interval, sizeof interval, "%+.1f %+.1f", 100 * (c->seconds.low / c->seconds.median - 1),
             100 * (c->seconds.high / c->seconds.median - 1));
    if (c->roof_flops > 0)
        snprintf(roof, sizeof roof, "%.1f", 100 * c->flops / c->seconds.median / c->roof_flops);
    fprintf(stream, "%9s %11s %7.1f %5s %9s  %.0e\n", time, interval, c->flops / c->seconds.median * 1e-9, roof,
            workspace, c->max_error);
    if (!record_case_finished(c))
        fprintf(stream, "            ! interrupted before it was known well enough\n");
    if (c->seconds.level < 0.99)
        fprintf(stream, "            ! %zu repetitions: the interval covers %.3g %%, not 99\n", c->sample_count,
                100 * c->seconds.level);
    if (c->flags)
        fprintf(stream, "            ! %s\n", c->flags);
}

void summary_cases(const struct record *record, FILE *stream)
{
    bool device = needs_device(record);
    fprintf(stream, "%-11s %s%-11s %6s %4s %-8s %2s %9s %11s %7s %5s %9s  %s\n", "kernel", device ? "on   type " : "",
            "mask", "N", "d", "bxh", "t", "median", "99 % CI, %", "GFLOP/s", "roof%", "workspace", "error");
    for (size_t i = 0; i < record->case_count; i++)
        print_case(&record->cases[i], device, stream);
}

/* Alike in all but the kernel. */
static bool comparable(const struct record_case *a, const struct record_case *b)
{
    const char *rest_a = strchr(a->key, '.'), *rest_b = strchr(b->key, '.');
    return rest_a && rest_b && strcmp(rest_a, rest_b) == 0;
}

static bool timed(const struct record_case *c)
{
    return !c->failed && c->sample_count > 0;
}

void summary_ratios(const struct record *record, FILE *stream)
{
    bool any = false;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *fast = &record->cases[i];
        if (!timed(fast) || strcmp(fast->family, "flash") != 0)
            continue;
        for (size_t j = 0; j < record->case_count; j++) {
            const struct record_case *slow = &record->cases[j];
            if (i == j || !timed(slow) || !comparable(fast, slow))
                continue;
            size_t pairs = fast->sample_count < slow->sample_count ? fast->sample_count : slow->sample_count;
            struct estimate ratio = stats_ratio(slow->samples, fast->samples, pairs);
            if (!any)
                fprintf(stream,
                        "\nHow many times faster (paired repetitions, 99 %% interval)\n"
                        "%-11s %-11s %-11s %6s %4s %-8s %2s  %7s  %s\n",
                        "kernel", "over", "mask", "N", "d", "bxh", "t", "times", "interval");
            any = true;
            char heads[32];
            heads_words(&fast->problem, heads, sizeof heads);
            fprintf(stream, "%-11s %-11s %-11s %6lld %4lld %-8s %2d  %7.2f  [%.2f, %.2f]\n", fast->kernel, slow->kernel,
                    fast->mask, (long long)fast->problem.len_kv, (long long)fast->problem.head_dim, heads,
                    fast->threads, ratio.median, ratio.low, ratio.high);
        }
    }
}

void summary_fits(const struct record *record, FILE *stream)
{
    struct scaling_fit *fits;
    size_t count;
    struct diags diags = {0};
    if (scaling_fits(record, &fits, &count, &diags) == STATUS_OK && count > 0) {
        fprintf(stream, "\nTime grows as N to the power of (99 %% interval, lengths from %d on)\n", FIT_SHORTEST);
        for (size_t i = 0; i < count; i++)
            fprintf(stream, "  %5.2f  [%.2f, %.2f]  %s, N %lld to %lld\n", fits[i].power.exponent, fits[i].power.low,
                    fits[i].power.high, fits[i].key, (long long)fits[i].cases[0]->problem.len_kv,
                    (long long)fits[i].cases[fits[i].count - 1]->problem.len_kv);
    }
    scaling_fits_free(fits, count);
    diags_free(&diags);
}

/* One line a stage; what the case is stands on the first. */
static void print_stages(const struct record_case *c, FILE *stream)
{
    double sum = 0;
    char time[24], bytes[24], who[64] = "";
    for (size_t s = 0; s < c->stage_count; s++)
        sum += c->stages[s].seconds.median;
    snprintf(who, sizeof who, "%-11.20s %-11.20s %6lld %4lld %2d", c->kernel, c->mask, (long long)c->problem.len_kv,
             (long long)c->problem.head_dim, c->threads);
    for (size_t s = 0; s < c->stage_count; s++) {
        const struct record_stage *stage = &c->stages[s];
        summary_time(stage->seconds.median, time, sizeof time);
        summary_bytes(stage->bytes_read + stage->bytes_written, bytes, sizeof bytes);
        fprintf(stream, "%-38s  %-18s %9s %6.1f %9s %7.1f\n", s == 0 ? who : "", stage->name, time,
                100 * stage->seconds.median / sum, bytes,
                (stage->bytes_read + stage->bytes_written) / stage->seconds.median * 1e-9);
    }
}

void summary_stages(const struct record *record, FILE *stream)
{
    bool any = false;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        if (!timed(c) || c->stage_count < 2)
            continue;
        if (!any)
            fprintf(stream,
                    "\nWhat each pass costs (time measured, bytes by formula)\n%-11s %-11s %6s %4s %2s  %-18s %9s %6s "
                    "%9s %7s\n",
                    "kernel", "mask", "N", "d", "t", "pass", "median", "time%", "bytes", "GB/s");
        any = true;
        print_stages(c, stream);
    }
}
