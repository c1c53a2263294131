#include "kernels/workload.h"

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

void workload_fill(const struct attention_problem *problem, float *q, float *k, float *v, uint64_t seed, int threads)
{
    uint64_t state = seed;
    uint64_t seeds[3] = {workload_random(&state), workload_random(&state), workload_random(&state)};
    workload_gaussian(q, attention_q_elements(problem), 1.0f, seeds[0], threads);
    workload_gaussian(k, attention_kv_elements(problem), 1.0f, seeds[1], threads);
    workload_gaussian(v, attention_kv_elements(problem), 1.0f, seeds[2], threads);
}
