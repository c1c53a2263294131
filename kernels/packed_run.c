/* packed_run.c - packed sequences on the CPU: for each layer RoPE where it is asked for, then one sequence after
 * another.
 *
 * RoPE is a stage of its own: Q and K are read once and written once, turned, a layer at a time, so that the copies are
 * as large as one layer and are still in the caches when the attention reads them. */
#include <omp.h>

#include "kernels/packed.h"

/* With so many sequences a thread, each sequence is one thread's from beginning to end: no barrier within it, and its
 * keys and values stay in that core's cache. Fewer, longer ones are each shared by all threads. */
enum { SEQUENCES_A_THREAD = 4, LINE = 64 };

static bool shared_out(const struct packed *packed, int threads)
{
    return packed->count >= (int64_t)SEQUENCES_A_THREAD * threads;
}

/* Bytes of one sequence of any layer, run by so many threads. */
static size_t workspace_of_part(const struct attention_problem *problem, const struct packed *packed,
                                packed_choice *choose, int threads)
{
    size_t most = 0;
    for (int64_t layer = 0; layer < problem->layers; layer++)
        for (int64_t s = 0; s < packed->count; s++) {
            struct attention_problem part = packed_part(problem, packed, s, layer);
            size_t bytes = part.len_q > 0 ? choose(&part)->workspace(&part, threads) : 0;
            most = bytes > most ? bytes : most;
        }
    return (most + LINE - 1) / LINE * LINE;
}

size_t packed_workspace(const struct attention_problem *problem, const struct packed *packed, packed_choice *choose,
                        int threads)
{
    return shared_out(packed, threads) ? workspace_of_part(problem, packed, choose, 1) * (size_t)threads
                                       : workspace_of_part(problem, packed, choose, threads);
}

/* Rows of one token, all of whose heads stand at the same position. */
static void turn_token(const float *restrict cosine, const float *restrict sine, int64_t heads, int64_t half,
                       const float *restrict from, float *restrict to)
{
    for (int64_t head = 0; head < heads; head++, from += 2 * half, to += 2 * half)
        for (int64_t j = 0; j < half; j++) {
            float a = from[j], b = from[j + half];
            to[j] = a * cosine[j] - b * sine[j];
            to[j + half] = b * cosine[j] + a * sine[j];
        }
}

void packed_turn(const struct attention_problem *problem, const struct packed *packed, int64_t layer, const float *q,
                 const float *k, const struct packed_rope *rope, int threads)
{
    const struct attention_problem part = packed_part(problem, packed, 0, layer);
    bool local = part.mask.window_left >= 0 || part.mask.window_right >= 0;
    const struct angles *angles = local ? &rope->local : &rope->global;
    int64_t half = problem->head_dim / 2, tokens = problem->len_q;
    int64_t q_token = problem->heads * problem->head_dim, k_token = problem->kv_heads * problem->head_dim;
    q += layer * tokens * q_token;
    k += layer * tokens * k_token;
#pragma omp parallel num_threads(threads)
    for (int64_t s = 0; s < packed->count; s++) {
        int64_t start = packed->starts[s], end = packed->starts[s + 1];
#pragma omp for schedule(static) nowait
        for (int64_t token = start; token < end; token++) {
            const float *cosine = angles->cosine + (token - start) * half,
                        *sine = angles->sine + (token - start) * half;
            turn_token(cosine, sine, problem->heads, half, q + token * q_token, rope->q + token * q_token);
            turn_token(cosine, sine, problem->kv_heads, half, k + token * k_token, rope->k + token * k_token);
        }
    }
}

/* One layer's tensors. */
static struct attention_tensors tensors_of_layer(const struct kernel_launch *launch, int64_t layer,
                                                 const struct packed_rope *rope)
{
    const struct attention_problem *p = launch->problem;
    const struct attention_tensors *t = launch->tensors;
    int64_t token = layer * p->len_q;
    size_t q_at = (size_t)(token * p->heads * p->head_dim) * dtype_size(p->dtype);
    size_t kv_at = (size_t)(token * p->kv_heads * p->head_dim) * dtype_size(p->dtype);
    return (struct attention_tensors){rope ? (const char *)rope->q : (const char *)t->q + q_at,
                                      rope ? (const char *)rope->k : (const char *)t->k + kv_at,
                                      (const char *)t->v + kv_at, (char *)t->o + q_at,
                                      t->log_sum_exp ? t->log_sum_exp + token * p->heads : NULL};
}

/* `workspace` and `threads` are this part's own. */
static enum status run_part(const struct kernel_launch *launch, const struct packed *packed, packed_choice *choose,
                            int64_t sequence, int64_t layer, const struct attention_tensors *t, void *workspace,
                            int threads)
{
    const struct attention_problem *p = launch->problem;
    struct attention_problem part = packed_part(p, packed, sequence, layer);
    if (part.len_q == 0)
        return STATUS_OK;
    const struct kernel *kernel = choose(&part);
    int64_t token = packed->starts[sequence];
    size_t q_at = (size_t)(token * p->heads * p->head_dim) * dtype_size(p->dtype);
    size_t kv_at = (size_t)(token * p->kv_heads * p->head_dim) * dtype_size(p->dtype);
    struct attention_tensors tensors = {(const char *)t->q + q_at, (const char *)t->k + kv_at,
                                        (const char *)t->v + kv_at, (char *)t->o + q_at,
                                        t->log_sum_exp ? t->log_sum_exp + token * p->heads : NULL};
    struct kernel_launch one = {&part, &tensors, workspace, threads, NULL};
    return kernel->unsupported(&part) ? STATUS_UNSUPPORTED : kernel->launch(&one);
}

static enum status run_layer(const struct kernel_launch *launch, const struct packed *packed, packed_choice *choose,
                             int64_t layer, const struct attention_tensors *t)
{
    enum status status = STATUS_OK;
    if (!shared_out(packed, launch->threads)) {
        for (int64_t s = 0; s < packed->count && status == STATUS_OK; s++)
            status = run_part(launch, packed, choose, s, layer, t, launch->workspace, launch->threads);
        return status;
    }
    size_t each = workspace_of_part(launch->problem, packed, choose, 1);
#pragma omp parallel for num_threads(launch->threads) schedule(dynamic, 1)
    for (int64_t s = 0; s < packed->count; s++) {
        char *own = (char *)launch->workspace + each * (size_t)omp_get_thread_num();
        enum status one = run_part(launch, packed, choose, s, layer, t, own, 1);
        if (one != STATUS_OK) {
#pragma omp atomic write
            status = one;
        }
    }
    return status;
}

static void tell_end(const struct kernel_launch *launch, int64_t stage)
{
    if (launch->clock)
        launch->clock->end(launch->clock, (int)stage);
}

enum status packed_run(const struct kernel_launch *launch, const struct packed *packed, packed_choice *choose,
                       const struct packed_rope *rope)
{
    const struct attention_problem *p = launch->problem;
    struct diags diags = {0};
    enum status status = packed_check(packed, p->len_q, &diags);
    diags_free(&diags);
    for (int64_t layer = 0; layer < p->layers && status == STATUS_OK; layer++) {
        if (rope) {
            packed_turn(p, packed, layer, launch->tensors->q, launch->tensors->k, rope, launch->threads);
            tell_end(launch, p->layers + layer);
        }
        struct attention_tensors tensors = tensors_of_layer(launch, layer, rope);
        status = run_layer(launch, packed, choose, layer, &tensors);
        tell_end(launch, layer);
    }
    return status;
}
