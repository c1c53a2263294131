/* clock.h - time, through a small table that a test can fake. */
#ifndef HARNESS_CLOCK_H
#define HARNESS_CLOCK_H

struct clock_source {
    double (*wall)(void *context); /* seconds since some moment; never goes back */
    double (*cpu)(void *context);  /* seconds of processor time of the whole process, all threads */
    void *context;
};

/* The system's: CLOCK_MONOTONIC and CLOCK_PROCESS_CPUTIME_ID. */
extern const struct clock_source clock_system;

#endif
