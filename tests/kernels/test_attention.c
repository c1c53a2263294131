/* The problem by formula against the definition in attention.h, counted key by key. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "help_problems.h"
#include "kernels/attention.h"

static const struct attention_problem plain = {
    1, 1, 4, 2, 100, 120, 64, DTYPE_F32, {.window_left = -1, .window_right = -1}, 0.125f};

/* The definition, word for word. */
static bool kept(const struct attention_problem *p, int64_t layer, int64_t i, int64_t j)
{
    bool global = p->mask.global_every > 0 && layer % p->mask.global_every == 0;
    int64_t left = global ? -1 : p->mask.window_left, right = global ? -1 : p->mask.window_right;
    int64_t position = i + p->len_kv - p->len_q;
    if (p->mask.causal && j > position)
        return false;
    /* As differences: p + window may pass 63 bits. */
    return (left < 0 || position - j <= left) && (p->mask.causal || right < 0 || j - position <= right);
}

/* What the mask keeps in a layer, found by looking at every pair. */
struct counted {
    int64_t pairs, seen;
};

static struct counted count_layer(const struct attention_problem *p, int64_t layer)
{
    struct counted counted = {0, 0};
    for (int64_t j = 0; j < p->len_kv; j++) {
        int64_t rows = 0;
        for (int64_t i = 0; i < p->len_q; i++)
            rows += kept(p, layer, i, j);
        counted.pairs += rows;
        counted.seen += rows > 0;
    }
    return counted;
}

static void check_keys(const struct attention_problem *p, int64_t layer, int64_t i)
{
    struct key_range keys = attention_keys(p, layer, i);
    assert_true(keys.first >= 0 && keys.first <= keys.last && keys.last <= p->len_kv);
    for (int64_t j = 0; j < p->len_kv; j++)
        if (kept(p, layer, i, j) != (j >= keys.first && j < keys.last))
            fail_msg("layer %lld row %lld key %lld: range [%lld, %lld)", (long long)layer, (long long)i, (long long)j,
                     (long long)keys.first, (long long)keys.last);
}

static void check_formulas(const struct attention_problem *p)
{
    double flops = 0, bytes = 0;
    double d = (double)p->head_dim, batch = (double)p->batch, heads = (double)p->heads;
    for (int64_t layer = 0; layer < p->layers; layer++) {
        for (int64_t i = 0; i < p->len_q; i++)
            check_keys(p, layer, i);
        struct counted counted = count_layer(p, layer);
        assert_int_equal(attention_pairs(p, layer), counted.pairs);
        flops += 4 * d * (double)counted.pairs * batch * heads;
        bytes += 4 * batch * (heads * (double)p->len_q * (2 * d + 1) + 2 * d * (double)(counted.seen * p->kv_heads));
    }
    struct attention_cost cost = attention_cost(p);
    assert_true(cost.flops == flops);
    assert_true(cost.bytes == bytes);
}

static void test_masks_by_brute_force(void **state)
{
    (void)state;
    for (int i = 0; i < fixed_problem_count; i++)
        check_formulas(&fixed_problems[i].problem);
    for (uint64_t index = 0; index < 500; index++) {
        struct drawn drawn = draw_problem(index);
        check_formulas(&drawn.problem);
    }
}

static void test_cost_of_known_problems(void **state)
{
    (void)state;
    struct attention_problem p = plain;
    p.len_q = p.len_kv = 1024;
    assert_int_equal(attention_pairs(&p, 0), 1024 * 1024);
    assert_true(attention_cost(&p).flops == 4.0 * 1024 * 1024 * 64 * 4);
    assert_true(attention_cost(&p).bytes == 4.0 * (2.0 * 1024 * 4 * 64 + 2.0 * 1024 * 2 * 64 + 1024 * 4));
    p.mask.causal = true;
    assert_int_equal(attention_pairs(&p, 0), 1024 * 1025 / 2);
    p.mask.window_left = 255; /* 256 keys a row, fewer in the first 255 rows */
    assert_int_equal(attention_pairs(&p, 0), 1024 * 256 - 255 * 256 / 2);
    p.dtype = DTYPE_BF16;
    assert_true(attention_cost(&p).bytes == 2.0 * (2.0 * 1024 * 4 * 64 + 2.0 * 1024 * 2 * 64) + 4.0 * 1024 * 4);
}

