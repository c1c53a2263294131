/* attention.h - what attention is: the problem, its mask, its tensors and its cost.
 *
 * Everyone includes this; it depends on nothing of ours but the status codes.
 *
 * For each layer l, batch b, query head h, query i, over the keys j that the mask keeps:
 *     s_j = scale * sum_c Q[l,b,i,h,c] * K[l,b,j,g,c]          g = h / (heads / kv_heads)
 *     O[l,b,i,h,:] = sum_j softmax(s)_j * V[l,b,j,g,:]
 *     log_sum_exp[l,b,h,i] = log sum_j exp(s_j)
 * A row whose mask keeps no key gives O = 0 and log_sum_exp = -inf. */
#ifndef KERNELS_ATTENTION_H
#define KERNELS_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"

enum dtype { DTYPE_F32, DTYPE_BF16, DTYPE_F16 };

enum { MAX_HEAD_DIM = 256, MAX_LAYERS = 64 };

struct block_mask;

/* The mask follows FlashAttention (2205.14135 and its repository): key j is kept for query i when,
 * with p = i + len_kv - len_q (the queries are aligned with the LAST keys, "bottom right"),
 *     (window_left  < 0 or j >= p - window_left)
 *     (window_right < 0 or j <= p + window_right)      and causal means window_right = 0.
 * So a window of (64, 64) shows 129 keys. */
struct attention_mask {
    bool causal;
    int64_t window_left, window_right; /* keys to either side; -1 is no limit */
    int32_t global_every;              /* 0: the window holds in all layers. n > 0: layers 0, n, 2n ... see every key
                                          (ModernBERT 2412.13663, section 2.1.3: n = 3, window 64, 64); `causal` still
                                          holds in them */
    const struct block_mask *blocks;   /* block_mask.h; NULL: all blocks. A key must be kept by this and by the above;
                                          holds in every layer */
};

struct attention_problem {
    int64_t layers; /* >= 1; each layer has tensors of its own; most problems have one */
    int64_t batch, heads, kv_heads, len_q, len_kv, head_dim;
    enum dtype dtype;
    struct attention_mask mask;
    float scale; /* usually 1 / sqrt(head_dim); finite */
};

/* Dense, row-major, C order, aligned to 64 bytes; the caller owns them all.
 *   q, o: [layers, batch, len_q, heads, head_dim]    k, v: [layers, batch, len_kv, kv_heads, head_dim]
 *   log_sum_exp: [layers, batch, heads, len_q] float32, may be NULL. */
struct attention_tensors {
    const void *q, *k, *v;
    void *o;
    float *log_sum_exp;
};

/* Every fault of the problem at once, in words (lengths below 1, kv_heads that does not divide heads,
 * head_dim not a multiple of 8 or over MAX_HEAD_DIM, windows below -1, a block mask that is none, a scale that is not
 * finite, tensors whose byte count overflows 63 bits). STATUS_OK or STATUS_BAD_INPUT. */
enum status attention_check(const struct attention_problem *problem, struct diags *diags);

/* The keys [first, last) that row `i` of `layer` sees, a block mask left aside; first == last when none. */
struct key_range {
    int64_t first, last;
};
struct key_range attention_keys(const struct attention_problem *problem, int64_t layer, int64_t i);

/* The kept (query, key) pairs of one head of one layer, a block mask left aside: exact, to the single key, in O(len_q)
 * or less. */
int64_t attention_pairs(const struct attention_problem *problem, int64_t layer);
/* All kept pairs of a layer, over its batches and heads, under every mask. */
int64_t attention_layer_pairs(const struct attention_problem *problem, int64_t layer);

/* The whole problem, by formula ("computed", never measured):
 *   flops = 4 * head_dim * pairs, over all layers, batches and heads: two products of 2 FLOPs a term,
 *           softmax not counted (FlashAttention's convention, but exact under any mask);
 *   bytes = Q, K, V read once, O and log-sum-exp written once: what no kernel can avoid. Keys that no
 *           query sees are not counted. */
struct attention_cost {
    double flops;
    double bytes;
};
struct attention_cost attention_cost(const struct attention_problem *problem);

/* Elements of q (= of o), and of k (= of v), and of log_sum_exp. */
int64_t attention_q_elements(const struct attention_problem *problem);
int64_t attention_kv_elements(const struct attention_problem *problem);
int64_t attention_rows(const struct attention_problem *problem);

/* Bytes of `count` float32 matrices; 2^62, which no machine has, when it would be more: such a figure can still be
 * compared and added without overflow. */
size_t attention_matrix_bytes(int64_t count, int64_t rows, int64_t columns);

size_t dtype_size(enum dtype dtype);
const char *dtype_name(enum dtype dtype); /* "f32", "bf16", "f16" */

/* A short label without spaces, stable, fit for keys and file names: "full", "causal", "w255_0" (left
 * and right; "inf" for -1: "w64_inf"), "causal_w255"; alternation appends "_g3": "w64_64_g3";
 * a block mask appends its own: "causal_a1_8_b64" (block_rule.h).
 * Writes at most `size` bytes with the NUL. */
void attention_mask_label(const struct attention_mask *mask, char *label, size_t size);

/* The way back, of a label without a block mask (block_rule_parse reads the others); false (and *mask untouched) when it
 * is no such label. */
bool attention_mask_parse(const char *label, struct attention_mask *mask);

#endif
