/* help_fakes.h - kernels that behave badly on purpose, a clock that moves when told, and a small record. */
#ifndef TESTS_HARNESS_HELP_FAKES_H
#define TESTS_HARNESS_HELP_FAKES_H

#include "harness/clock.h"
#include "harness/plan.h"
#include "harness/record.h"

/* Time stands still but for a microsecond a look and for what a fake kernel takes. */
struct fake_time {
    double now;
    double call;    /* seconds that the next launches take */
    double jitter;  /* relative, to either side in turn */
    int launches;   /* of all fake kernels */
    int stop_after; /* raise `signal` in the launch of this number; 0: never */
    int signal;     /* 0: SIGTERM */
    int fail_after; /* the failing kernel fails from this launch of its own on */
    int failing_launches;
};
extern struct fake_time fake_time; /* a kernel's launch can be told nothing else */
extern const struct clock_source fake_clock;

/* right: the oracle's own result, one stage. staged: the same in two stages of 1/4 and 3/4 of the time.
 * wrong: all halves. silent: writes nothing. partly: all but the last element. failing: STATUS_FAILED from
 * `fail_after` on. huge: right, but asks for 2^60 bytes. picky: refuses causal masks. */
extern const struct kernel fake_right, fake_staged, fake_wrong, fake_silent, fake_partly, fake_failing, fake_huge,
    fake_picky;
struct kernel_list fake_kernels(void); /* all of them */

/* A machine and the cases of `naive` and `flash` at N 512, 1024 and 2048, d 64: times of 1e-9 N^2 (naive twice that),
 * nine samples each; naive has three stages. Sources are those of this program. record_free it. */
void fake_record(struct record *record);
/* Adds one such case. */
struct record_case *fake_case(struct record *record, const char *kernel, const char *mask, int64_t n, double seconds);

/* Trade-offs at N 8192 and 2048 (there everything takes four times its share) of local, mean, bound, gate and mass at
 * five densities: dense flash takes 1e-9 N^2, gate 0.15 and 1.2 times the density of it; keeps .70 at 10 %. ModernBERT
 * at fixed and variable 8192: 2.5 s against 1 s, 2.7e9 pairs against 1e9. Efficiencies: 1.1 of the
 * wall, 1.2 of the processors. */
void fake_study(struct record *record);

#endif
