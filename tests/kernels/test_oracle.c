/* The judge itself: its numbers against a computation of another shape, and its verdict over outputs broken on
 * purpose. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_guard.h"
#include "help_problems.h"
#include "kernels/oracle.h"

static int64_t at_q(const struct attention_problem *p, int64_t l, int64_t b, int64_t i, int64_t h)
{
    return (((l * p->batch + b) * p->len_q + i) * p->heads + h) * p->head_dim;
}

static int64_t at_kv(const struct attention_problem *p, int64_t l, int64_t b, int64_t j, int64_t g)
{
    return (((l * p->batch + b) * p->len_kv + j) * p->kv_heads + g) * p->head_dim;
}

static long double logit(const struct attention_problem *p, const float *q, const float *k)
{
    long double dot = 0;
    for (int64_t c = 0; c < p->head_dim; c++)
        dot += (long double)q[c] * (long double)k[c];
    return dot * (long double)p->scale;
}

/* One row from the formula alone: weights are exp(s_j - s_t) summed against the row's own key t, in extended
 * precision, key by key with no maximum taken. */
static void plain_row(const struct attention_problem *p, const struct attention_tensors *t, int64_t l, int64_t b,
                      int64_t h, int64_t i, long double *out, long double *lse)
{
    const float *q = (const float *)t->q + at_q(p, l, b, i, h);
    int64_t g = h / (p->heads / p->kv_heads);
    struct key_range keys = attention_keys(p, l, i);
    long double sum = 0;
    for (int64_t c = 0; c < p->head_dim; c++)
        out[c] = 0;
    for (int64_t j = keys.first; j < keys.last; j++) {
        long double weight = expl(logit(p, q, (const float *)t->k + at_kv(p, l, b, j, g)));
        const float *v = (const float *)t->v + at_kv(p, l, b, j, g);
        sum += weight;
        for (int64_t c = 0; c < p->head_dim; c++)
            out[c] += weight * (long double)v[c];
    }
    for (int64_t c = 0; c < p->head_dim && keys.last > keys.first; c++)
        out[c] /= sum;
    *lse = keys.last > keys.first ? logl(sum) : -INFINITY;
}

struct case_tensors {
    struct guarded q, k, v, o, lse;
    struct attention_tensors view;
};

/* Inputs of a problem, and outputs that are right to the last bit of float32. */
static struct case_tensors take(const struct drawn *drawn)
{
    const struct attention_problem *p = &drawn->problem;
    size_t of_q = (size_t)attention_q_elements(p) * 4, of_kv = (size_t)attention_kv_elements(p) * 4;
    struct case_tensors t = {guarded_take(of_q), guarded_take(of_kv), guarded_take(of_kv), guarded_take(of_q),
                             guarded_take((size_t)attention_rows(p) * 4)};
    drawn_fill(drawn, t.q.bytes, t.k.bytes, t.v.bytes);
    t.view = (struct attention_tensors){t.q.bytes, t.k.bytes, t.v.bytes, t.o.bytes, t.lse.bytes};
    return t;
}

static void give_back(struct case_tensors *t)
{
    guarded_free(&t->q);
    guarded_free(&t->k);
    guarded_free(&t->v);
    guarded_free(&t->o);
    guarded_free(&t->lse);
}

/* Calls `each` for every row of the problem. */
static void for_rows(const struct attention_problem *p, struct case_tensors *t,
                     void (*each)(const struct attention_problem *, struct case_tensors *, int64_t, int64_t, int64_t,
                                  int64_t))
{
    for (int64_t l = 0; l < p->layers; l++)
        for (int64_t b = 0; b < p->batch; b++)
            for (int64_t h = 0; h < p->heads; h++)
                for (int64_t i = 0; i < p->len_q; i++)
                    each(p, t, l, b, h, i);
}

static void write_row(const struct attention_problem *p, struct case_tensors *t, int64_t l, int64_t b, int64_t h,
                      int64_t i)
{
    long double out[MAX_HEAD_DIM], lse;
    plain_row(p, &t->view, l, b, h, i, out, &lse);
    for (int64_t c = 0; c < p->head_dim; c++)
        ((float *)t->o.bytes)[at_q(p, l, b, i, h) + c] = (float)out[c];
    ((float *)t->lse.bytes)[((l * p->batch + b) * p->heads + h) * p->len_q + i] = (float)lse;
}

