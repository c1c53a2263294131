/* tile.h - the inner loops that flash, sliding and alternating share, one table an instruction set.
 *
 * tile_isa.c is compiled once per instruction set (kernels/CMakeLists.txt); tile_ops() hands out the best table
 * that this processor can run. Nothing here knows of masks' names, heads or threads: a strip of queries meets a
 * range of packed keys. */
#ifndef KERNELS_CPU_TILE_H
#define KERNELS_CPU_TILE_H

#include <stdint.h>

#include "kernels/attention.h"

enum {
    QUERY_TILE = 96, /* queries of a work item: a multiple of every table's `rows` */
    KEY_TILE = 256,  /* keys whose scores are kept at once: a multiple of every table's `keys` */
    BLOCK_KEYS = 32  /* a multiple of every table's `keys`, so that a block is whole groups */
};

/* One head's packed keys and values, or a stretch of them: all that the jobs which are handed it can see.
 *   K: [key group][head_dim][keys in a group]            groups of `ops->keys` keys, the last padded with zeros
 *   V: [column group][padded keys][columns in a group]   groups of `ops->keys` columns; the last one is as many
 *      whole vectors wide as head_dim needs */
struct tile_head {
    const float *k, *v;
    int64_t first_key;   /* that is packed: a multiple of ops->keys */
    int64_t padded_keys; /* that are packed: whole groups */
    int64_t head_dim;
};

/* One work item: queries [first, first + count) of one head. */
struct tile_job {
    /* Blocks of keys that these queries see, of what the problem's other masks keep: rising, `block_keys` each, a
     * multiple of BLOCK_KEYS. NULL: all keys. */
    const int32_t *blocks;
    int64_t block_count, block_keys;
    const struct attention_problem *problem;
    int64_t layer;
    const struct tile_head *head;
    const float *q; /* row `first` of this head; rows are `stride` floats apart */
    float *o;
    int64_t stride;
    float *log_sum_exp; /* of row `first`, or NULL */
    int64_t first, count;
    const float *next_q; /* rows that this thread may attend to next, as far apart; asked ahead. NULL: none known */
    int64_t next_count;
    float *scratch; /* ops->scratch(head_dim) floats, this thread's own */
};

struct tile_ops {
    const char *isa;   /* "avx512" */
    int vector_floats; /* floats in a vector */
    int rows, keys;    /* the register tile: rows x keys sums are held in registers */
    int64_t (*scratch)(int64_t head_dim);
    /* Floats of packed V for a head. */
    int64_t (*packed_v)(int64_t head_dim, int64_t padded_keys);
    /* Packs keys [first, last): whole groups, `last` may pass len (padding). Rows are `stride` floats apart. */
    void (*pack_k)(const float *k, int64_t stride, int64_t len, int64_t head_dim, int64_t first, int64_t last,
                   float *packed);
    void (*pack_v)(const float *v, int64_t stride, int64_t len, int64_t head_dim, int64_t first, int64_t last,
                   int64_t padded_keys, float *packed);
    void (*attend)(const struct tile_job *job);
    /* softmax over `count` raw scores in place: row = exp(scale * row - max) / sum; returns the log-sum-exp.
     * count 0: -inf. */
    float (*softmax)(float *row, int64_t count, float scale);
    /* `rounds` of independent fused multiply-adds; returns how many were done, as FLOPs; *keep must be used. */
    double (*fma)(int64_t rounds, float *keep);
};

/* The table for this processor, or the lesser one that the environment's FLASHDECK_ISA names. */
const struct tile_ops *tile_ops(void);
/* The table of that name if this processor can run it, else NULL. */
const struct tile_ops *tile_ops_named(const char *isa);

#endif
