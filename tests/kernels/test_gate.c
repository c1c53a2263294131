/* The gate and the selectors against plain loops in float64. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_selection.h"
#include "kernels/workload.h"

static void a_gate_starts_from_the_bound(void **state)
{
    (void)state;
    const int64_t each = gate_weights_of_head(D), all = gate_weights(GATE_HEADS, D);
    assert_int_equal(each, D * F + 3 * D * F + 1);
    assert_int_equal(all, GATE_HEADS * each);
    struct guarded room = guarded_take((size_t)all * sizeof(float));
    struct gate gate = {GATE_HEADS, D, 500, room.bytes};
    gate_start(&gate, 7);
    assert_true(guarded_intact(&room));
    double squares = 0;
    for (int64_t i = 0; i < all; i++)
        if (i % each == each - 1)
            assert_true(gate.weights[i] == 1.0f);
        else
            squares += (double)gate.weights[i] * (double)gate.weights[i];
    double deviation = sqrt(squares / (double)(all - GATE_HEADS));
    assert_true(deviation > 0.019 && deviation < 0.021);
    guarded_free(&room);
}

/* log sum over the halves of exp of what no key of the block can pass. */
static double bound_of(const struct pooled *pooled, int64_t i, int64_t j)
{
    double sum = 0;
    for (int64_t h = 0; h < POOL_HALVES; h++) {
        double dot = 0;
        for (int64_t c = 0; c < D; c++) {
            double q = pooled->q_half[(i * POOL_HALVES + h) * D + c];
            dot += fmax(q * pooled->k_bound[j * 2 * D + c], q * pooled->k_bound[(j * 2 + 1) * D + c]);
        }
        sum += exp(dot / sqrt(D));
    }
    return log(sum);
}

/* A block's features, turned to the position of its first token. */
static void features(const float *pools, int64_t inner, const float *weights, int64_t block, double *out)
{
    double plain[F] = {0};
    for (int64_t f = 0; f < F; f++)
        for (int64_t c = 0; c < inner; c++)
            plain[f] += (double)pools[block * inner + c] * (double)weights[c * F + f];
    for (int64_t f = 0; f < F; f++) {
        int64_t pair = f % (F / 2);
        double angle = (double)(block * SELECT_BLOCK) * pow(500, -2.0 * (double)pair / F);
        double other = f < F / 2 ? -plain[f + F / 2] : plain[f - F / 2];
        out[f] = plain[f] * cos(angle) + other * sin(angle);
    }
}

/* Features of both sides; queries apart by sign and the bound's products. */
static void scratch_is_as_much_as_is_written(void **state)
{
    (void)state;
    assert_int_equal(gate_scratch(N, D), 2 * N * F + N * POOL_HALVES * (2 * D + N));
    assert_int_equal(select_scratch(N, D), gate_scratch(N, D));
}

static void gate_scores_are_the_formula(void **state)
{
    const struct world *w = *state;
    struct guarded room, scratch = guarded_take(gate_scratch(N, D) * sizeof(float)),
                         scores = guarded_take(N * N * sizeof(float));
    struct pooled pooled = pool_of(w, 0, 2, &room);
    for (int64_t head = 0; head < GATE_HEADS; head++) {
        const float *weights = w->weights + head * gate_weights_of_head(D);
        gate_scores(&w->gate, head, &pooled, false, scratch.bytes, scores.bytes);
        assert_true(guarded_intact(&scratch) && guarded_intact(&scores));
        for (int64_t i = 0; i < N; i++)
            for (int64_t j = 0; j < N; j++) {
                double a[F], c[F], dot = 0;
                features(pooled.q_plain, D, weights, i, a);
                features(pooled.k_plain, 3 * D, weights + D * F, j, c);
                for (int64_t f = 0; f < F; f++)
                    dot += a[f] * c[f];
                assert_near(((float *)scores.bytes)[i * N + j],
                            dot / sqrt(F) + weights[4 * D * F] * bound_of(&pooled, i, j), "score", i, j);
            }
    }
    guarded_free(&room);
    guarded_free(&scratch);
    guarded_free(&scores);
}

static void turning_back_undoes_turning(void **state)
{
    const struct world *w = *state;
    float *rows = gaussian((int64_t)N * F, 1, 9), *before = gaussian((int64_t)N * F, 1, 9);
    gate_turn(&w->gate, N, false, rows);
    assert_true(fabsf(rows[F] - before[F]) > 1e-3f);
    gate_turn(&w->gate, N, true, rows);
    for (int64_t i = 0; i < (int64_t)N * F; i++)
        assert_near(rows[i], before[i], "feature", i / F, i % F);
    free(rows);
    free(before);
}

static double score_wanted(enum selector selector, const struct pooled *p, const float *mass, int64_t i, int64_t j)
{
    double dot = 0;
    for (int64_t c = 0; c < D; c++) {
        double q = p->q_mean[i * D + c];
        dot += selector == SELECT_MEAN ? q * p->k_mean[j * D + c]
                                       : fmax(q * p->k_bound[j * 2 * D + c], q * p->k_bound[(j * 2 + 1) * D + c]);
    }
    switch (selector) {
    case SELECT_LOCAL:
        return -(double)llabs(i - j);
    case SELECT_A_SHAPE:
        return j == 0 ? 1 : -(double)llabs(i - j);
    case SELECT_HALVES:
        return bound_of(p, i, j);
    case SELECT_MASS:
        return mass[i * N + j];
    default:
        return dot;
    }
}

static void selectors_score_what_they_say(void **state)
{
    const struct world *w = *state;
    static const enum selector selectors[] = {SELECT_LOCAL, SELECT_A_SHAPE, SELECT_MEAN,
                                              SELECT_BOUND, SELECT_HALVES,  SELECT_MASS};
    struct guarded room, scratch = guarded_take(select_scratch(N, D) * sizeof(float)),
                         scores = guarded_take(N * N * sizeof(float));
    float *mass = gaussian((int64_t)N * N, 1, 6);
    struct pooled pooled = pool_of(w, 0, 1, &room);
    struct select_input input = {&pooled, NULL, 0, mass, 12, false};
    for (size_t s = 0; s < 2 * sizeof selectors / sizeof selectors[0]; s++) {
        enum selector selector = selectors[s / 2];
        input.causal = s % 2;
        memset(scores.bytes, 0xff, scores.length);
        select_scores(selector, &input, scratch.bytes, scores.bytes);
        assert_true(guarded_intact(&scratch) && guarded_intact(&scores));
        for (int64_t i = 0; i < N; i++)
            for (int64_t j = 0; j < (input.causal ? i + 1 : N); j++)
                assert_near(((float *)scores.bytes)[i * N + j], score_wanted(selector, &pooled, mass, i, j),
                            selector_row(selector)->name, i, j);
    }
    /* By chance, but by the seed's: workload_random's upper 24 bits. */
    uint64_t random = 12;
    select_scores(SELECT_RANDOM, &input, scratch.bytes, scores.bytes);
    for (int64_t e = 0; e < (int64_t)N * N; e++)
        assert_true(((float *)scores.bytes)[e] == (float)(workload_random(&random) >> 40));
    free(mass);
    guarded_free(&room);
    guarded_free(&scratch);
    guarded_free(&scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_starts_from_the_bound),  cmocka_unit_test(scratch_is_as_much_as_is_written),
        cmocka_unit_test(gate_scores_are_the_formula),   cmocka_unit_test(turning_back_undoes_turning),
        cmocka_unit_test(selectors_score_what_they_say),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
