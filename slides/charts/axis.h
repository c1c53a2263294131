/* axis.h - a scale: where a number lies between two pixels, which grid lines it gets, and their words. */
#ifndef SLIDES_CHARTS_AXIS_H
#define SLIDES_CHARTS_AXIS_H

#include <stdbool.h>

#include "harness/metric.h"

struct axis {
    bool log;
    double low, high; /* what is shown; low > 0 when log */
    double from, to;  /* pixels of low and high; to < from for an upward axis */
};

enum { AXIS_TICKS = 16, AXIS_WORDS = 32 };

/* 0 at low, 1 at high; not clamped. */
double axis_share(const struct axis *axis, double value);
double axis_pixel(const struct axis *axis, double value);

/* A range that begins at a round number: a power of ten below for log (at least a seventh of a decade below, so
 * that no mark sits on the axis), zero for linear. `high` stays the largest value. */
struct axis axis_over(bool log, double least, double most);

/* The next 1, 2 or 5 times a power of ten, at or below. */
double axis_round_below(double value);

/* Grid lines inside the range: powers of ten, each second one when they are many, 1-2-5 when they are few; steps of
 * 1, 2 or 5 times a power of ten when linear. Returns how many. */
int axis_ticks(const struct axis *axis, double ticks[AXIS_TICKS]);

/* "10k", "1M", "100 ms", "20 GB": short words for a grid line. */
void axis_words(enum unit unit, double value, char words[AXIS_WORDS]);

#endif
