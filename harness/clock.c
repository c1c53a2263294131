#include "harness/clock.h"

#include <time.h>

static double seconds(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double wall(void *context)
{
    (void)context;
    return seconds(CLOCK_MONOTONIC);
}

static double cpu(void *context)
{
    (void)context;
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

const struct clock_source clock_system = {wall, cpu, 0};
