/* bench_state.h - a run of bench.h while it goes on: shared by bench.c, bench_room.c and bench_row.c only. */
#ifndef HARNESS_BENCH_STATE_H
#define HARNESS_BENCH_STATE_H

#include "harness/bench.h"
#include "harness/tensors.h"

/* A case while it is measured. */
struct run {
    const struct plan_case *plan;
    size_t row; /* in the record: rows move when the record grows */
    const struct tensor_set *set;
    bool finished;
    double expected;               /* seconds of the last call */
    double spent;                  /* seconds measured so far */
    double *samples, *cpu, *roofs; /* [max_samples] */
    int64_t *calls;
    double *stages; /* [max_samples][MAX_LAYERS] */
    int count;
    double mhz_low, mhz_high;
    double peak;
    struct place *place; /* where it runs, when that is a worker's device; else NULL */
    double *hot, *graph; /* [max_samples], there */
    double memory_mhz, watts, celsius;
    char slowed[96];
    int sets;
};

struct bench {
    const struct plan *plan;
    const struct bench_options *options;
    const struct clock_source *clock;
    const struct bench_watch *watch;
    struct record *record;
    struct diags *diags;
    struct run *runs;
    struct tensor_set *sets;
    size_t set_count;
    void *workspace; /* one for all cases, as large as the largest asks for */
    size_t workspace_bytes;
    double last_write;
};

/* The case's row in the record. */
struct record_case *bench_row(struct bench *b, const struct run *run);
/* The case is over without a time; the reason becomes its row's error. */
void bench_fail(struct bench *b, struct run *run, const char *reason);
/* What is known of a case so far, into its row; `reason` as record_case's stop_reason. */
void bench_fill_row(struct bench *b, struct run *run, const char *reason);

/* What stands in the other places and what it can do, into the record. STATUS_BAD_INPUT: another card than the
 * record's.
 */
enum status bench_apart_look(struct bench *b);
/* The same two steps on a worker's device (bench_apart.c): the gate, and one repetition. */
void bench_apart_verify(struct bench *b, struct run *run);
void bench_apart_measure(struct bench *b, struct run *run);

/* How the error of a case begins that the oracle refused. */
extern const char *const bench_wrong_words;
/* What the oracle said, into the case's row; a fail ends it. */
void bench_judged(struct bench *b, struct run *run, const struct verdict *verdict);

/* Tensors and one workspace for every case that fits into memory; the others fail with the bytes that they need and
 * those that are left, before anything is allocated for them. When none fits, that is an error: nothing is measured. */
enum status bench_make_room(struct bench *b);
/* The peak of the process, less what is there for other cases only: as if the case ran alone. */
double bench_own_peak(const struct bench *b, const struct run *run);

#endif
