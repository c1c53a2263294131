#include "help_problems.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/block_mask.h"
#include "kernels/element.h"
#include "kernels/workload.h"

#define FULL                                                                                                           \
    {                                                                                                                  \
        .window_left = -1, .window_right = -1                                                                          \
    }
#define CAUSAL                                                                                                         \
    {                                                                                                                  \
        .causal = true, .window_left = -1, .window_right = -1                                                          \
    }
#define WINDOW(left, right)                                                                                            \
    {                                                                                                                  \
        .window_left = (left), .window_right = (right)                                                                 \
    }
#define CAUSAL_WINDOW(left)                                                                                            \
    {                                                                                                                  \
        .causal = true, .window_left = (left), .window_right = -1                                                      \
    }

/* layers, batch, heads, kv_heads, len_q, len_kv, head_dim, dtype, mask, scale; input; seed */
const struct drawn fixed_problems[] = {
    {{1, 1, 1, 1, 1, 1, 8, DTYPE_F32, FULL, 0.35f}, INPUT_GAUSSIAN, 1},
    {{1, 1, 1, 1, 3, 3, 8, DTYPE_F32, CAUSAL, 0.35f}, INPUT_GAUSSIAN, 2},
    {{1, 1, 2, 1, 127, 127, 64, DTYPE_F32, CAUSAL, 0.125f}, INPUT_GAUSSIAN, 3},
    {{1, 1, 2, 2, 128, 128, 64, DTYPE_F32, FULL, 0.125f}, INPUT_GAUSSIAN, 4},
    {{1, 1, 2, 1, 129, 129, 64, DTYPE_F32, CAUSAL, 0.125f}, INPUT_HOT, 5},
    {{1, 1, 1, 1, 97, 257, 128, DTYPE_F32, FULL, 0.088f}, INPUT_RISING, 6},
    {{1, 1, 1, 1, 256, 512, 256, DTYPE_F32, CAUSAL, 0.0625f}, INPUT_GAUSSIAN, 7},
    {{1, 1, 1, 1, 129, 3, 64, DTYPE_F32, CAUSAL, 0.125f}, INPUT_GAUSSIAN, 8},          /* 126 rows without a key */
    {{1, 1, 1, 1, 200, 100, 16, DTYPE_F32, WINDOW(10, 20), 0.25f}, INPUT_GAUSSIAN, 9}, /* rows without a key */
    {{1, 1, 1, 1, 100, 300, 16, DTYPE_F32, WINDOW(0, 0), 0.25f}, INPUT_GAUSSIAN, 10},  /* one key a row */
    {{1, 1, 1, 1, 65, 65, 40, DTYPE_F32, WINDOW(1000, 1000), 0.16f}, INPUT_GAUSSIAN, 11},
    {{1, 1, 1, 1, 65, 65, 40, DTYPE_F32, WINDOW(INT64_MAX, INT64_MAX), 0.16f}, INPUT_GAUSSIAN, 12},
    {{1, 2, 4, 2, 96, 192, 24, DTYPE_F32, WINDOW(-1, 7), 0.2f}, INPUT_GAUSSIAN, 13},
    {{1, 2, 4, 1, 95, 193, 24, DTYPE_F32, WINDOW(7, -1), 0.2f}, INPUT_HOT, 14},
    {{1, 1, 2, 1, 300, 300, 64, DTYPE_F32, CAUSAL_WINDOW(64), 0.125f}, INPUT_GAUSSIAN, 15},
    {{1, 1, 1, 1, 700, 700, 8, DTYPE_F32, CAUSAL_WINDOW(255), 0.35f}, INPUT_RISING, 16},
    {{1, 1, 1, 1, 64, 700, 64, DTYPE_F32, FULL, 0.0f}, INPUT_GAUSSIAN, 17},
    {{1, 1, 2, 2, 130, 131, 72, DTYPE_F32, FULL, 80.0f / 72}, INPUT_SATURATED, 18},
    {{1, 1, 2, 2, 130, 600, 72, DTYPE_F32, CAUSAL, -80.0f / 72}, INPUT_SATURATED, 19},
    {{1, 1, 1, 1, 40, 50, 48, DTYPE_F32, FULL, 0.14f}, INPUT_DENORMAL, 20},
    {{1, 1, 1, 1, 40, 300, 48, DTYPE_F32, CAUSAL, 0.14f}, INPUT_TINY_KEYS, 21},
    {{1, 1, 1, 1, 40, 300, 48, DTYPE_F32, FULL, 0.14f}, INPUT_ZERO, 22},
    {{1, 1, 1, 1, 40, 600, 56, DTYPE_F32, CAUSAL, 0.14f}, INPUT_FLAT, 23},
    {{7, 1, 2, 1, 60, 60, 32, DTYPE_F32, {.window_left = 4, .window_right = 4, .global_every = 3}, 0.18f},
     INPUT_GAUSSIAN,
     24},
    {{3,
      2,
      2,
      2,
      70,
      90,
      16,
      DTYPE_F32,
      {.causal = true, .window_left = 9, .window_right = -1, .global_every = 2},
      0.25f},
     INPUT_HOT,
     25},
    {{2, 1, 1, 1, 130, 3, 16, DTYPE_F32, {.window_left = 0, .window_right = 0, .global_every = 1}, 0.25f},
     INPUT_GAUSSIAN,
     26},
    /* Long enough for several stretches of packed keys (tiled.c): with shared heads, keys to the right, rows without.
     */
    {{1, 1, 2, 1, 1601, 1601, 16, DTYPE_F32, CAUSAL_WINDOW(100), 0.25f}, INPUT_RISING, 27},
    {{1, 1, 2, 1, 1700, 900, 16, DTYPE_F32, WINDOW(64, 64), 0.25f}, INPUT_GAUSSIAN, 28},
    {{3, 1, 1, 1, 800, 1900, 8, DTYPE_F32, {.window_left = 33, .window_right = 65, .global_every = 3}, 0.35f},
     INPUT_GAUSSIAN,
     29},
    /* Every key of a row far below 0: the largest logit is not 0, and not what a tile began with. */
    {{1, 1, 3, 1, 70, 1, 72, DTYPE_F32, FULL, 400.0f / 72}, INPUT_SATURATED, 30},
    {{1, 1, 2, 2, 3, 2, 72, DTYPE_F32, CAUSAL, -400.0f / 72}, INPUT_SATURATED, 31},
    /* Only the last rows of a warp's 8, 32 and 16 do not see the first key: the tile is not theirs whole. */
    {{1, 1, 1, 1, 65, 65, 40, DTYPE_F32, WINDOW(6, 40), 0.16f}, INPUT_GAUSSIAN, 32},
    {{1, 1, 1, 1, 130, 130, 64, DTYPE_F32, WINDOW(30, 100), 0.125f}, INPUT_GAUSSIAN, 33},
    {{1, 1, 1, 1, 70, 70, 136, DTYPE_F32, WINDOW(14, 60), 0.08f}, INPUT_GAUSSIAN, 34},
};
const int fixed_problem_count = sizeof fixed_problems / sizeof fixed_problems[0];