static void compare_row(const struct attention_problem *p, struct case_tensors *t, int64_t l, int64_t b, int64_t h,
                        int64_t i)
{
    long double expected[MAX_HEAD_DIM], expected_lse;
    double out[MAX_HEAD_DIM], lse, *scratch = malloc((size_t)p->len_kv * sizeof *scratch);
    assert_non_null(scratch);
    plain_row(p, &t->view, l, b, h, i, expected, &expected_lse);
    oracle_row(p, &t->view, l, b, h, i, scratch, out, &lse);
    for (int64_t c = 0; c < p->head_dim; c++)
        assert_true(fabsl((long double)out[c] - expected[c]) <= 1e-12L);
    if (isinf((double)expected_lse))
        assert_true(lse == -INFINITY);
    else
        assert_true(fabsl((long double)lse - expected_lse) <= 1e-11L);
    free(scratch);
}

static void test_rows_against_the_formula(void **state)
{
    (void)state;
    for (int i = 0; i < fixed_problem_count; i++) {
        struct case_tensors t = take(&fixed_problems[i]);
        for_rows(&fixed_problems[i].problem, &t, compare_row);
        give_back(&t);
    }
}

/* Two keys, by hand: logits 0 and ln 3, so weights 1/4 and 3/4. */
static void test_a_row_by_hand(void **state)
{
    (void)state;
    float q[8] = {1}, k[16] = {0}, v[16] = {0}, o[8], lse;
    k[8] = 1.0986123f;
    v[0] = 4;
    v[8] = 8;
    v[1] = -4;
    struct attention_problem p = {1, 1, 1, 1, 1, 2, 8, DTYPE_F32, {false, -1, -1, 0}, 1.0f};
    struct attention_tensors t = {q, k, v, o, &lse};
    double scratch[2], out[8], log_sum_exp;
    oracle_row(&p, &t, 0, 0, 0, 0, scratch, out, &log_sum_exp);
    assert_true(fabs(out[0] - 7) < 1e-6);
    assert_true(fabs(out[1] + 1) < 1e-6);
    assert_true(out[2] == 0);
    assert_true(fabs(log_sum_exp - log(4)) < 1e-6);
}

static struct verdict judge(const struct attention_problem *p, const struct case_tensors *t, int64_t rows, int threads)
{
    struct verdict verdict;
    assert_int_equal(oracle_judge(p, &t->view, rows, 1, threads, &verdict), STATUS_OK);
    return verdict;
}

static void test_right_outputs_pass(void **state)
{
    (void)state;
    for (int i = 0; i < fixed_problem_count; i++) {
        const struct attention_problem *p = &fixed_problems[i].problem;
        struct case_tensors t = take(&fixed_problems[i]);
        for_rows(p, &t, write_row);
        struct verdict one = judge(p, &t, INT64_MAX, 1), two = judge(p, &t, INT64_MAX, 2);
        if (!one.pass)
            fail_msg("problem %d: %s", i, one.message);
        assert_int_equal(one.rows_compared, attention_rows(p));
        assert_int_equal(one.rows_total, attention_rows(p));
        assert_true(one.max_error == two.max_error && one.tolerance == two.tolerance);
        assert_true(one.max_error <= one.tolerance);
        give_back(&t);
    }
}

/* The problem that the breaking is done on: grouped heads, several sequences, rows without keys. */
static const struct drawn broken = {
    {2, 2, 4, 2, 12, 9, 16, DTYPE_F32, {.causal = true, .window_left = 5, .window_right = -1}, 0.25f},
    INPUT_GAUSSIAN,
    7};

/* Every single element, one after another, set to something wrong: the judge must see each. */
static void every_element(struct guarded *outputs, struct case_tensors *t, float (*spoil)(float))
{
    float *values = outputs->bytes;
    for (size_t e = 0; e < outputs->length / 4; e++) {
        float right = values[e];
        values[e] = spoil(right);
        struct verdict verdict = judge(&broken.problem, t, INT64_MAX, 1);
        if (verdict.pass || verdict.message[0] == '\0')
            fail_msg("element %zu is %g instead of %g and nobody noticed", e, (double)values[e], (double)right);
        values[e] = right;
    }
    assert_true(judge(&broken.problem, t, INT64_MAX, 1).pass);
}

static float off_by_little(float x)
{
    return x == -INFINITY ? -1e30f : x + 1e-4f;
}

static float not_a_number(float x)
{
    (void)x;
    return NAN;
}

static float infinite(float x)
{
    (void)x;
    return INFINITY;
}

