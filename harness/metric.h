/* metric.h - what a deck or a report can ask a record for: named values with unit and kind.
 *
 * A key is   SEGMENTS.METRIC          "flash.n4096.d64.causal.time"
 *            SEGMENTS.stage.NAME.METRIC   "naive.n4096.stage.softmax.time"
 *            machine.METRIC           "machine.l2", "machine.fma_peak"
 *            tradeoff. and modernbert.   rows of the study: metric_study.h
 *            fit.SEGMENTS.exponent    "fit.flash.d64.full.exponent": time over N, all cases that match
 * The segments of a key must all occur among the segments of exactly one case's key (record.h), its first
 * naming the kernel; several cases that match are an error that lists what would tell them apart. */
#ifndef HARNESS_METRIC_H
#define HARNESS_METRIC_H

#include "harness/record.h"

enum unit {
    UNIT_NONE, /* counts and ratios */
    UNIT_SECONDS,
    UNIT_BYTES,
    UNIT_BYTES_PER_SECOND,
    UNIT_FLOPS,
    UNIT_FLOPS_PER_SECOND,
    UNIT_HERTZ,
    UNIT_TOKENS,
    UNIT_SHARE, /* 0..1, shown in per cent */
    UNIT_TEXT   /* words: machine.cpu */
};

enum kind { KIND_MEASURED, KIND_COUNTED, KIND_COMPUTED, KIND_PUBLISHED };
const char *unit_name(enum unit unit);
const char *kind_name(enum kind kind); /* "measured", ... */

/* A number with everything that a slide must be able to say about it. Strings point into the record (or
 * the file of published figures) and live as long as it does. */
struct value {
    double number;
    double low, high;  /* interval; both equal to number when exact */
    const char *words; /* for UNIT_TEXT, else NULL */
    enum unit unit;
    enum kind kind;
    const struct record *record;          /* NULL for published figures */
    const struct record_case *from;       /* NULL for machine's and published figures, and for counts */
    const struct record_counted *counted; /* where it comes from a count, else NULL */
    const char *key; /* of a row of the study (metric_study.h), with its problem (or NULL), threads */
    const struct attention_problem *problem;
    int threads;
    const char *device; /* where that row was measured ("cpu", "cuda"); NULL: on the processor */
    double level;       /* of that row's interval; 0: not known */
    size_t samples;     /* repetitions behind a measured number, else 0 */
    const char *source; /* published: who said so, where, when; computed: the formula in words; of a fit:
                           over which lengths */
};

/* A fit rests on lengths from FIT_SHORTEST (512) on; its value's `source` says so.
 *
 * Metrics of a case: time, on a GPU also hot and graph, stage times, flops, bytes, gflops (FLOP/s: rate), bandwidth
 * (bytes/s), roof (share of the measured FMA peak), workspace, peak_memory, max_error, tolerance, pairs, samples,
 * spread.
 * Of a count (metric_counted.h): hbm, hbm_read, hbm_written, sram, barriers, products, exchanges, async, formula,
 * theorem.
 * Of the machine: gpu, gpu_multiprocessors, gpu_sram (of a block), gpu_l2, gpu_memory, gpu_copy, gpu_product_bf16,
 * gpu_product_f32; cpu, isa, cpus, memory, l1, l2, l3, fma_peak, fma_peak_1, copy, copy_1, system, blas.
 * The table is in metric.c; this lists its names for --help and for "did you mean". */
const char *const *metric_names(size_t *count);

/* Whether it was measured on the GPU of its record, not on its processor. */
bool metric_on_gpu(const struct value *value);

/* Looks a key up in several records (the first that has a match wins only if no other has one; the same key
 * in two records is an error, and so is a fact of the machine when the records are of several). On a fault adds an
 * error at file:line with the nearest keys and the command that would measure it, and returns STATUS_BAD_INPUT. Failed
 * cases, numbers that are not finite, and incomplete or stale cases (sources differ from build_sources()) are errors,
 * unless `allow_stale`. */
enum status metric_find(const struct record *const *records, size_t record_count, const char *key, bool allow_stale,
                        const char *file, int line, struct value *value, struct diags *diags);

/* All cases that match SEGMENTS, sorted by N: for charts over N ("flash.d64.causal"). The caller frees *cases. */
enum status metric_cases(const struct record *record, const char *segments, const struct record_case ***cases,
                         size_t *count, struct diags *diags);

/* This program's own hash over kernels/ and harness/ sources (made at build). */
const char *build_sources(void);
const char *build_commit(void);
bool build_dirty(void);

#endif