static void test_elements(void **state)
{
    (void)state;
    struct attention_problem p = plain;
    p.layers = 3;
    p.batch = 5;
    assert_int_equal(attention_rows(&p), 3 * 5 * 4 * 100);
    assert_int_equal(attention_q_elements(&p), 3 * 5 * 4 * 100 * 64);
    assert_int_equal(attention_kv_elements(&p), 3 * 5 * 2 * 120 * 64);
    assert_int_equal(dtype_size(DTYPE_F32), 4);
    assert_int_equal(dtype_size(DTYPE_BF16), 2);
    assert_int_equal(dtype_size(DTYPE_F16), 2);
    assert_string_equal(dtype_name(DTYPE_F32), "f32");
    assert_string_equal(dtype_name(DTYPE_BF16), "bf16");
    assert_string_equal(dtype_name(DTYPE_F16), "f16");
}

static bool says(const struct diags *diags, const char *word)
{
    for (size_t i = 0; i < diags->count; i++)
        if (strstr(diags->items[i].what, word))
            return true;
    return false;
}

static void test_all_faults_at_once(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct attention_problem p = {0, -1, 0, 0, 0, -7, 0, DTYPE_F32, {false, -2, -9, -1}, NAN};
    assert_int_equal(attention_check(&p, &diags), STATUS_BAD_INPUT);
    static const char *const words[] = {"layers", "batch",    "heads",  "kv_heads",     "len_q",
                                        "len_kv", "head_dim", "window", "global_every", "scale"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!says(&diags, words[i]))
            fail_msg("no fault speaks of %s", words[i]);
    assert_int_equal(diags.errors, 10);
    diags_free(&diags);

    p = (struct attention_problem){MAX_LAYERS + 1, 1, 3, 2, 8, 8, 260, DTYPE_F32, {false, -1, -1, 0}, INFINITY};
    assert_int_equal(attention_check(&p, &diags), STATUS_BAD_INPUT);
    assert_int_equal(diags.errors, 4); /* layers, head_dim, kv_heads, scale */
    assert_true(says(&diags, "does not divide"));
    diags_free(&diags);
}

