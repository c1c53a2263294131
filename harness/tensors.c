#include "harness/tensors.h"

#include <stdlib.h>

#include "harness/memory.h"
#include "kernels/oracle.h"
#include "kernels/workload.h"

int64_t tensors_bytes(const struct attention_problem *problem)
{
    int64_t rows = attention_rows(problem), bytes;
    bool over = __builtin_add_overflow(attention_q_elements(problem), attention_kv_elements(problem), &bytes) ||
                __builtin_mul_overflow(bytes, 2 * (int64_t)dtype_size(problem->dtype), &bytes) ||
                __builtin_add_overflow(bytes, 4 * rows, &bytes);
    return over ? INT64_MAX : bytes;
}

bool tensors_fit(const struct tensor_set *set, const struct attention_problem *problem)
{
    const struct attention_problem *p = &set->lengths, *q = problem;
    return p->layers == q->layers && p->batch == q->batch && p->heads == q->heads && p->kv_heads == q->kv_heads &&
           p->len_q == q->len_q && p->len_kv == q->len_kv && p->head_dim == q->head_dim && p->dtype == q->dtype;
}

enum status tensors_make(struct tensor_set *set, const struct attention_problem *problem, uint64_t seed, int threads)
{
    size_t q_bytes = (size_t)attention_q_elements(problem) * dtype_size(problem->dtype);
    size_t kv_bytes = (size_t)attention_kv_elements(problem) * dtype_size(problem->dtype);
    *set = (struct tensor_set){
        .lengths = *problem,
        .q = memory_take(q_bytes),
        .k = memory_take(kv_bytes),
        .v = memory_take(kv_bytes),
        .o = memory_take(q_bytes),
        .log_sum_exp = memory_take((size_t)attention_rows(problem) * sizeof(float)),
    };
    if (!set->q || !set->k || !set->v || !set->o || !set->log_sum_exp) {
        tensors_free(set);
        return STATUS_NO_MEMORY;
    }
    enum status status = workload_fill(problem, set->q, set->k, set->v, seed, threads);
    if (status != STATUS_OK)
        tensors_free(set);
    return status;
}

void tensors_free(struct tensor_set *set)
{
    free(set->q);
    free(set->k);
    free(set->v);
    free(set->o);
    free(set->log_sum_exp);
    *set = (struct tensor_set){0};
}

struct attention_tensors tensors_view(const struct tensor_set *set)
{
    return (struct attention_tensors){set->q, set->k, set->v, set->o, set->log_sum_exp};
}

void tensors_poison(const struct tensor_set *set)
{
    oracle_poison(set->o, (size_t)attention_q_elements(&set->lengths) * dtype_size(set->lengths.dtype));
    oracle_poison(set->log_sum_exp, (size_t)attention_rows(&set->lengths) * sizeof(float));
}