static int64_t below(uint64_t *state, int64_t limit)
{
    return (int64_t)(workload_random(state) % (uint64_t)limit);
}

static int64_t one_of(uint64_t *state, const int64_t *values, int count)
{
    return values[below(state, count)];
}

/* Lengths at the tiles' edges more often than not. */
static int64_t draw_length(uint64_t *state)
{
    static const int64_t edges[] = {1,  2,  3,  7,   8,   31,  32,  33,  63,  64, 65,
                                    95, 96, 97, 127, 128, 129, 191, 255, 256, 257};
    if (below(state, 4) == 0)
        return 1 + below(state, 300);
    return one_of(state, edges, sizeof edges / sizeof edges[0]);
}

static struct attention_mask draw_mask(uint64_t *state, int64_t longest)
{
    struct attention_mask mask = FULL;
    int64_t kind = below(state, 8);
    mask.causal = kind == 1 || kind == 2 || kind == 5;
    if (kind >= 2) { /* some window, perhaps of 0, perhaps wider than the sequence, perhaps open to one side */
        const int64_t widths[] = {0, 1, below(state, 40), 64, below(state, longest + 1), 2 * longest, -1};
        mask.window_left = one_of(state, widths, 7);
        mask.window_right = mask.causal ? -1 : one_of(state, widths, 7);
    }
    if (kind >= 5)
        mask.global_every = (int32_t)(1 + below(state, 3));
    return mask;
}

