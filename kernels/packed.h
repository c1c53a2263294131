/* packed.h - sequences of unequal length one behind the other, without padding.
 *
 * As FlashAttention's varlen: sequence s is tokens [starts[s], starts[s + 1]) of tensors [layers, tokens, heads,
 * head_dim]. Each attends to itself alone. The log-sum-exp is [layers, tokens * heads] with each sequence's [heads,
 * length] at starts[s] * heads. */
#ifndef KERNELS_PACKED_H
#define KERNELS_PACKED_H

#include "kernels/kernel.h"
#include "kernels/rope.h"

struct packed {
    const int64_t *starts; /* [count + 1] ("cu_seqlens") */
    int64_t count;
};

/* Starts that do not begin at 0, fall, or do not end at `tokens`: refused with the place. An empty sequence is fine.
 * STATUS_OK, STATUS_BAD_INPUT. */
enum status packed_check(const struct packed *packed, int64_t tokens, struct diags *diags);
int64_t packed_longest(const struct packed *packed);

/* The problem of one sequence in one layer: what `problem` (batch 1, len_q = len_kv = all tokens) says, with the
 * layer's own mask; global layers lose their window. */
struct attention_problem packed_part(const struct attention_problem *problem, const struct packed *packed,
                                     int64_t sequence, int64_t layer);

/* A kernel for the parts with the mask of this layer. */
typedef const struct kernel *packed_choice(const struct attention_problem *part);

/* RoPE before the attention of a stack: positions begin at 0 in each sequence; layers without a window (global ones)
 * and local ones have thetas of their own. */
struct packed_rope {
    struct angles global, local; /* of as many positions as the longest sequence has */
    float *q, *k;                /* the layer at hand, turned: [tokens, heads, d] and [tokens, kv_heads, d] */
};

/* Turns Q and K of one layer into rope->q and rope->k: float32, `threads` threads; the same bits as rope_turn's. */
void packed_turn(const struct attention_problem *problem, const struct packed *packed, int64_t layer, const float *q,
                 const float *k, const struct packed_rope *rope, int threads);

/* Workspace for packed_run, and the run itself: every sequence of every layer, each by the kernel chosen for it.
 * launch->problem and tensors as above. Without `rope` (NULL) Q and K are attended to as they are. The clock hears the
 * end of each layer as its stage, and the end of its RoPE before that as stage layers + layer. Nothing is run with
 * STATUS_BAD_INPUT: starts that packed_check refuses. STATUS_UNSUPPORTED when a chosen kernel cannot do its part; else
 * as the kernels. */
size_t packed_workspace(const struct attention_problem *problem, const struct packed *packed, packed_choice *choose,
                        int threads);
enum status packed_run(const struct kernel_launch *launch, const struct packed *packed, packed_choice *choose,
                       const struct packed_rope *rope);

#endif
