/* naive_blas.c - the honest baseline: the same three passes with the best products there are.
 *
 * Idea: what a framework does without a fused kernel: OpenBLAS for Q K^T and P V, between them a softmax with the same
 * vector exp2 that flash uses. A thread takes a head and OpenBLAS stays single-threaded inside: faster than
 * OpenBLAS's own threads on these shapes.
 * Data movement: as naive's, four crossings of the scores; but only as many N x N matrices as threads are kept, so
 * no first touch of fresh memory is paid (a framework keeps batch x heads of them, and pays).
 * Cost: 4 * N * N * head_dim FLOPs a head whatever the mask: a product cannot skip pairs.
 * Source: the unfused path of PyTorch's scaled_dot_product_attention ("math"); FlashAttention 2205.14135,
 * algorithm 0. */
#include <cblas.h>

#include "kernels/cpu/blas.h"
#include "kernels/cpu/kernels.h"
#include "kernels/cpu/unfused.h"

/* S of one head for each thread. */
static size_t workspace(const struct attention_problem *problem, int threads)
{
    return attention_matrix_bytes(threads, problem->len_q, problem->len_kv);
}

/* One head of one sequence; S is this thread's matrix. */
struct head {
    int64_t layer, sequence, head;
};

static void scores(const struct kernel_launch *launch, struct head h, float *s)
{
    const struct attention_problem *p = launch->problem;
    int64_t group = h.head / (p->heads / p->kv_heads);
    const float *q = (const float *)launch->tensors->q + (h.sequence * p->len_q * p->heads + h.head) * p->head_dim;
    const float *k = (const float *)launch->tensors->k + (h.sequence * p->len_kv * p->kv_heads + group) * p->head_dim;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)p->len_q, (int)p->len_kv, (int)p->head_dim, 1.0f, q,
                (int)(p->heads * p->head_dim), k, (int)(p->kv_heads * p->head_dim), 0.0f, s, (int)p->len_kv);
}

static void softmax(const struct kernel_launch *launch, struct head h, float *s)
{
    const struct attention_problem *p = launch->problem;
    float *log_sum_exp = launch->tensors->log_sum_exp;
    for (int64_t i = 0; i < p->len_q; i++) {
        float lse = unfused_softmax_row(p, h.layer, i, s + i * p->len_kv);
        if (log_sum_exp)
            log_sum_exp[(h.sequence * p->heads + h.head) * p->len_q + i] = lse;
    }
}

static void values(const struct kernel_launch *launch, struct head h, float *s)
{
    const struct attention_problem *p = launch->problem;
    int64_t group = h.head / (p->heads / p->kv_heads);
    const float *v = (const float *)launch->tensors->v + (h.sequence * p->len_kv * p->kv_heads + group) * p->head_dim;
    float *o = (float *)launch->tensors->o + (h.sequence * p->len_q * p->heads + h.head) * p->head_dim;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)p->len_q, (int)p->head_dim, (int)p->len_kv, 1.0f, s,
                (int)p->len_kv, v, (int)(p->kv_heads * p->head_dim), 0.0f, o, (int)(p->heads * p->head_dim));
}

static void (*const passes[])(const struct kernel_launch *, struct head, float *) = {
    [STAGE_SCORES] = scores,
    [STAGE_SOFTMAX] = softmax,
    [STAGE_VALUES] = values,
};

static enum status launch(const struct kernel_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    int64_t heads = p->layers * p->batch * p->heads, matrix = p->len_q * p->len_kv;
    blas_single_threaded();
    /* `threads` heads at a time go through a pass together, so that a pass can be timed by the wall clock. */
    for (int64_t first = 0; first < heads; first += launch->threads)
        for (int pass = STAGE_SCORES; pass <= STAGE_VALUES; pass++) {
            int64_t last = first + launch->threads < heads ? first + launch->threads : heads;
#pragma omp parallel for num_threads(launch->threads) schedule(static, 1)
            for (int64_t n = first; n < last; n++) {
                struct head h = {n / p->heads / p->batch, n / p->heads, n % p->heads};
                passes[pass](launch, h, (float *)launch->workspace + (n - first) * matrix);
            }
            if (launch->clock)
                launch->clock->end(launch->clock, pass);
        }
    return STATUS_OK;
}

static const char *unsupported(const struct attention_problem *problem)
{
    const int64_t most = 2147483647; /* BLAS counts in 32 bits */
    if (problem->len_q > most || problem->len_kv > most || problem->heads * problem->head_dim > most)
        return "OpenBLAS counts rows and columns in 32 bits";
    return cpu_unsupported(problem);
}

const struct kernel kernel_cpu_naive_blas = {
    .name = "naive_blas",
    .family = "naive_blas",
    .backend = "cpu",
    .title = "OpenBLAS, unfused",
    .idea = "the same three passes with OpenBLAS products: what a framework does unfused",
    .source = "PyTorch's unfused scaled_dot_product_attention",
    .unsupported = unsupported,
    .workspace = workspace,
    .stages = unfused_stages,
    .launch = launch,
};