/* Shrinks the problem until the judge, which is slow, is done in a few milliseconds. */
static void bound(struct attention_problem *p)
{
    const double most = 5e5;
    int64_t *const counts[] = {&p->layers, &p->batch, &p->kv_heads};
    for (int i = 0; i < 3; i++)
        if ((double)(p->layers * p->batch * p->heads * p->len_q) * (double)(p->len_kv * p->head_dim) > most) {
            p->heads = i == 2 ? p->heads / p->kv_heads : p->heads;
            *counts[i] = 1;
        }
    while (p->head_dim > 8 &&
           (double)(p->layers * p->batch * p->heads * p->len_q) * (double)(p->len_kv * p->head_dim) > 4 * most)
        p->head_dim = (p->head_dim / 2 + 7) / 8 * 8;
}

struct drawn draw_problem(uint64_t index)
{
    uint64_t seed = index * 0x9e3779b97f4a7c15u + 12345, *state = &seed;
    static const int64_t dims[] = {8, 16, 24, 40, 64, 64, 72, 128, 128, 136, 256};
    static const int64_t shares[] = {1, 1, 2, 3};
    struct drawn drawn = {.seed = workload_random(state)};
    struct attention_problem *p = &drawn.problem;
    p->batch = 1 + below(state, 2);
    p->kv_heads = 1 + below(state, 3);
    p->heads = p->kv_heads * one_of(state, shares, 4);
    p->len_q = draw_length(state);
    p->len_kv = below(state, 2) ? p->len_q : draw_length(state);
    p->head_dim = below(state, 3) ? one_of(state, dims, 11) : 8 + 8 * below(state, 32);
    p->mask = draw_mask(state, p->len_q > p->len_kv ? p->len_q : p->len_kv);
    p->layers = p->mask.global_every ? 1 + below(state, 4) : 1 + below(state, 6) / 5;
    bound(p);
    drawn.input = below(state, 2) ? INPUT_GAUSSIAN : (enum input_kind)below(state, INPUT_KINDS);
    float usual = 1.0f / sqrtf((float)p->head_dim);
    p->scale = below(state, 12) == 0 ? 0.0f : below(state, 12) == 0 ? -usual : usual;
    if (drawn.input == INPUT_HOT)
        p->scale = 30 * usual;
    if (drawn.input == INPUT_SATURATED)
        p->scale = 80.0f / (float)p->head_dim;
    return drawn;
}

/* Which blocks are listed. */
struct pattern {
    int64_t block_q, block_kv;
    bool each_head;
    int percent; /* of all blocks, by chance */
    bool gaps;   /* every fifth row, another one in each mask, has none */
    uint64_t seed;
};

static bool listed(void *context, int64_t mask, int64_t row, int64_t column)
{
    const struct pattern *pattern = context;
    uint64_t state = pattern->seed + (uint64_t)(mask * 1000003 + row * 1009 + column);
    return !(pattern->gaps && (mask + row) % 5 == 3) && below(&state, 100) < pattern->percent;
}

static struct block_mask *blocks_of(const struct attention_problem *p, struct pattern pattern)
{
    return block_mask_build(p, pattern.block_q, pattern.block_kv,
                            pattern.each_head ? p->layers * p->batch * p->heads : 1, listed, &pattern);
}

