/* measure.h - one case, one repetition: the core that times. No I/O, no globals; the clock is handed in. */
#ifndef HARNESS_MEASURE_H
#define HARNESS_MEASURE_H

#include "harness/clock.h"
#include "kernels/kernel.h"

/* One repetition: enough calls to fill `min_time`, each timed by itself. */
struct repetition {
    double seconds;     /* median of the calls, wall */
    double cpu_seconds; /* mean of the calls, all threads */
    int64_t calls;
    double stages[MAX_LAYERS]; /* seconds of each stage, mean of the calls */
    /* Of a GPU, medians; NaN elsewhere. `seconds` there is cold: inputs in turn from more sets than the cache holds. */
    double hot;   /* the same inputs again and again */
    double graph; /* calls captured in a graph and replayed: no gaps between launches */
};

/* A call shorter than `warm_below` seconds (as `expected` says) gets one untimed call first, so that what ran before is
 * out of the caches' way. At most MEASURE_CALLS calls. Returns the kernel's own status. */
enum { MEASURE_CALLS = 1000 };
enum status measure_repetition(const struct kernel *kernel, const struct kernel_launch *launch, double min_time,
                               double expected, const struct clock_source *clock, struct repetition *repetition);

/* When a case has been measured enough. */
struct stop_rule {
    double interval; /* relative width of the 99 % interval that is narrow enough */
    int min_samples; /* before which the interval does not count; 8 is the least that gives 99 % */
    int max_samples;
    double time_limit; /* seconds a case may take */
};

/* NULL: go on. Else the reason, a static word: "interval", "repetitions", "time". */
const char *measure_stop(const struct stop_rule *rule, const double *samples, int count, double spent);

/* How many repetitions more a case will probably take, at least 1: by its spread so far, or to `usual` ones in all
 * where too few are there to tell. A guess for people who wait. */
double measure_more(const struct stop_rule *rule, const double *samples, int count, double usual);

#endif
