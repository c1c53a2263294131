/* structured.h - inputs with the structure that trained models show, seeded: what sparse attention is judged on.
 *
 * Gaussian noise has nothing to select. Here every head has a kind, and its logits (q . k / sqrt(d), after RoPE) are
 * sums of parts whose heights are those of the table in structured.c:
 *     sink     tokens 0 to 3 draw every query (StreamingLLM 2309.17453); their values are small
 *     local    the neighbours: equal constants on RoPE pairs of middle frequency, so the logit falls with distance
 *     slash    the same, but 300 tokens back (MInference 2407.02490's vertical-slash heads)
 *     heavy    0.8 % of the tokens draw every query
 *     topic    twelve topics in segments of 48 to 255 tokens: queries look for keys of their topic
 *     needle   N / 256 single keys, at most 64; each is looked for by a span of 32 queries at least 256 tokens later
 * over noise of deviation 0.9 in Q and K.
 *
 * A model is a seed (the heads' directions), a document another (segments, needles, noise): what was learned on some
 * documents is tried on others. The same seeds give the same bits on every machine: only +, *, / and sqrt are used. */
#ifndef KERNELS_STRUCTURED_H
#define KERNELS_STRUCTURED_H

#include "kernels/attention.h"

enum head_kind { HEAD_A_SHAPE, HEAD_VERTICAL_SLASH, HEAD_BLOCK_SPARSE, HEAD_RETRIEVAL, HEAD_KINDS };
const char *head_kind_name(enum head_kind kind);

/* Head h of the keys is of kind h % HEAD_KINDS; query heads that share keys share the kind. */
enum head_kind structured_kind(int64_t kv_head);

/* The base of RoPE's frequencies that the structure is made for. */
extern const double structured_theta;

/* Where a document's needles lie: key `at` is looked for by the queries [first, first + 32). */
enum { MOST_NEEDLES = 64, NEEDLE_SPAN = 32, SINK_TOKENS = 4 };
struct needle {
    int64_t at, first;
};
struct needles {
    int count;
    struct needle items[MOST_NEEDLES];
};
/* Of one document, the same in all its heads; none where length < 512. */
struct needles structured_needles(uint64_t document_seed, int64_t length);

/* NULL, or why this problem has no structure in words: head_dim must be 64 or 128, len_q equal to len_kv, dtype
 * float32 (round the result for others). */
const char *structured_unsupported(const struct attention_problem *problem);

/* Fills Q, K and V (float32, as struct attention_tensors). Batch b is document `document_seed + b`, layer l model
 * `model_seed + l`. Q and K before RoPE when `rope` is false, which is what a gate pools; the noise is the same.
 * STATUS_OK, STATUS_NO_MEMORY. */
enum status structured_fill(const struct attention_problem *problem, uint64_t model_seed, uint64_t document_seed,
                            bool rope, float *q, float *k, float *v, int threads);

/* One head of one document, dense: q, k, v [length, head_dim]. For those who hold a head at a time. */
enum status structured_head(int64_t length, int64_t head_dim, uint64_t model_seed, uint64_t document_seed, int64_t head,
                            bool rope, float *q, float *k, float *v);

#endif
