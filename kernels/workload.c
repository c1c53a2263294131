#include "kernels/workload.h"

#include <stdlib.h>

#include "kernels/element.h"

enum { BLOCK = 4096 };

uint64_t workload_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

float workload_normal(uint64_t *state)
{
    /* Twelve uniforms of 16 bits: their sum fits an integer exactly, and so does the float that it becomes. */
    int32_t sum = 0;
    for (int i = 0; i < 3; i++) {
        uint64_t bits = workload_random(state);
        for (int j = 0; j < 4; j++)
            sum += (int32_t)(bits >> (16 * j) & 0xffff);
    }
    return (float)(2 * sum - 12 * 65535) * (1.0f / 131072.0f);
}

void workload_gaussian(float *values, int64_t count, float deviation, uint64_t seed, int threads)
{
    int64_t blocks = (count + BLOCK - 1) / BLOCK;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t block = 0; block < blocks; block++) {
        uint64_t state = seed ^ ((uint64_t)block * 0xd1342543de82ef95u);
        state = workload_random(&state);
        int64_t end = (block + 1) * BLOCK < count ? (block + 1) * BLOCK : count;
        for (int64_t i = block * BLOCK; i < end; i++)
            values[i] = deviation * workload_normal(&state);
    }
}

/* One tensor; `floats` is room for it in float32, or NULL when that is what it is. */
static void fill(void *tensor, int64_t count, enum dtype dtype, float *floats, uint64_t seed, int threads)
{
    workload_gaussian(floats ? floats : tensor, count, 1.0f, seed, threads);
    if (floats)
        elements_from_floats(tensor, floats, count, dtype);
}

enum status workload_fill(const struct attention_problem *problem, void *q, void *k, void *v, uint64_t seed,
                          int threads)
{
    uint64_t state = seed;
    uint64_t seeds[3] = {workload_random(&state), workload_random(&state), workload_random(&state)};
    int64_t of_q = attention_q_elements(problem), of_kv = attention_kv_elements(problem);
    float *floats = NULL;
    if (problem->dtype != DTYPE_F32) {
        floats = malloc((size_t)(of_q > of_kv ? of_q : of_kv) * sizeof *floats);
        if (!floats)
            return STATUS_NO_MEMORY;
    }
    fill(q, of_q, problem->dtype, floats, seeds[0], threads);
    fill(k, of_kv, problem->dtype, floats, seeds[1], threads);
    fill(v, of_kv, problem->dtype, floats, seeds[2], threads);
    free(floats);
    return STATUS_OK;
}
