/* modernbert_stack.h - the ways to run ModernBERT's stack as problems over packed sequences: shared by modernbert.c,
 * which runs them on the processor, and modernbert_device.c. */
#ifndef HARNESS_MODERNBERT_STACK_H
#define HARNESS_MODERNBERT_STACK_H

#include "harness/modernbert.h"

enum { MODERNBERT_SEQUENCES = 16 };

struct modernbert_stack {
    struct attention_problem problem;
    struct packed packed; /* points at starts: a stack is not to be copied */
    int64_t starts[MODERNBERT_SEQUENCES + 1];
};

/* All ways that differ from each other: MODERNBERT_WAYS, or without the padded ones where nothing is padded. */
int modernbert_stacks_make(struct modernbert_stack stacks[MODERNBERT_WAYS], const struct modernbert *model,
                           const struct modernbert_lengths *lengths, int64_t heads, enum dtype dtype, uint64_t seed);
/* What is known before anything runs, and room for the times. STATUS_OK, STATUS_NO_MEMORY. */
enum status modernbert_begin(struct modernbert_result *result, const struct modernbert_stack *stacks, int count,
                             const struct modernbert_lengths *lengths, int rounds);

#endif
