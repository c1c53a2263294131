/* naive.c - attention as the formula is written: three passes, each through memory.
 *
 * Idea: S = Q K^T for all pairs, then P = softmax(S) row by row, then O = P V; each pass reads what the pass before
 * wrote. Plain loops, one row at a time, vectorised by the compiler, rows shared out over the threads.
 * Data movement: S is written, read, written again as P and read again: four crossings of an N x N matrix of every
 * head. All heads of a sequence are kept, as a framework keeps them, so that each pass really goes through memory.
 * Cost: 4 * N * N * head_dim FLOPs a head whatever the mask, 16 * N * N bytes a head beside Q, K, V and O.
 * Compiled as anyone would compile it, for the plain processor of the architecture (SSE2 on x86-64): 21 GFLOP/s a core
 * where AVX2's flags reach 31 and flash 190 (Xeon with AVX-512, N 2048, head_dim 64). naive_blas is the baseline that
 * leaves nothing lying.
 * Source: Attention Is All You Need 1706.03762, section 3.2.1; the three kernels of FlashAttention 2205.14135,
 * algorithm 0. */
#include <string.h>

#include "kernels/cpu/kernels.h"
#include "kernels/cpu/unfused.h"

/* S of all heads of one sequence. */
static size_t workspace(const struct attention_problem *problem, int threads)
{
    (void)threads;
    return attention_matrix_bytes(problem->heads, problem->len_q, problem->len_kv);
}

static void scores_row(const struct attention_problem *p, const float *q, const float *k, float *row)
{
    int64_t stride = p->kv_heads * p->head_dim;
    for (int64_t j = 0; j < p->len_kv; j++) {
        const float *key = k + j * stride;
        /* Eight sums, so that the compiler may use a vector without changing the order of any sum. */
        float sums[8] = {0};
        for (int64_t c = 0; c < p->head_dim; c += 8)
            for (int lane = 0; lane < 8; lane++)
                sums[lane] += q[c + lane] * key[c + lane];
        row[j] = ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
    }
}

static void values_row(const struct attention_problem *p, const float *weights, const float *v, float *o)
{
    int64_t stride = p->kv_heads * p->head_dim, d = p->head_dim;
    float sums[MAX_HEAD_DIM] = {0};
    for (int64_t j = 0; j < p->len_kv; j++) {
        const float *value = v + j * stride;
        for (int64_t c = 0; c < d; c++)
            sums[c] += weights[j] * value[c];
    }
    memcpy(o, sums, (size_t)d * sizeof *o);
}

static void end(const struct kernel_launch *launch, int stage)
{
    if (launch->clock)
        launch->clock->end(launch->clock, stage);
}

/* One sequence of one layer: `rows` are all rows of all heads, [head][i]. */
static void sequence(const struct kernel_launch *launch, int64_t layer, int64_t index)
{
    const struct attention_problem *p = launch->problem;
    const struct attention_tensors *t = launch->tensors;
    const float *q = (const float *)t->q + index * p->len_q * p->heads * p->head_dim;
    const float *k = (const float *)t->k + index * p->len_kv * p->kv_heads * p->head_dim;
    const float *v = (const float *)t->v + index * p->len_kv * p->kv_heads * p->head_dim;
    float *o = (float *)t->o + index * p->len_q * p->heads * p->head_dim;
    float *scores = launch->workspace;
    int64_t rows = p->heads * p->len_q, share = p->heads / p->kv_heads, d = p->head_dim;

#pragma omp parallel for num_threads(launch->threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        int64_t head = row / p->len_q, i = row % p->len_q;
        scores_row(p, q + (i * p->heads + head) * d, k + head / share * d, scores + row * p->len_kv);
    }
    end(launch, STAGE_SCORES);

#pragma omp parallel for num_threads(launch->threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        float lse = unfused_softmax_row(p, layer, row % p->len_q, scores + row * p->len_kv);
        if (t->log_sum_exp)
            t->log_sum_exp[index * rows + row] = lse;
    }
    end(launch, STAGE_SOFTMAX);

#pragma omp parallel for num_threads(launch->threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        int64_t head = row / p->len_q, i = row % p->len_q;
        values_row(p, scores + row * p->len_kv, v + head / share * d, o + (i * p->heads + head) * d);
    }
    end(launch, STAGE_VALUES);
}

static enum status launch(const struct kernel_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    for (int64_t layer = 0; layer < p->layers; layer++)
        for (int64_t batch = 0; batch < p->batch; batch++)
            sequence(launch, layer, layer * p->batch + batch);
    return STATUS_OK;
}

const struct kernel kernel_cpu_naive = {
    .name = "naive",
    .family = "naive",
    .backend = "cpu",
    .title = "naive, plain loops",
    .idea = "scores, softmax, values: three passes, each through memory",
    .source = "Attention Is All You Need 1706.03762, section 3.2.1",
    .unsupported = cpu_unsupported,
    .workspace = workspace,
    .stages = unfused_stages,
    .launch = launch,
};
