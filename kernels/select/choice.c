#include "kernels/select/choice.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/element.h"
#include "kernels/rope.h"
#include "kernels/structured.h"

size_t choice_angles(int64_t length, int64_t head_dim)
{
    return (size_t)(length * head_dim + select_blocks(length) * GATE_FEATURES);
}

const char *choice_unsupported(const struct attention_problem *problem)
{
    struct attention_problem plain = *problem;
    const struct gate gate = {.head_dim = problem->head_dim};
    const struct selection selection = {.selector = SELECT_GATE, .gate = &gate};
    plain.mask.blocks = NULL;
    plain.dtype = DTYPE_F32;
    return selection_unsupported(&plain, &selection);
}

static void fill_angles(float *angles, int64_t count, int64_t head_dim, double theta, int64_t step)
{
    struct rope rope = rope_make(head_dim, theta);
    int64_t half = head_dim / 2;
    for (int64_t i = 0; i < count; i++)
        rope_angles(&rope, (double)(i * step), angles + i * half, angles + (count + i) * half);
}

struct block_choice *choice_make(const struct attention_problem *problem, const struct gate *gate, double density)
{
    int64_t n = problem->len_kv, d = problem->head_dim, heads = gate ? gate->heads : problem->heads;
    size_t weights = (size_t)gate_weights(heads, d);
    struct block_choice *choice = malloc(sizeof *choice + (weights + choice_angles(n, d)) * sizeof(float));
    if (!choice)
        return NULL;
    float *room = (float *)(choice + 1), *angles = room + weights;
    *choice = (struct block_choice){
        .density = density,
        .length = n,
        .gate = {.heads = heads, .head_dim = d, .theta = gate ? gate->theta : structured_theta, .weights = room},
        .angles = angles,
    };
    if (gate)
        memcpy(room, gate->weights, weights * sizeof *room);
    else
        gate_start(&choice->gate, 1);
    fill_angles(angles, n, d, choice->gate.theta, 1);
    fill_angles(angles + n * d, select_blocks(n), GATE_FEATURES, choice->gate.theta, SELECT_BLOCK);
    return choice;
}

struct block_mask *choice_mask(const struct attention_problem *problem, const struct gate *gate, double density)
{
    struct block_mask *mask = selection_mask(problem, density);
    if (!mask)
        return NULL;
    mask->choice = choice_make(problem, gate, density);
    if (mask->choice)
        return mask;
    block_mask_free(mask);
    return NULL;
}

/* One head as float32, dense. */
static void read_head(const void *tensor, enum dtype dtype, int64_t first, int64_t stride, int64_t length, int64_t d,
                      float *to)
{
    for (int64_t i = 0; i < length; i++)
        for (int64_t c = 0; c < d; c++)
            to[i * d + c] = element_read(tensor, first + i * stride + c, dtype);
}

/* Another order of sums moves a score by this much at most. */
static float slack(const float *scores, int64_t seen)
{
    float largest = 0;
    for (int64_t j = 0; j < seen; j++)
        largest = fmaxf(largest, fabsf(scores[j]));
    return 1e-4f * (1 + largest);
}

static bool judge_row(const float *scores, int64_t row, int64_t blocks, bool causal, struct block_row kept, char *words,
                      size_t size)
{
    int64_t seen = select_seen(row, blocks, causal), n = 0;
    float least = INFINITY, most_left_out = -INFINITY;
    bool diagonal = false;
    for (int64_t j = 0; j < seen; j++) {
        bool in = n < kept.count && kept.block[n] == j;
        n += in;
        diagonal |= in && j == row;
        if (in && j != row)
            least = fminf(least, scores[j]);
        else if (!in)
            most_left_out = fmaxf(most_left_out, scores[j]);
    }
    if (n != kept.count || !diagonal) {
        snprintf(words, size,
                 n != kept.count ? "its blocks do not rise, or one is beyond what it may see"
                                 : "the block of its own keys is left out");
        return false;
    }
    if (!(least < most_left_out - slack(scores, seen)))
        return true;
    snprintf(words, size, "keeps a block that scores %.6g and leaves out one of %.6g", (double)least,
             (double)most_left_out);
    return false;
}

/* All of one head; `room` as choice_judge takes it. */
static bool judge_head(const struct attention_problem *p, const struct attention_tensors *t, int64_t head, float *room,
                       char *words, size_t size)
{
    const struct block_choice *choice = p->mask.blocks->choice;
    int64_t n = p->len_kv, d = p->head_dim, blocks = select_blocks(n), sequence = head / p->heads, h = head % p->heads;
    int64_t group = h / (p->heads / p->kv_heads), q_stride = p->heads * d, k_stride = p->kv_heads * d;
    float *q = room, *k = q + n * d, *scores = k + n * d, *pools = scores + blocks * blocks;
    float *scratch = pools + pooled_floats(n, d);
    struct pooled pooled = pooled_in(pools, n, d);
    const struct angles angles = {choice->angles, choice->angles + n * d / 2};
    read_head(t->q, p->dtype, sequence * n * q_stride + h * d, q_stride, n, d, q);
    read_head(t->k, p->dtype, sequence * n * k_stride + group * d, k_stride, n, d, k);
    pool_head(q, d, k, d, n, &angles, &pooled);
    gate_scores(&choice->gate, h % choice->gate.heads, &pooled, p->mask.causal, scratch, scores);
    for (int64_t row = 0; row < blocks; row++) {
        struct block_row kept = block_mask_row(p->mask.blocks, p, 0, sequence, h, row);
        char what[160];
        if (judge_row(scores + row * blocks, row, blocks, p->mask.causal, kept, what, sizeof what))
            continue;
        snprintf(words, size, "the choice for batch %lld, head %lld, row %lld of blocks: %s", (long long)sequence,
                 (long long)h, (long long)row, what);
        return false;
    }
    return true;
}

enum status choice_judge(const struct attention_problem *problem, const struct attention_tensors *tensors, bool *right,
                         char *words, size_t size)
{
    int64_t n = problem->len_kv, d = problem->head_dim, blocks = select_blocks(n);
    size_t floats = (size_t)(2 * n * d + blocks * blocks) + pooled_floats(n, d) + gate_scratch(blocks, d);
    float *room = malloc(floats * sizeof *room);
    if (!room)
        return STATUS_NO_MEMORY;
    *right = true;
    for (int64_t head = 0; head < problem->batch * problem->heads && *right; head++)
        *right = judge_head(problem, tensors, head, room, words, size);
    free(room);
    return STATUS_OK;
}