struct block_mask *draw_blocks(const struct attention_problem *problem, uint64_t seed)
{
    static const int64_t sizes[] = {1, 7, 16, 32, 48, 64, 64, 64, 96, 128, 128, 200, 500};
    static const int64_t percents[] = {0, 10, 30, 50, 90, 100};
    uint64_t state = seed ^ 0xb10cb10c;
    struct pattern pattern = {
        .block_q = one_of(&state, sizes, sizeof sizes / sizeof sizes[0]),
        .block_kv = one_of(&state, sizes, sizeof sizes / sizeof sizes[0]),
        .each_head = below(&state, 2),
        .percent = (int)one_of(&state, percents, sizeof percents / sizeof percents[0]),
        .gaps = below(&state, 3) == 0,
        .seed = workload_random(&state),
    };
    return blocks_of(problem, pattern);
}

/* Edges by name: problem number `index` of fixed_problems under a pattern. */
static const struct {
    int index;
    struct pattern pattern;
} fixed_blocks[] = {
    {3, {64, 32, false, 100, false, 1}},  /* every block: dense */
    {3, {64, 64, false, 0, false, 2}},    /* no block at all: zeros and -inf */
    {2, {64, 64, true, 60, true, 3}},     /* causal, ragged tails, rows without a block */
    {4, {1, 1, false, 50, false, 4}},     /* blocks of one pair */
    {6, {128, 1000, true, 70, false, 5}}, /* one block of all keys, longer than they are */
    {7, {1000, 16, false, 50, false, 6}}, /* one block of all queries */
    {5, {33, 7, true, 50, false, 7}},     /* sizes that fit no tile */
    {12, {96, 48, true, 40, false, 8}},   /* a window open to one side, shared heads */
    {23, {16, 16, true, 60, false, 9}},   /* layers, global and local */
    {14, {64, 1, false, 90, false, 10}},  /* a list of 300 entries, more than a warp holds */
    {7, {32, 64, false, 50, true, 11}},   /* fewer keys than queries */
};
enum { FIXED_BLOCKS = sizeof fixed_blocks / sizeof fixed_blocks[0] };

struct drawn draw_block_problem(uint64_t index)
{
    bool fixed = index < FIXED_BLOCKS;
    struct drawn drawn = fixed ? fixed_problems[fixed_blocks[index].index] : draw_problem(index + 1000000);
    drawn.problem.mask.blocks =
        fixed ? blocks_of(&drawn.problem, fixed_blocks[index].pattern) : draw_blocks(&drawn.problem, drawn.seed);
    return drawn;
}

struct block_mask *draw_choice(const struct attention_problem *problem, uint64_t seed)
{
    static const double densities[] = {0.01, 0.1, 0.3, 0.5, 1};
    static const float bounds[] = {0, 0.1f, 1};
    uint64_t state = seed;
    struct gate gate = {.heads = below(&state, 2) ? 1 : problem->heads, .head_dim = problem->head_dim, .theta = 10000};
    int64_t each = gate_weights_of_head(gate.head_dim);
    gate.weights = malloc((size_t)gate_weights(gate.heads, gate.head_dim) * sizeof *gate.weights);
    if (!gate.weights)
        return NULL;
    workload_gaussian(gate.weights, gate_weights(gate.heads, gate.head_dim), 0.5f, workload_random(&state), 1);
    for (int64_t head = 0; head < gate.heads; head++)
        gate.weights[(head + 1) * each - 1] = bounds[below(&state, 3)];
    struct block_mask *mask = choice_mask(problem, &gate, densities[below(&state, 5)]);
    free(gate.weights);
    return mask;
}

struct drawn draw_choice_problem(uint64_t index)
{
    struct drawn drawn = draw_problem(index + 2000000);
    struct attention_problem *p = &drawn.problem;
    uint64_t state = drawn.seed;
    p->layers = 1;
    p->len_q = p->len_kv = p->len_q > p->len_kv ? p->len_q : p->len_kv;
    p->mask = (struct attention_mask){.causal = below(&state, 3) > 0, .window_left = -1, .window_right = -1};
    if (index % 16 == 15) { /* more blocks than a warp has lanes, in more than one tile of scores */
        p->batch = p->heads = p->kv_heads = 1;
        p->len_q = p->len_kv = 2000 + below(&state, 300);
        p->head_dim = 8;
    }
    p->mask.blocks = draw_choice(p, workload_random(&state));
    return drawn;
}

