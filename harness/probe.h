/* probe.h - this machine's own roofs, measured beside the cases (kernels/roof.h has the loops). */
#ifndef HARNESS_PROBE_H
#define HARNESS_PROBE_H

#include "harness/clock.h"
#include "harness/machine.h"

/* One short probe of the FMA peak, about 5 ms: FLOP/s on `threads` threads. */
double probe_fma(int threads, const struct clock_source *clock);

/* Best of several: peak and copy bandwidth on one thread and on all CPUs, into the machine. About half a second. */
enum status probe_roofs(struct machine *machine, const struct clock_source *clock, struct diags *diags);

#endif
