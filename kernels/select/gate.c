#include "kernels/select/gate.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "kernels/rope.h"
#include "kernels/select/products.h"
#include "kernels/workload.h"

int64_t gate_weights_of_head(int64_t head_dim)
{
    return 4 * head_dim * GATE_FEATURES + 1;
}

int64_t gate_weights(int64_t heads, int64_t head_dim)
{
    return heads * gate_weights_of_head(head_dim);
}

void gate_start(struct gate *gate, uint64_t seed)
{
    int64_t each = gate_weights_of_head(gate->head_dim);
    workload_gaussian(gate->weights, gate_weights(gate->heads, gate->head_dim), 0.02f, seed, 1);
    for (int64_t h = 0; h < gate->heads; h++)
        gate->weights[(h + 1) * each - 1] = 1;
}

size_t gate_scratch(int64_t blocks, int64_t head_dim)
{
    size_t projections = 2 * (size_t)blocks * GATE_FEATURES;
    size_t bounds = (size_t)(blocks * POOL_HALVES) * (size_t)(2 * head_dim + blocks);
    return projections + bounds;
}

void gate_turn(const struct gate *gate, int64_t blocks, bool back, float *rows)
{
    struct rope rope = rope_make(GATE_FEATURES, gate->theta);
    float cosine[GATE_FEATURES / 2], sine[GATE_FEATURES / 2];
    for (int64_t b = 0; b < blocks; b++) {
        rope_angles(&rope, (double)(b * SELECT_BLOCK), cosine, sine);
        (back ? rope_turn_back : rope_turn)(GATE_FEATURES, cosine, sine, rows + b * GATE_FEATURES);
    }
}

static void product(const float *x, const float *w, int64_t rows, int64_t inner, float *out)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, GATE_FEATURES, (int)inner, 1, x, (int)inner, w,
                GATE_FEATURES, 0, out, GATE_FEATURES);
}

void gate_project(const struct gate *gate, int64_t head, const struct pooled *pooled, float *a, float *c)
{
    const float *wq = gate->weights + head * gate_weights_of_head(gate->head_dim);
    const float *wk = wq + gate->head_dim * GATE_FEATURES;
    product(pooled->q_plain, wq, pooled->blocks, pooled->head_dim, a);
    product(pooled->k_plain, wk, pooled->blocks, 3 * pooled->head_dim, c);
    gate_turn(gate, pooled->blocks, false, a);
    gate_turn(gate, pooled->blocks, false, c);
}

void gate_bound(const struct pooled *pooled, bool causal, float *scratch, float *logits)
{
    int64_t n = pooled->blocks, d = pooled->head_dim;
    float *bounds = scratch + n * POOL_HALVES * 2 * d;
    bound_products(pooled->q_half, POOL_HALVES, pooled->k_bound, n, d, 1.0f / sqrtf((float)d), causal, scratch, bounds);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < (causal ? i + 1 : n); j++) {
            float x = bounds[(i * POOL_HALVES) * n + j], y = bounds[(i * POOL_HALVES + 1) * n + j];
            logits[i * n + j] = fmaxf(x, y) + log1pf(expf(-fabsf(x - y)));
        }
}

void gate_scores(const struct gate *gate, int64_t head, const struct pooled *pooled, bool causal, float *scratch,
                 float *scores)
{
    int64_t n = pooled->blocks, each = gate_weights_of_head(gate->head_dim);
    float *a = scratch, *c = a + n * GATE_FEATURES, *rest = c + n * GATE_FEATURES;
    float weight = gate->weights[(head + 1) * each - 1];
    gate_project(gate, head, pooled, a, c);
    gate_bound(pooled, causal, rest, scores);
    block_products(a, 1, c, n, GATE_FEATURES, 1.0f / sqrtf((float)GATE_FEATURES), weight, causal, scores);
}