void drawn_free(struct drawn *drawn)
{
    block_mask_free((struct block_mask *)(uintptr_t)drawn->problem.mask.blocks);
    drawn->problem.mask.blocks = NULL;
}

static void scale_by(float *values, int64_t count, float factor)
{
    for (int64_t i = 0; i < count; i++)
        values[i] *= factor;
}

/* +1 in all of a row, or -1: a product of two such rows is exactly +-head_dim. */
static void sign_rows(float *values, int64_t count, int64_t head_dim, uint64_t seed)
{
    for (int64_t i = 0; i < count; i += head_dim) {
        float sign = workload_random(&seed) & 1 ? 1.0f : -1.0f;
        for (int64_t c = 0; c < head_dim; c++)
            values[i + c] = sign;
    }
}

static void fill_floats(const struct drawn *drawn, float *q, float *k, float *v)
{
    struct attention_problem floats = drawn->problem, *p = &floats;
    int64_t of_q = attention_q_elements(p), of_kv = attention_kv_elements(p), token = p->kv_heads * p->head_dim;
    p->dtype = DTYPE_F32;
    workload_fill(p, q, k, v, drawn->seed, 1);
    switch (drawn->input) {
    case INPUT_GAUSSIAN:
    case INPUT_HOT:
    case INPUT_KINDS:
        break;
    case INPUT_SATURATED:
        sign_rows(q, of_q, p->head_dim, drawn->seed);
        sign_rows(k, of_kv, p->head_dim, drawn->seed + 1);
        break;
    case INPUT_DENORMAL:
        scale_by(v, of_kv, 1e-40f);
        scale_by(q, of_q, 1e-40f);
        scale_by(k, of_kv, 1e-40f);
        break;
    case INPUT_TINY_KEYS:
        scale_by(q, of_q, 1e-40f);
        scale_by(k, of_kv, 1e-40f);
        break;
    case INPUT_FLAT:
        for (int64_t i = token; i < of_kv; i++)
            k[i] = k[i - token];
        break;
    case INPUT_ZERO:
        scale_by(q, of_q, 0);
        scale_by(k, of_kv, 0);
        scale_by(v, of_kv, 0);
        break;
    case INPUT_RISING:
        for (int64_t i = 0; i < of_q; i++)
            q[i] = fabsf(q[i]);
        for (int64_t i = 0; i < of_kv; i++)
            k[i] = 0.02f * (float)(i / token % p->len_kv);
        break;
    }
}

void drawn_fill(const struct drawn *drawn, void *q, void *k, void *v)
{
    const struct attention_problem *p = &drawn->problem;
    fill_floats(drawn, q, k, v);
    elements_from_floats(q, q, attention_q_elements(p), p->dtype);
    elements_from_floats(k, k, attention_kv_elements(p), p->dtype);
    elements_from_floats(v, v, attention_kv_elements(p), p->dtype);
}

const char *drawn_words(const struct drawn *drawn, char *words, size_t size)
{
    static const char *const inputs[] = {"gaussian",  "hot",  "saturated", "denormal",
                                         "tiny keys", "flat", "zero",      "rising"};
    const struct attention_problem *p = &drawn->problem;
    const struct block_mask *blocks = p->mask.blocks;
    char mask[160];
    attention_mask_label(&p->mask, mask, sizeof mask);
    size_t used = strlen(mask);
    if (blocks)
        snprintf(mask + used, sizeof mask - used, " in blocks of %lldx%lld, %lld masks, density %.2f",
                 (long long)blocks->block_q, (long long)blocks->block_kv, (long long)blocks->count,
                 block_mask_density(blocks));
    snprintf(words, size,
             "%s layers %lld batch %lld heads %lld/%lld N %lldx%lld d %lld mask %s scale %g, %s, seed %llu",
             dtype_name(p->dtype), (long long)p->layers, (long long)p->batch, (long long)p->heads,
             (long long)p->kv_heads, (long long)p->len_q, (long long)p->len_kv, (long long)p->head_dim, mask,
             (double)p->scale, inputs[drawn->input], (unsigned long long)drawn->seed);
    return words;
}
