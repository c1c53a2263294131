#include "harness/modernbert_stack.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/workload.h"

const struct modernbert modernbert_models[2] = {{"base", 22, 12}, {"large", 28, 16}};
const struct modernbert modernbert_rehearsed = {"base", 4, 12};

/* As many sequences as make a few thousand tokens. */
const struct modernbert_lengths modernbert_lengths[4] = {
    {"fixed 512", 512, 16, 0, 0},
    {"variable 512", 512, 16, 256, 64},
    {"fixed 8192", 8192, 1, 0, 0},
    {"variable 8192", 8192, 2, 4096, 1024},
};
const struct modernbert_lengths modernbert_rehearsed_lengths[4] = {
    {"fixed 32", 32, 3, 0, 0},
    {"variable 32", 32, 3, 24, 6},
    {"fixed 160", 160, 1, 0, 0},
    {"variable 160", 160, 2, 80, 20},
};

enum { SHORTEST = 16 };

void modernbert_draw(const struct modernbert_lengths *lengths, uint64_t seed, int64_t *starts)
{
    starts[0] = 0;
    for (int64_t s = 0; s < lengths->count; s++) {
        double drawn = (double)lengths->most;
        if (lengths->deviation > 0)
            drawn = floor(lengths->mean + lengths->deviation * (double)workload_normal(&seed) + 0.5);
        drawn = fmin(fmax(drawn, SHORTEST), (double)lengths->most);
        starts[s + 1] = starts[s] + (int64_t)drawn;
    }
}

/* All-global is a stack of which every layer is the global one: the same kernels run it, layer by layer. */
static void make(struct modernbert_stack *stack, enum modernbert_way way, const struct modernbert *model,
                 const struct modernbert_lengths *lengths, int64_t heads, enum dtype dtype, uint64_t seed)
{
    modernbert_draw(lengths, seed, stack->starts);
    for (int64_t s = 0; way >= ALL_GLOBAL_PADDED && s <= lengths->count; s++)
        stack->starts[s] = s * lengths->most;
    stack->packed = (struct packed){stack->starts, lengths->count};
    int64_t tokens = stack->starts[lengths->count];
    bool alternating = way == ALTERNATING || way == ALTERNATING_PADDED;
    stack->problem = (struct attention_problem){
        .layers = model->layers,
        .batch = 1,
        .heads = heads,
        .kv_heads = heads,
        .len_q = tokens,
        .len_kv = tokens,
        .head_dim = MODERNBERT_DIM,
        .dtype = dtype,
        .mask = {.window_left = MODERNBERT_SIDE,
                 .window_right = MODERNBERT_SIDE,
                 .global_every = alternating ? MODERNBERT_EVERY : 1},
        .scale = 1.0f / sqrtf((float)MODERNBERT_DIM),
    };
}

int modernbert_stacks_make(struct modernbert_stack stacks[MODERNBERT_WAYS], const struct modernbert *model,
                           const struct modernbert_lengths *lengths, int64_t heads, enum dtype dtype, uint64_t seed)
{
    int count = lengths->deviation > 0 ? MODERNBERT_WAYS : ALL_GLOBAL_PADDED;
    for (int w = 0; w < count; w++)
        make(&stacks[w], (enum modernbert_way)w, model, lengths, heads, dtype, seed);
    return count;
}

static double pairs_of(const struct modernbert_stack *stack)
{
    double pairs = 0;
    for (int64_t layer = 0; layer < stack->problem.layers; layer++)
        for (int64_t s = 0; s < stack->packed.count; s++) {
            struct attention_problem part = packed_part(&stack->problem, &stack->packed, s, layer);
            pairs += (double)attention_layer_pairs(&part, 0);
        }
    return pairs;
}

enum status modernbert_begin(struct modernbert_result *result, const struct modernbert_stack *stacks, int count,
                             const struct modernbert_lengths *lengths, int rounds)
{
    bool room = true;
    *result = (struct modernbert_result){.rounds = rounds};
    for (int w = 0; w < count; w++) {
        result->pairs[w] = pairs_of(&stacks[w]);
        result->seconds[w] = calloc((size_t)rounds + 1, sizeof *result->seconds[w]);
        result->rope[w] = calloc((size_t)rounds + 1, sizeof *result->rope[w]);
        room = room && result->seconds[w] && result->rope[w];
    }
    result->tokens = stacks[ALL_GLOBAL].problem.len_q;
    result->padded_tokens = lengths->count * lengths->most;
    return room ? STATUS_OK : STATUS_NO_MEMORY;
}

void modernbert_free(struct modernbert_result *result)
{
    for (int w = 0; w < MODERNBERT_WAYS; w++) {
        free(result->seconds[w]);
        free(result->rope[w]);
    }
    *result = (struct modernbert_result){0};
}
