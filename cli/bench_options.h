/* bench_options.h - what bench, verify and run have in common: the flags that say what to measure and how. */
#ifndef CLI_BENCH_OPTIONS_H
#define CLI_BENCH_OPTIONS_H

#include "harness/bench.h"
#include "harness/options.h"
#include "harness/places.h"

/* Not to be copied: its options and plan point into it. */
struct bench_request {
    struct bench_options options;
    struct places places;
    struct plan plan;
    const char *preset, *filter, *out, *format, *resume, *threads, *device, *compare;
    struct option_texts axes;
    bool list_tests, quiet;
    double case_limit;
    int64_t repetitions, min_repetitions, seed, verify_rows;
    char *command; /* as it was called, for the record; owned */
};

/* Flags, then the plan. `measures` false: only the flags that say which cases (verify). *help: `usage` and the flags
 * were printed, nothing is to be done. */
enum status bench_request_read(int argc, char **argv, const char *usage, bool measures, struct bench_request *request,
                               bool *help, struct diags *diags);
/* Makes the plan from axes, preset and filter. */
enum status bench_request_plan(struct bench_request *request, struct diags *diags);
/* The names of the cases, one a line. */
void bench_request_list(const struct plan *plan);
/* Lists, or measures and prints. */
enum status bench_request_run(struct bench_request *request, struct record *record, struct diags *diags);
void bench_request_free(struct bench_request *request);

#endif
