#include "harness/probe.h"

#include <stdlib.h>

#include "harness/memory.h"
#include "kernels/roof.h"

enum { PROBES = 7, COPY_BYTES = 128 << 20 }; /* beyond the caches that are about */

double probe_fma(int threads, const struct clock_source *clock)
{
    const int64_t rounds = 400000;
    roof_fma(threads, rounds / 20); /* wakes the threads */
    double start = clock->wall(clock->context);
    double flops = roof_fma(threads, rounds);
    return flops / (clock->wall(clock->context) - start);
}

static double best_fma(int threads, const struct clock_source *clock)
{
    double best = 0;
    for (int i = 0; i < PROBES; i++) {
        double rate = probe_fma(threads, clock);
        best = rate > best ? rate : best;
    }
    return best;
}

static double best_copy(int threads, void *to, const void *from, const struct clock_source *clock)
{
    double best = 0;
    for (int i = 0; i < 2 * PROBES; i++) {
        double start = clock->wall(clock->context);
        double bytes = roof_copy(threads, to, from, COPY_BYTES, i % 2);
        double rate = bytes / (clock->wall(clock->context) - start);
        best = rate > best ? rate : best;
    }
    return best;
}

enum status probe_roofs(struct machine *machine, const struct clock_source *clock, struct diags *diags)
{
    int64_t available = memory_available();
    bool room = available > 4 * (int64_t)COPY_BYTES;
    void *to = room ? memory_take(COPY_BYTES) : NULL, *from = room ? memory_take(COPY_BYTES) : NULL;
    if (!to || !from) {
        free(to);
        free(from);
        diags_error(diags, NULL, 0, "Free some memory: the copy bandwidth is measured beyond the caches.",
                    "the copy probe takes %.2f GB and %.2f GB are left", 2e-9 * COPY_BYTES, 1e-9 * (double)available);
        return STATUS_NO_MEMORY;
    }
    machine->fma_peak_1 = best_fma(1, clock);
    machine->fma_peak = best_fma(machine->num_cpus, clock);
    machine->copy_1 = best_copy(1, to, from, clock);
    machine->copy = best_copy(machine->num_cpus, to, from, clock);
    free(to);
    free(from);
    return STATUS_OK;
}