static float never_written(float x)
{
    oracle_poison(&x, sizeof x);
    return x;
}

static void test_each_wrong_element_fails(void **state)
{
    (void)state;
    float (*const spoils[])(float) = {off_by_little, not_a_number, infinite, never_written};
    struct case_tensors t = take(&broken);
    for_rows(&broken.problem, &t, write_row);
    for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
        every_element(&t.o, &t, spoils[i]);
        every_element(&t.lse, &t, spoils[i]);
    }
    give_back(&t);
}

/* Outputs of another problem: swapped heads, a mask off by one, a scale forgotten. */
static void test_wrong_computations_fail(void **state)
{
    (void)state;
    const struct attention_problem right = {1, 1, 4, 2, 64, 64, 16, DTYPE_F32, {true, -1, -1, 0}, 0.25f};
    struct attention_problem wrongs[] = {right, right, right, right};
    wrongs[0].scale = 0.2501f;
    wrongs[1].mask = (struct attention_mask){false, -1, -1, 0};
    wrongs[2].mask = (struct attention_mask){false, -1, 1, 0};
    wrongs[3].mask = (struct attention_mask){true, 62, -1, 0}; /* the last row misses one key */
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        struct drawn drawn = {wrongs[i], INPUT_GAUSSIAN, 3};
        struct case_tensors t = take(&drawn);
        for_rows(&wrongs[i], &t, write_row);
        assert_true(judge(&wrongs[i], &t, INT64_MAX, 1).pass);
        if (judge(&right, &t, INT64_MAX, 1).pass)
            fail_msg("wrong computation %zu passed", i);
        give_back(&t);
    }
}

static void test_messages_say_where(void **state)
{
    (void)state;
    const struct attention_problem *p = &broken.problem;
    struct case_tensors t = take(&broken);
    for_rows(p, &t, write_row);
    float *o = t.o.bytes;
    o[at_q(p, 1, 0, 11, 2) + 5] += 1.0f;
    assert_non_null(strstr(judge(p, &t, INT64_MAX, 1).message, "O[layer 1, batch 0, row 11, head 2, column 5]"));
    oracle_poison(&o[at_q(p, 1, 0, 11, 2) + 5], 4);
    assert_non_null(strstr(judge(p, &t, INT64_MAX, 1).message, "never written"));
    give_back(&t);
}

/* A few rows only: the first and last rows of heads are among them, and unwritten elements are seen anywhere. */
static void test_some_rows(void **state)
{
    (void)state;
    const struct drawn drawn = {{1, 1, 2, 1, 300, 300, 8, DTYPE_F32, {true, -1, -1, 0}, 0.35f}, INPUT_GAUSSIAN, 9};
    const struct attention_problem *p = &drawn.problem;
    struct case_tensors t = take(&drawn);
    for_rows(p, &t, write_row);
    float *o = t.o.bytes;
    struct verdict verdict = judge(p, &t, 20, 2);
    assert_true(verdict.pass);
    assert_int_equal(verdict.rows_compared, 20);
    assert_int_equal(verdict.rows_total, 600);
    const int64_t edges[] = {0, 299};
    for (int64_t h = 0; h < 2; h++)
        for (int e = 0; e < 2; e++) {
            float *spoilt = &o[at_q(p, 0, 0, edges[e], h)], kept = *spoilt;
            *spoilt += 0.1f;
            assert_false(judge(p, &t, 20, 2).pass);
            *spoilt = kept;
        }
    oracle_poison(&o[at_q(p, 0, 0, 150, 1)], 4);
    assert_false(judge(p, &t, 1, 2).pass);
    give_back(&t);
}

static void test_no_log_sum_exp(void **state)
{
    (void)state;
    struct case_tensors t = take(&broken);
    for_rows(&broken.problem, &t, write_row);
    t.view.log_sum_exp = NULL;
    struct verdict verdict = judge(&broken.problem, &t, INT64_MAX, 1);
    assert_true(verdict.pass);
    assert_true(verdict.max_error_lse == 0);
    give_back(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_against_the_formula),
        cmocka_unit_test(test_a_row_by_hand),
        cmocka_unit_test(test_right_outputs_pass),
        cmocka_unit_test(test_each_wrong_element_fails),
        cmocka_unit_test(test_wrong_computations_fail),
        cmocka_unit_test(test_messages_say_where),
        cmocka_unit_test(test_some_rows),
        cmocka_unit_test(test_no_log_sum_exp),
    };
    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
