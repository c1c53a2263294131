/* help_problems.h - problems at the edges of what a kernel must do: a fixed list, and seeded draws without end. */
#ifndef TESTS_KERNELS_HELP_PROBLEMS_H
#define TESTS_KERNELS_HELP_PROBLEMS_H

#include "kernels/select/choice.h"

/* What the numbers in Q, K and V look like. */
enum input_kind {
    INPUT_GAUSSIAN,
    INPUT_HOT,       /* gaussian, the scale so large that logits reach +-80 and more */
    INPUT_SATURATED, /* every logit is exactly +80 or -80 */
    INPUT_DENORMAL,  /* Q, K and V around 1e-40 */
    INPUT_TINY_KEYS, /* denormal Q and K, ordinary V: all weights equal */
    INPUT_FLAT,      /* all keys alike: ties everywhere */
    INPUT_ZERO,      /* Q, K and V are 0 */
    INPUT_RISING,    /* logits grow from key to key, so that the online maximum moves with every tile */
    INPUT_KINDS
};

struct drawn {
    struct attention_problem problem;
    enum input_kind input;
    uint64_t seed;
};

/* The fixed list: one problem for each edge by name. */
extern const struct drawn fixed_problems[];
extern const int fixed_problem_count;

/* Problem number `index` of the seeded sequence: always the same one. */
struct drawn draw_problem(uint64_t index);

/* A block mask for the problem, drawn from `seed`: blocks of many sizes, from none to all of them, rows without any,
 * one mask for all heads or one for each. The caller frees it. */
struct block_mask *draw_blocks(const struct attention_problem *problem, uint64_t seed);

/* Problems with block masks: the first are edges by name, then draws of both. The mask is the problem's own:
 * drawn_free. */
struct drawn draw_block_problem(uint64_t index);
/* A mask that a gate chooses, density and gate drawn from `seed`: weights so large that features and bound both count,
 * of one head or of all. NULL when memory lacks. */
struct block_mask *draw_choice(const struct attention_problem *problem, uint64_t seed);

/* The same problem cut to what a gate chooses blocks for: one layer, len_q as len_kv, no windows; its mask is drawn by
 * draw_choice. drawn_free. */
struct drawn draw_choice_problem(uint64_t index);
/* Frees the block mask where there is one, and forgets it. */
void drawn_free(struct drawn *drawn);

/* Fills Q, K and V, in the problem's dtype; each must have room for float32 all the same. INPUT_HOT and INPUT_SATURATED
 * also expect the scale that draw_problem chose. */
void drawn_fill(const struct drawn *drawn, void *q, void *k, void *v);

/* "N 127x129 d 64 ... hot", for messages. Returns `words`. */
const char *drawn_words(const struct drawn *drawn, char *words, size_t size);

#endif
