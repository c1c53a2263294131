/* record_counted.h - what a kernel moves, counted in the simulator of CUDA kernels (kernels/simt/), as rows of a
 * record.
 *
 * A kind of number of its own: no time, no device. The rows stand in the record's JSON as the array "counts" beside
 * Google's "benchmarks", so that a reader of times never meets them. Counts are exact; the formula beside them is
 * computed, and a row says whether the two are equal. */
#ifndef HARNESS_RECORD_COUNTED_H
#define HARNESS_RECORD_COUNTED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "kernels/attention.h"

/* Of the whole problem. Bytes as the program asks for them: caches are not modelled. */
struct counted_stage {
    char name[32];
    double hbm_read, hbm_written, sram_read, sram_written; /* bytes */
    double async_bytes;                                    /* of hbm_read, what went through cp.async */
    double launches, blocks, barriers;                     /* launches of one part; a barrier: one a block */
    double exchanges;                                      /* warp synchronisations and shuffles, one a warp */
    double products_m16n8k16;                              /* mma.sync of that size, one a warp */
    double formula_read, formula_written;                  /* computed: bytes of HBM by the kernel's closed formula */
};

struct record_counted {
    /* As a case's key, without threads: "flash_tiled.simt.f32.causal.n1024.d64.h16.b64"; unique among the counts. */
    char *key, *name;
    char *kernel, *family, *backend, *title, *mask;
    struct attention_problem problem;
    int64_t parts; /* counted on one of so many groups of heads, all alike; what stands here is of all of them */
    bool failed;   /* the simulator found a fault: no stages */
    char *error;
    bool equal;           /* every stage's bytes of HBM are its formula's */
    double least_bytes;   /* computed: Q, K, V in and O, log-sum-exp out once */
    double theorem_bytes; /* computed: least_bytes and the kept pairs; where a family's scores stay in SRAM of
                             sram_bytes, pairs d^2 / M. FlashAttention 2205.14135, theorem 2; constants left aside */
    double sram_bytes;    /* that the theorem was given: a block's */
    struct counted_stage *stages;
    size_t stage_count;
};

struct record;

/* A fresh, zeroed row at the end; NULL when out of memory. Valid until the next call. */
struct record_counted *record_add_counted(struct record *record);
/* Fills key, name, kernel .. title, mask from the problem, which is kept without its block mask: `mask` then names
 * that, else it is NULL. Strings are copied. */
enum status record_name_counted(struct record_counted *counted, const char *kernel, const char *family,
                                const char *title, const char *mask, const struct attention_problem *problem);
void record_free_counted(struct record *record);

/* All stages together. */
struct counted_stage record_counted_sum(const struct record_counted *counted);
/* A stage that a library carries out on a GPU (cuBLAS) launches nothing in the simulator: its bytes are computed, by
 * formula, and nothing of it is counted. */
bool counted_stage_ran(const struct counted_stage *stage);
/* Whether all stages were counted, so that their sum is a count too. */
bool record_counted_whole(const struct record_counted *counted);

#endif
