/* choice.h - a block mask that a kernel chooses for itself, from Q and K, on its way (learned_sparse): how it is told
 * what to choose, and how its choice is judged.
 *
 * How many blocks each row keeps follows from the lengths and the density, so the mask's places are final before the
 * launch; the kernel writes its list. Then it is a block mask as any other: the oracle judges O under it. */
#ifndef KERNELS_SELECT_CHOICE_H
#define KERNELS_SELECT_CHOICE_H

#include "kernels/select/selection.h"

struct block_choice {
    double density;   /* of the blocks that a row may see */
    int64_t length;   /* of queries and of keys */
    struct gate gate; /* query head h uses its head h % gate.heads */
    /* [length, d / 2] cosines, then as many sines, of every position at the model's theta (the gate's); then
     * [blocks, GATE_FEATURES / 2] cosines, then sines, of the features at each block's first token. */
    const float *angles;
};

/* Floats of `angles`. */
size_t choice_angles(int64_t length, int64_t head_dim);

/* NULL, or why no kernel can choose here, in words: selection_unsupported's reasons. */
const char *choice_unsupported(const struct attention_problem *problem);

/* `gate` is copied; NULL: one as training starts from it, of as many heads as the problem, for those who ask what
 * choosing costs. One piece of memory, so that who frees a mask need not know what a gate is. NULL when memory lacks;
 * free(). */
struct block_choice *choice_make(const struct attention_problem *problem, const struct gate *gate, double density);

/* A mask with such a choice, its list an example of the right length. `problem` without its block mask. NULL when
 * memory lacks; block_mask_free. */
struct block_mask *choice_mask(const struct attention_problem *problem, const struct gate *gate, double density);

/* Whether the mask's list is what the gate's scores, computed here in float32, would keep: each row sorted, the
 * diagonal in it, and nothing kept that scores less than what was left out, by more than rounding. `tensors`: Q and K
 * in the problem's dtype. False with the first difference in words. STATUS_OK, STATUS_NO_MEMORY. */
enum status choice_judge(const struct attention_problem *problem, const struct attention_tensors *tensors, bool *right,
                         char *words, size_t size);

#endif
