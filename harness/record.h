/* record.h - what was measured, as a file: a strict superset of Google Benchmark's JSON.
 *
 * The record is the only thing that reports and slides know of a measurement. All strings and arrays
 * are owned by the record; record_free frees them.
 *
 * JSON (schema in reports/record.schema.json): `context` and `benchmarks` as Google Benchmark 1.7
 * writes them: one row of run_type "iteration" a repetition, then "aggregate" rows mean, median, stddev,
 * cv; a failed case has one row with error_occurred and error_message. Our own facts stand in one object
 * "flashdeck" inside context and inside the FIRST row of each case. A number that is not finite is
 * written as null. Rows of other kinds stand beside "benchmarks", where no reader of Google's looks: "counts"
 * (record_counted.h), "tradeoffs" (record_tradeoff.h), "modernbert" (record_modernbert.h), "efficiency"
 * (record_efficiency.h); commands that make them add to a record. */
#ifndef HARNESS_RECORD_H
#define HARNESS_RECORD_H

#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"
#include "harness/estimate.h"
#include "harness/machine.h"
#include "harness/record_counted.h"
#include "harness/record_efficiency.h"
#include "harness/record_modernbert.h"
#include "harness/record_tradeoff.h"
#include "kernels/attention.h"

struct record_stage {
    char name[32];
    struct estimate seconds;
    double flops, bytes_read, bytes_written; /* by formula */
};

struct record_case {
    /* Who and what. `key` holds the segments that a deck's binding may name, joined by dots:
     *   kernel.backend.dtype.mask.nN.dD.hH.bB[.kvH][.qQ][.lL].tT
     * as in "flash.cpu.f32.causal.n4096.d64.h8.b1.t2" (nN is len_kv; kv, q and l only when they differ
     * from heads, len_kv and 1; tT the threads). Unique in the record. */
    char *key;
    char *name; /* Google's way: "flash/cpu/f32/causal/N:4096/d:64/heads:8/batch:1/threads:2" */
    char *kernel, *family, *backend, *title;
    char *mask; /* attention_mask_label */
    struct attention_problem problem;
    int threads;
    char *fill; /* "gaussian" */
    uint64_t seed;

    /* Failed: no times below, only the reason. */
    bool failed;
    char *error;

    /* Verification (kernels/oracle.h), before any time was taken. */
    double max_error, plain_error, tolerance;
    int64_t rows_compared, rows_total;

    /* Time. A sample is one repetition: the median over its iterations, in seconds a call. */
    double *samples, *cpu_samples; /* [sample_count]; wall, and CPU time summed over threads */
    int64_t *iterations;           /* [sample_count]: calls in each repetition */
    size_t sample_count;
    struct estimate seconds;
    double spread;     /* median absolute deviation over the median */
    char *stop_reason; /* "interval", "repetitions", "time"; "interrupted": not finished, --resume measures it anew;
                          NULL: failed or not begun */
    struct record_stage *stages;
    size_t stage_count;

    /* By formula. */
    double flops, bytes;
    /* Bytes of scratch that the kernel asked for, and the peak of the process during the case, less the tensors and
     * the scratch that are there for other cases. */
    double workspace, peak_memory;
    /* Share of the measured FMA roof at this thread count, 0..1; the roof probed beside the case. */
    double roof_flops;        /* FLOP/s of the roof itself, at this case's threads */
    double mhz_low, mhz_high; /* clock seen during the case (of a GPU its multiprocessors); 0 unknown */

    /* Where it ran: "cpu", "cuda:0"; NULL in records from before there were others. What follows is of a GPU: NaN, 0 or
     * an estimate of level 0 elsewhere, and null in the file. `seconds` is cold there. */
    char *device;
    struct estimate hot, graph;        /* the same inputs again and again; calls replayed from a captured graph */
    int input_sets;                    /* how many sets of inputs took turns, so that the L2 holds none */
    double memory_mhz, watts, celsius; /* the highest seen beside the repetitions */
    char *flags;                       /* what looked suspicious, in words; NULL when nothing did */
};

struct record {
    char *path; /* where it was read from or will be written to */
    char *date; /* ISO 8601 with offset */
    char *executable;
    char *preset;  /* or NULL */
    char *command; /* the command line that measured it */
    bool incomplete;
    bool rehearsal; /* made without a device that gives times: its rows were verified and never measured */
    struct machine machine;
    struct record_case *cases;
    size_t case_count, case_capacity;
    struct record_counted *counted; /* bytes counted in the simulator: no times */
    size_t counted_count, counted_capacity;
    struct record_tradeoff *tradeoffs; /* what sparse attention costs and keeps, one row a length */
    size_t tradeoff_count, tradeoff_capacity;
    struct record_modernbert *modernberts; /* alternating against all-global, one row a table row of the paper */
    size_t modernbert_count, modernbert_capacity;
    struct record_efficiency *efficiency; /* block-sparse attention's time over what its density promises */
    size_t efficiency_count, efficiency_capacity;
};

/* Reads and checks a record; every fault is reported with its place in the JSON. On failure the
 * record is empty. Accepts at most 256 MiB. A rehearsal is refused: nobody may take it for measured. */
enum status record_read(const char *path, struct record *record, struct diags *diags);
/* The same, and a rehearsal too: for those who go on with it. */
enum status record_read_any(const char *path, struct record *record, struct diags *diags);
/* record_read_any from memory (`name` stands for the file in messages). */
enum status record_parse(const char *bytes, size_t length, const char *name, struct record *record,
                         struct diags *diags);
/* Writes it whole: to a temporary file, then renamed. */
enum status record_write(const struct record *record, const char *path, struct diags *diags);

/* Whether nothing is left to do: it failed, or stopped by itself. */
bool record_case_finished(const struct record_case *c);

/* A fresh, zeroed case at the end; NULL when out of memory. Valid until the next call. */
struct record_case *record_add(struct record *record);
/* Fills key, name, kernel .. title, mask from the problem. `kernel` strings are copied. */
enum status record_name_case(struct record_case *c, const char *kernel, const char *family, const char *backend,
                             const char *title, const struct attention_problem *problem, int threads);
/* Frees the case at `index` and closes the gap. */
void record_remove(struct record *record, size_t index);
/* The case of exactly that key, or NULL. */
const struct record_case *record_case_by_key(const struct record *record, const char *key);
void record_free(struct record *record);

#endif
