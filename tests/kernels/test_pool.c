/* What selection knows of a head, its pools and its mass, against plain loops in float64. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "help_selection.h"
#include "kernels/select/mass.h"

/* Keys turned back: what is pooled of them are those before RoPE. */
static void keys_are_pooled_before_rope(void **state)
{
    const struct world *w = *state;
    struct guarded room;
    struct pooled pooled = pool_of(w, 1, 3, &room);
    for (int64_t b = 0; b < N; b++)
        for (int64_t c = 0; c < D; c++) {
            double sum = 0, most = -INFINITY, least = INFINITY;
            int64_t first = b * SELECT_BLOCK, last = first + SELECT_BLOCK < LENGTH ? first + SELECT_BLOCK : LENGTH;
            for (int64_t i = first; i < last; i++) {
                const float *row = w->k + ((LENGTH + i) * KV_HEADS + 1) * D;
                double cosine = w->cosine[i * D / 2 + c % (D / 2)], sine = w->sine[i * D / 2 + c % (D / 2)];
                double other = c < D / 2 ? row[c + D / 2] : -row[c - D / 2];
                double plain = row[c] * cosine + other * sine;
                sum += plain;
                most = fmax(most, plain);
                least = fmin(least, plain);
            }
            const float *got = pooled.k_plain + b * 3 * D;
            assert_near(got[c], most, "largest key", b, c);
            assert_near(got[D + c], least, "least key", b, c);
            assert_near(got[2 * D + c], sum / (double)(last - first), "mean key", b, c);
        }
    guarded_free(&room);
}

/* Element `c` of query `i` as it was before it was turned. */
static double plain_query(const struct world *w, const float *row, int64_t i, int64_t c)
{
    double cosine = w->cosine[i * D / 2 + c % (D / 2)], sine = w->sine[i * D / 2 + c % (D / 2)];
    double other = c < D / 2 ? row[c + D / 2] : -row[c - D / 2];
    return row[c] * cosine + other * sine;
}

static void assert_pools(const struct world *w, int64_t length)
{
    enum { HEAD = 3, HALF = SELECT_BLOCK / POOL_HALVES };
    struct guarded room;
    struct pooled p = pool_of_first(w, length, 1, HEAD, &room);
    for (int64_t b = 0; b < p.blocks; b++)
        for (int64_t c = 0; c < D; c++) {
            double q_sum = 0, k_sum = 0, plain = 0, halves[POOL_HALVES] = {0}, most = -INFINITY, least = INFINITY;
            int64_t first = b * SELECT_BLOCK, rows = length - first < SELECT_BLOCK ? length - first : SELECT_BLOCK;
            for (int64_t i = first; i < first + rows; i++) {
                const float *q = w->q + ((LENGTH + i) * HEADS + HEAD) * D,
                            *k = w->k + ((LENGTH + i) * KV_HEADS + 1) * D;
                q_sum += q[c];
                k_sum += k[c];
                plain += plain_query(w, q, i, c);
                halves[(i - first) / HALF] += q[c];
                most = fmax(most, k[c]);
                least = fmin(least, k[c]);
            }
            int64_t upper = rows < HALF ? rows : HALF, lower = rows - upper;
            halves[0] /= (double)upper;
            halves[1] = lower ? halves[1] / (double)lower : halves[0];
            assert_near(p.q_mean[b * D + c], q_sum / (double)rows, "mean query", b, c);
            assert_near(p.k_mean[b * D + c], k_sum / (double)rows, "mean key", b, c);
            assert_near(p.q_plain[b * D + c], plain / (double)rows, "mean query before RoPE", b, c);
            for (int64_t h = 0; h < POOL_HALVES; h++)
                assert_near(p.q_half[(b * POOL_HALVES + h) * D + c], halves[h], "half", b, c);
            assert_true(p.k_bound[b * 2 * D + c] == most && p.k_bound[(b * 2 + 1) * D + c] == least);
        }
    guarded_free(&room);
}

/* A last block of any length: where it has no second half, that repeats the first. */
static void pools_are_means_and_bounds(void **state)
{
    static const int64_t lengths[] = {LENGTH, 257, 287, 288, 289, 296, 319, 320, 1, 40};
    assert_int_equal(pooled_floats(LENGTH, D), N * D * (1 + POOL_HALVES + 1 + 2 + 1 + 3));
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        assert_pools(*state, lengths[i]);
}

/* Sums begin at nothing, not at next to nothing. */
static void pools_of_zeros_are_zeros(void **state)
{
    const struct world *w = *state;
    static const float zeros[LENGTH * D];
    struct guarded room = guarded_take(pooled_floats(LENGTH, D) * sizeof(float));
    struct pooled pooled = pooled_in(room.bytes, LENGTH, D);
    pool_head(zeros, D, zeros, D, LENGTH, &w->angles, &pooled);
    for (size_t i = 0; i < pooled_floats(LENGTH, D); i++)
        assert_true(((const float *)room.bytes)[i] == 0);
    guarded_free(&room);
}

static void assert_mass(const struct world *w, int64_t length)
{
    const int64_t n = select_blocks(length);
    struct guarded scratch = guarded_take(mass_scratch(length) * sizeof(float)),
                   mass = guarded_take((size_t)(n * n) * sizeof(float));
    for (int causal = 0; causal < 2; causal++) {
        double expected[N * N] = {0}, weights[LENGTH];
        attention_mass(w->q + D, HEADS * D, w->k, KV_HEADS * D, length, D, 0.4f, causal, scratch.bytes, mass.bytes);
        assert_true(guarded_intact(&scratch) && guarded_intact(&mass));
        for (int64_t i = 0; i < length; i++) {
            int64_t seen = causal ? i + 1 : length, block = i / SELECT_BLOCK, after = length - block * SELECT_BLOCK;
            double sum = 0, rows = after < SELECT_BLOCK ? (double)after : SELECT_BLOCK;
            for (int64_t j = 0; j < seen; j++) {
                double dot = 0;
                for (int64_t c = 0; c < D; c++)
                    dot += (double)w->q[(i * HEADS + 1) * D + c] * (double)w->k[j * KV_HEADS * D + c];
                weights[j] = exp(dot * 0.4);
                sum += weights[j];
            }
            for (int64_t j = 0; j < seen; j++)
                expected[block * n + j / SELECT_BLOCK] += weights[j] / sum / rows;
        }
        for (int64_t e = 0; e < n * n; e++)
            assert_near(((float *)mass.bytes)[e], expected[e], "mass", e / n, e % n);
    }
    guarded_free(&scratch);
    guarded_free(&mass);
}

/* With a last block that is short, and with one that is full. */
static void mass_is_where_the_weights_are(void **state)
{
    assert_mass(*state, LENGTH);
    assert_mass(*state, 5 * SELECT_BLOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_pooled_before_rope),
        cmocka_unit_test(pools_are_means_and_bounds),
        cmocka_unit_test(pools_of_zeros_are_zeros),
        cmocka_unit_test(mass_is_where_the_weights_are),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