/* Each fault by itself is found, and what stands beside it is not blamed. */
static void test_single_faults(void **state)
{
    (void)state;
    static const struct {
        struct attention_problem problem;
        enum status status;
    } cases[] = {
        {{1, 1, 1, 1, 1, 1, 8, DTYPE_F32, {false, -1, -1, 0}, 0}, STATUS_OK},
        {{64, 1, 6, 3, 1, 1, 256, DTYPE_F32, {true, 0, 0, 64}, -1e30f}, STATUS_OK},
        {{1, 1, 1, 1, 1, 1, 256, DTYPE_F32, {false, INT64_MAX, INT64_MAX, 0}, 1}, STATUS_OK},
        {{1, 1, 1, 1, 1, 1, 12, DTYPE_F32, {false, -1, -1, 0}, 1}, STATUS_BAD_INPUT},
        {{1, 1, 1, 1, 1, 1, 264, DTYPE_F32, {false, -1, -1, 0}, 1}, STATUS_BAD_INPUT},
        {{1, 1, 2, 4, 1, 1, 8, DTYPE_F32, {false, -1, -1, 0}, 1}, STATUS_BAD_INPUT},
        {{1, 1, 1, 1, 1, 1, 8, DTYPE_F32, {false, -2, -1, 0}, 1}, STATUS_BAD_INPUT},
        {{1, 1, 1, 1, 1, 1, 8, DTYPE_F32, {false, -1, -2, 0}, 1}, STATUS_BAD_INPUT},
        {{1, 1, 1, 1, 1, 1, 8, DTYPE_F32, {false, -1, -1, -1}, 1}, STATUS_BAD_INPUT},
        {{1, 1, 1, 1, 1, 1, 8, DTYPE_F32, {false, -1, -1, 0}, -INFINITY}, STATUS_BAD_INPUT},
        {{1, INT64_MAX, 1, 1, 4, 4, 8, DTYPE_F32, {false, -1, -1, 0}, 1}, STATUS_BAD_INPUT},
        {{1, 1, 1, 1, 1, INT64_MAX / 8, 8, DTYPE_F32, {false, -1, -1, 0}, 1}, STATUS_BAD_INPUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diags diags = {0};
        if (attention_check(&cases[i].problem, &diags) != cases[i].status)
            fail_msg("case %zu was judged otherwise", i);
        assert_int_equal(diags.errors, cases[i].status == STATUS_OK ? 0 : 1);
        diags_free(&diags);
    }
}

static void test_known_labels(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct attention_mask mask;
    } cases[] = {
        {"full", {false, -1, -1, 0}},       {"causal", {true, -1, -1, 0}},    {"w255_0", {false, 255, 0, 0}},
        {"w64_inf", {false, 64, -1, 0}},    {"winf_64", {false, -1, 64, 0}},  {"causal_w255", {true, 255, -1, 0}},
        {"w64_64_g3", {false, 64, 64, 3}},  {"causal_g2", {true, -1, -1, 2}}, {"full_g1", {false, -1, -1, 1}},
        {"causal_w0_g3", {true, 0, -1, 3}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char label[64];
        struct attention_mask mask;
        attention_mask_label(&cases[i].mask, label, sizeof label);
        assert_string_equal(label, cases[i].label);
        assert_true(attention_mask_parse(label, &mask));
        assert_memory_equal(&mask.window_left, &cases[i].mask.window_left, 2 * sizeof(int64_t));
        assert_int_equal(mask.causal, cases[i].mask.causal);
        assert_int_equal(mask.global_every, cases[i].mask.global_every);
    }
}

/* Any drawn mask's label names a mask that keeps the same keys. */
static void test_labels_keep_their_meaning(void **state)
{
    (void)state;
    for (uint64_t index = 0; index < 500; index++) {
        struct drawn drawn = draw_problem(index);
        struct attention_problem again = drawn.problem;
        char label[96];
        attention_mask_label(&drawn.problem.mask, label, sizeof label);
        assert_true(attention_mask_parse(label, &again.mask));
        for (int64_t layer = 0; layer < again.layers; layer++)
            for (int64_t i = 0; i < again.len_q; i++) {
                struct key_range a = attention_keys(&drawn.problem, layer, i), b = attention_keys(&again, layer, i);
                assert_int_equal(a.first, b.first);
                assert_int_equal(a.last, b.last);
            }
    }
}

static void test_wrong_labels(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "",      "ful",    "fulll",   "causal_", "causal_w", "w",      "w_",        "w1",        "w1_",   "w-1_2",
        "w1_2_", "w1_2_g", "w1_2_g0", "causalx", "Causal",   "w1_2_3", "full_g999", "full_ginf", "w 1_2", "causal_w1x"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct attention_mask mask = {true, 11, 12, 13};
        if (attention_mask_parse(labels[i], &mask))
            fail_msg("\"%s\" was taken for a mask", labels[i]);
        assert_true(mask.causal && mask.window_left == 11 && mask.window_right == 12 && mask.global_every == 13);
    }
}

static void test_short_buffer(void **state)
{
    (void)state;
    struct attention_mask mask = {true, 255, -1, 3};
    char label[8] = "xxxxxxx";
    attention_mask_label(&mask, label, 5);
    assert_string_equal(label, "caus");
    assert_int_equal(label[5], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_masks_by_brute_force),
        cmocka_unit_test(test_cost_of_known_problems),
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_all_faults_at_once),
        cmocka_unit_test(test_single_faults),
        cmocka_unit_test(test_known_labels),
        cmocka_unit_test(test_labels_keep_their_meaning),
        cmocka_unit_test(test_wrong_labels),
        cmocka_unit_test(test_short_buffer),
    };
    return cmocka_run_group_tests_name("attention", tests, NULL, NULL);
}
