/* tensors.h - Q, K, V, O and log-sum-exp of the cases that share lengths, made once. */
#ifndef HARNESS_TENSORS_H
#define HARNESS_TENSORS_H

#include "kernels/attention.h"

struct tensor_set {
    struct attention_problem lengths; /* of the first problem that asked; the mask does not matter */
    void *q, *k, *v, *o;              /* of the problem's dtype */
    float *log_sum_exp;
};

/* Bytes of the five; INT64_MAX when they are more. */
int64_t tensors_bytes(const struct attention_problem *problem);
bool tensors_fit(const struct tensor_set *set, const struct attention_problem *problem);
/* Allocates, touches and fills them. STATUS_OK, STATUS_NO_MEMORY (nothing is kept then). */
enum status tensors_make(struct tensor_set *set, const struct attention_problem *problem, uint64_t seed, int threads);
void tensors_free(struct tensor_set *set);
struct attention_tensors tensors_view(const struct tensor_set *set);
/* Poisons the outputs (oracle.h). */
void tensors_poison(const struct tensor_set *set);

#endif
