#include "slides/charts/axis.h"

#include <math.h>
#include <stdio.h>

double axis_share(const struct axis *axis, double value)
{
    if (axis->log)
        return log10(value / axis->low) / log10(axis->high / axis->low);
    return (value - axis->low) / (axis->high - axis->low);
}

double axis_pixel(const struct axis *axis, double value)
{
    return axis->from + axis_share(axis, value) * (axis->to - axis->from);
}

struct axis axis_over(bool log, double least, double most)
{
    if (!log)
        return (struct axis){.low = 0, .high = most > 0 ? most : 1};
    double low = pow(10, floor(log10(least) - 1.0 / 7));
    return (struct axis){.log = true, .low = low, .high = most > low ? most : 10 * low};
}

double axis_round_below(double value)
{
    double power = pow(10, floor(log10(value)));
    return value >= 5 * power ? 5 * power : value >= 2 * power ? 2 * power : power;
}

static int add(double ticks[AXIS_TICKS], int count, const struct axis *axis, double value)
{
    double share = axis_share(axis, value);
    if (count < AXIS_TICKS && share > -1e-9 && share < 1 + 1e-9)
        ticks[count++] = value;
    return count;
}

static int log_ticks(const struct axis *axis, double ticks[AXIS_TICKS])
{
    static const double between[] = {1, 2, 5};
    double first = floor(log10(axis->low) + 1e-9), last = ceil(log10(axis->high) - 1e-9);
    int steps = last - first < 2 ? 3 : 1, count = 0;
    int stride = last - first > 6 ? 2 : 1;
    for (double e = first; e <= last; e += stride)
        for (int i = 0; i < steps; i++)
            count = add(ticks, count, axis, between[i] * pow(10, e));
    return count;
}

int axis_ticks(const struct axis *axis, double ticks[AXIS_TICKS])
{
    if (axis->log)
        return log_ticks(axis, ticks);
    double rough = (axis->high - axis->low) / 4, power = pow(10, floor(log10(rough)));
    double step = power * (rough <= power * 1.001 ? 1 : rough <= 2.001 * power ? 2 : rough <= 5.001 * power ? 5 : 10);
    int count = 0;
    for (double at = ceil(axis->low / step - 1e-9) * step; at <= axis->high * (1 + 1e-9); at += step)
        count = add(ticks, count, axis, at);
    return count;
}

/* Largest first; the narrow space binds number and unit. */
#define NARROW "\xe2\x80\xaf"
static const struct {
    enum unit unit;
    double factor;
    const char *suffix;
} units[] = {
    {UNIT_SECONDS, 1, NARROW "s"},
    {UNIT_SECONDS, 1e-3, NARROW "ms"},
    {UNIT_SECONDS, 1e-6, NARROW "\xc2\xb5s"},
    {UNIT_SECONDS, 1e-9, NARROW "ns"},
    {UNIT_BYTES, 1e12, NARROW "TB"},
    {UNIT_BYTES, 1e9, NARROW "GB"},
    {UNIT_BYTES, 1e6, NARROW "MB"},
    {UNIT_BYTES, 1e3, NARROW "KB"},
    {UNIT_BYTES, 1, NARROW "B"},
    {UNIT_BYTES_PER_SECOND, 1e12, NARROW "TB/s"},
    {UNIT_BYTES_PER_SECOND, 1e9, NARROW "GB/s"},
    {UNIT_BYTES_PER_SECOND, 1e6, NARROW "MB/s"},
    {UNIT_FLOPS_PER_SECOND, 1e12, NARROW "TFLOP/s"},
    {UNIT_FLOPS_PER_SECOND, 1e9, NARROW "GFLOP/s"},
    {UNIT_FLOPS_PER_SECOND, 1e6, NARROW "MFLOP/s"},
    {UNIT_FLOPS, 1e12, NARROW "TFLOP"},
    {UNIT_FLOPS, 1e9, NARROW "GFLOP"},
    {UNIT_FLOPS, 1e6, NARROW "MFLOP"},
    {UNIT_HERTZ, 1e9, NARROW "GHz"},
    {UNIT_SHARE, 0.01, NARROW "%"},
    {UNIT_TOKENS, 1e6, "M"},
    {UNIT_TOKENS, 1e3, "k"},
    {UNIT_TOKENS, 1, ""},
    {UNIT_NONE, 1e9, "G"},
    {UNIT_NONE, 1e6, "M"},
    {UNIT_NONE, 1e3, "k"},
    {UNIT_NONE, 1, ""},
};

void axis_words(enum unit unit, double value, char words[AXIS_WORDS])
{
    double factor = 1;
    const char *suffix = "";
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].unit != unit)
            continue;
        factor = units[i].factor;
        suffix = units[i].suffix;
        if (fabs(value) >= factor * (1 - 1e-9))
            break;
    }
    if (value == 0) {
        snprintf(words, AXIS_WORDS, "0");
        return;
    }
    /* Sequence lengths are powers of two as often as of ten: 4096 reads 4k, as people say it. */
    double shown = value / factor;
    bool rounded = unit == UNIT_TOKENS && factor > 1 && fmod(value, 1024) == 0 && value < 1e6;
    snprintf(words, AXIS_WORDS, "%.3g%s", rounded ? value / 1024 : shown, suffix);
}
