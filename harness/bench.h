/* bench.h - a plan becomes a record: verified first, then measured in turns until each case is known well enough. */
#ifndef HARNESS_BENCH_H
#define HARNESS_BENCH_H

#include "harness/measure.h"
#include "harness/places.h"
#include "harness/plan.h"
#include "harness/record.h"
#include "kernels/oracle.h"

struct bench_options {
    struct stop_rule stop;
    double min_time; /* seconds a repetition should fill */
    uint64_t seed;
    int64_t verify_rows;
    struct places *places; /* where kernels run; NULL: all on the processor, in this process */
    const char *out;       /* where the record goes while it grows and at the end; NULL: nowhere */
};
extern const struct bench_options bench_defaults;

/* What is happening, for a progress line. */
struct bench_progress {
    const char *doing;  /* "verify", "measure" */
    const char *name;   /* of the case */
    size_t done, total; /* cases finished, cases in all */
    int round;
    double left; /* seconds, estimated; below 0: unknown */
};

struct bench_watch {
    void (*tell)(void *context, const struct bench_progress *progress); /* may be NULL */
    void *context;
};

/* `record` may hold cases of an earlier, unfinished run (resume): finished ones are kept, others measured. The machine
 * must have been looked up. All cases share one workspace; cases with equal lengths share Q, K, V and O.
 * STATUS_NO_MEMORY when none of the cases fits (nothing is written then). STATUS_OK; STATUS_WRONG when a kernel
 * disagreed with the oracle, STATUS_FAILED when a case failed otherwise (both recorded, the others measured);
 * STATUS_INTERRUPTED with an incomplete record; or a fault in diags. */
enum status bench_run(const struct plan *plan, const struct bench_options *options, const struct clock_source *clock,
                      const struct bench_watch *watch, struct record *record, struct diags *diags);

/* Only the judging: a verdict for one case of the plan, on tensors made for it, where its kernel runs. */
enum status bench_verify(const struct plan_case *c, const struct bench_options *options, struct verdict *verdict,
                         struct diags *diags);

#endif
