#include "kernels/select/selection.h"

#include <omp.h>
#include <stdint.h>

const char *selection_unsupported(const struct attention_problem *problem, const struct selection *selection)
{
    if (problem->layers != 1)
        return "selection works on one layer at a time";
    if (problem->len_q != problem->len_kv)
        return "selection needs as many queries as keys";
    if (problem->dtype != DTYPE_F32)
        return "selection on the CPU reads float32 only";
    if (problem->mask.window_left >= 0 || problem->mask.window_right >= 0 || problem->mask.blocks)
        return "selection replaces windows and block masks: give causal or full";
    if (selection->selector == SELECT_GATE && (!selection->gate || selection->gate->head_dim != problem->head_dim))
        return "the gate was trained for another head_dim";
    return NULL;
}

/* As many blocks in a row as will be kept. */
struct sizes {
    int64_t blocks;
    bool causal;
    double density;
};

/* The first blocks, and the diagonal, so that as many pairs are kept as will be. */
static bool place_holder(void *context, int64_t mask, int64_t row, int64_t column)
{
    const struct sizes *sizes = context;
    int64_t count = select_count(select_seen(row, sizes->blocks, sizes->causal), sizes->density);
    (void)mask;
    return column < (row < count ? count : count - 1) || column == row;
}

struct block_mask *selection_mask(const struct attention_problem *problem, double density)
{
    struct sizes sizes = {select_blocks(problem->len_kv), problem->mask.causal, density};
    return block_mask_build(problem, SELECT_BLOCK, SELECT_BLOCK, problem->batch * problem->heads, place_holder, &sizes);
}

/* Floats: every head's pools and scores, so that a stage is over for all heads before the next begins; and each
 * thread's scratch. */
static size_t head_floats(const struct attention_problem *p)
{
    int64_t n = select_blocks(p->len_kv);
    return pooled_floats(p->len_kv, p->head_dim) + (size_t)(n * n);
}

/* Enough for scores, and so for a row's two floats a block. */
static size_t thread_floats(const struct attention_problem *p)
{
    return select_scratch(select_blocks(p->len_kv), p->head_dim);
}

size_t selection_workspace(const struct attention_problem *problem, int threads)
{
    size_t heads = (size_t)(problem->batch * problem->heads);
    return (heads * head_floats(problem) + (size_t)threads * thread_floats(problem)) * sizeof(float);
}

static void pool(const struct attention_problem *p, const struct attention_tensors *t, const struct selection *s,
                 int64_t head, struct pooled *pooled)
{
    int64_t sequence = head / p->heads, h = head % p->heads, group = h / (p->heads / p->kv_heads);
    int64_t q_stride = p->heads * p->head_dim, k_stride = p->kv_heads * p->head_dim;
    const float *q = (const float *)t->q + sequence * p->len_q * q_stride + h * p->head_dim;
    const float *k = (const float *)t->k + sequence * p->len_kv * k_stride + group * p->head_dim;
    pool_head(q, q_stride, k, k_stride, p->len_q, &s->angles, pooled);
}

static void score(const struct attention_problem *p, const struct selection *s, int64_t head,
                  const struct pooled *pooled, float *scratch, float *scores)
{
    int64_t n = pooled->blocks;
    struct select_input input = {.pooled = pooled,
                                 .gate = s->gate,
                                 .head = s->gate ? head % p->heads % s->gate->heads : 0,
                                 .mass = s->mass ? s->mass + head * n * n : NULL,
                                 .seed = s->seed + (uint64_t)head,
                                 .causal = p->mask.causal};
    select_scores(s->selector, &input, scratch, scores);
}

static void stage_end(struct stage_clock *clock, enum selection_stage stage)
{
    if (clock)
        clock->end(clock, stage);
}

void selection_fill(const struct attention_problem *problem, const struct attention_tensors *tensors,
                    const struct selection *selection, void *workspace, int threads, struct stage_clock *clock,
                    struct block_mask *mask)
{
    const struct attention_problem *p = problem;
    int64_t heads = p->batch * p->heads, n = select_blocks(p->len_kv);
    size_t each = head_floats(p), pools = pooled_floats(p->len_kv, p->head_dim);
    float *of_heads = workspace, *of_threads = of_heads + (size_t)heads * each;
    int32_t *list = (int32_t *)(uintptr_t)mask->block;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int64_t h = 0; h < heads; h++) {
        struct pooled pooled = pooled_in(of_heads + (size_t)h * each, p->len_kv, p->head_dim);
        pool(p, tensors, selection, h, &pooled);
    }
    stage_end(clock, STAGE_POOL);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int64_t h = 0; h < heads; h++) {
        float *scratch = of_threads + (size_t)omp_get_thread_num() * thread_floats(p);
        struct pooled pooled = pooled_in(of_heads + (size_t)h * each, p->len_kv, p->head_dim);
        score(p, selection, h, &pooled, scratch, of_heads + (size_t)h * each + pools);
    }
    stage_end(clock, STAGE_SCORE);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int64_t h = 0; h < heads; h++) {
        float *scratch = of_threads + (size_t)omp_get_thread_num() * thread_floats(p);
        for (int64_t row = 0; row < n; row++)
            select_row(of_heads + (size_t)h * each + pools, row, n, p->mask.causal, selection->density, scratch,
                       list + mask->first[h * n + row]);
    }
    stage_end(clock, STAGE_KEEP);
}
