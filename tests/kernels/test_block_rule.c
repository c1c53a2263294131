/* Block masks by rule: labels there and back, and what is listed, held against the rule's words pair by pair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/block_rule.h"

static void labels_go_there_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct block_rule rule;
        const char *other;
    } good[] = {
        {"causal_a1_8_b64", {BLOCKS_A_SHAPE, {1, 8}, 64}, "causal"},
        {"full_a0_1_b1", {BLOCKS_A_SHAPE, {0, 1}, 1}, "full"},
        {"causal_l8_b64", {BLOCKS_LOCAL, {8, 0}, 64}, "causal"},
        {"w64_64_g3_l2_b128", {BLOCKS_LOCAL, {2, 0}, 128}, "w64_64_g3"},
        {"causal_w255_d4_8_b64", {BLOCKS_DILATED, {4, 8}, 64}, "causal_w255"},
        {"causal_g10_b64", {BLOCKS_GATE, {10, 0}, 64}, "causal"},
        {"full_r0_s0_b16", {BLOCKS_RANDOM, {0, 0}, 16}, "full"},
        {"causal_r100_s12345_b96", {BLOCKS_RANDOM, {100, 12345}, 96}, "causal"},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct attention_mask mask = {.causal = true}, other;
        struct block_rule rule = {0};
        struct block_mask blocks = {.block_q = 1};
        char label[64];
        assert_true(block_rule_parse(good[i].label, &mask, &rule));
        assert_true(attention_mask_parse(good[i].other, &other));
        assert_true(rule.kind == good[i].rule.kind && rule.block == good[i].rule.block);
        assert_memory_equal(rule.numbers, good[i].rule.numbers, sizeof rule.numbers);
        assert_true(mask.causal == other.causal && mask.window_left == other.window_left &&
                    mask.window_right == other.window_right && mask.global_every == other.global_every);
        assert_null(mask.blocks);
        block_rule_label(&rule, blocks.label, sizeof blocks.label);
        mask.blocks = &blocks;
        attention_mask_label(&mask, label, sizeof label);
        assert_string_equal(label, good[i].label);
    }
}

static void what_is_no_label_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "causal",
        "a1_8_b64",
        "_a1_8_b64",
        "causal_",
        "causal_a1_8",
        "causal_a1_b64",
        "causal_a1_8_b",
        "causal_a1_8_b0",
        "causal_a1_0_b64",
        "causal_a1_8_b64_",
        "causal_a1_8_b64x",
        "causal_a01_8_b64",
        "causal_a1_8_b064",
        "causal_a-1_8_b64",
        "causal_a1_8_b999999999",
        "causal_a1_8_b99999999999999999999",
        "causal_l0_b64",
        "causal_l_b64",
        "causal_l8_b64_g3",
        "causal_d0_8_b64",
        "causal_d4_0_b64",
        "causal_r101_s1_b64",
        "causal_g0_b64",
        "causal_g101_b64",
        "causal_g10_b32",
        "causal_g10_s1_b64",
        "causal_r10_b64",
        "causal_r10_1_b64",
        "causal_x1_b64",
        "causl_l8_b64",
        "causal_l8_b64_l8_b64",
        "causal l8_b64",
        "causal_w12345678901234567890123456789012345678901234567890123456789012345678_l8_b64",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct attention_mask mask = {.window_left = 77};
        struct block_rule rule = {.block = 77};
        if (block_rule_parse(bad[i], &mask, &rule))
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(mask.window_left, 77);
        assert_int_equal(rule.block, 77);
    }
    char small[6] = "xxxxx";
    const struct block_rule rule = {BLOCKS_A_SHAPE, {1, 8}, 64};
    block_rule_label(&rule, small, sizeof small);
    assert_string_equal(small, "a1_8_");
}

/* The rule, from the header's words: `near` blocks from the nearest that holds a key of the queries' own. */
static bool by_words(const struct block_rule *rule, int64_t near, int64_t column)
{
    switch (rule->kind) {
    case BLOCKS_LOCAL:
        return near <= rule->numbers[0] - 1;
    case BLOCKS_A_SHAPE:
        return near <= rule->numbers[1] - 1 || column <= rule->numbers[0] - 1;
    case BLOCKS_DILATED:
        return near <= rule->numbers[0] - 1 || near % rule->numbers[1] == 0;
    default:
        return false;
    }
}

/* Looks for the nearest own key of any query of the row, one by one. */
static int64_t nearest(const struct attention_problem *p, int64_t block, int64_t row, int64_t column, bool *behind)
{
    int64_t least = INT64_MAX;
    *behind = true; /* all keys of the column lie behind all of the queries' own blocks */
    for (int64_t i = row * block; i < (row + 1) * block && i < p->len_q; i++) {
        int64_t key = i + p->len_kv - p->len_q, own = key >= 0 ? key / block : -((-key + block - 1) / block);
        int64_t far = column > own ? column - own : own - column;
        *behind = *behind && column > own;
        least = far < least ? far : least;
    }
    return least;
}

static void what_is_listed_is_what_the_words_say(void **state)
{
    (void)state;
    static const int64_t lengths[][2] = {{64, 64}, {63, 65}, {1, 200}, {200, 30}, {17, 80}, {8, 8}};
    static const struct block_rule rules[] = {
        {BLOCKS_LOCAL, {1, 0}, 16},  {BLOCKS_LOCAL, {3, 0}, 8},    {BLOCKS_A_SHAPE, {1, 2}, 16},
        {BLOCKS_A_SHAPE, {0, 2}, 8}, {BLOCKS_A_SHAPE, {3, 1}, 10}, {BLOCKS_DILATED, {1, 3}, 8},
        {BLOCKS_DILATED, {2, 4}, 7},
    };
    for (size_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++)
        for (size_t r = 0; r < 2 * sizeof rules / sizeof rules[0]; r++) {
            const struct block_rule *rule = &rules[r / 2];
            struct attention_problem p = {
                1, 2, 2, 1, lengths[n][0], lengths[n][1], 8, DTYPE_F32, {r % 2, -1, -1, 0, NULL}, 1};
            struct diags diags = {0};
            struct block_mask *mask;
            assert_int_equal(block_rule_build(rule, &p, &mask, &diags), STATUS_OK);
            p.mask.blocks = mask;
            assert_int_equal(attention_check(&p, &diags), STATUS_OK);
            assert_int_equal(mask->count, 1);
            for (int64_t row = 0; row < mask->rows; row++)
                for (int64_t column = 0; column < mask->columns; column++) {
                    bool behind;
                    int64_t near = nearest(&p, rule->block, row, column, &behind);
                    bool want = by_words(rule, near, column) && !(p.mask.causal && behind);
                    if (block_mask_keeps(mask, &p, 0, 0, 0, row * rule->block, column * rule->block) != want)
                        fail_msg("rule %zu, %lld x %lld, row %lld, column %lld: %d is wanted", r, (long long)p.len_q,
                                 (long long)p.len_kv, (long long)row, (long long)column, want);
                }
            block_mask_free(mask);
        }
}

static struct block_mask *by_chance(int64_t percent, int64_t seed, bool causal)
{
    struct attention_problem p = {1, 1, 1, 1, 1600, 1600, 8, DTYPE_F32, {causal, -1, -1, 0, NULL}, 1};
    const struct block_rule rule = {BLOCKS_RANDOM, {percent, seed}, 16};
    struct block_mask *mask;
    struct diags diags = {0};
    assert_int_equal(block_rule_build(&rule, &p, &mask, &diags), STATUS_OK);
    for (int64_t row = 0; row < 100; row++)
        assert_true(block_mask_keeps(mask, &p, 0, 0, 0, row * 16, row * 16)); /* the queries' own, always */
    return mask;
}

static void chance_keeps_about_its_share(void **state)
{
    (void)state;
    struct block_mask *none = by_chance(0, 1, false), *all = by_chance(100, 1, false),
                      *causal = by_chance(100, 1, true);
    assert_int_equal(none->entries, 100);
    assert_int_equal(all->entries, 100 * 100);
    assert_int_equal(causal->entries, 100 * 101 / 2);
    struct block_mask *one = by_chance(20, 1, false), *same = by_chance(20, 1, false), *other = by_chance(20, 2, false);
    assert_true(one->entries > 1800 && one->entries < 2360); /* 2080, four deviations of 40 and more */
    assert_int_equal(one->entries, same->entries);
    assert_memory_equal(one->block, same->block, (size_t)one->entries * sizeof *one->block);
    assert_true(one->entries != other->entries ||
                memcmp(one->block, other->block, (size_t)one->entries * sizeof *one->block) != 0);
    struct block_mask *const masks[] = {none, all, causal, one, same, other};
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++)
        block_mask_free(masks[i]);
}

static void too_many_blocks_are_refused(void **state)
{
    (void)state;
    struct attention_problem p = {1, 1, 1, 1, 1 << 20, 1 << 20, 8, DTYPE_F32, {false, -1, -1, 0, NULL}, 1};
    const struct block_rule rule = {BLOCKS_LOCAL, {1, 0}, 1};
    struct block_mask *mask;
    struct diags diags = {0};
    assert_int_equal(block_rule_build(&rule, &p, &mask, &diags), STATUS_BAD_INPUT);
    assert_null(mask);
    assert_non_null(strstr(diags.items[0].what, "1048576 x 1048576 blocks"));
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_go_there_and_back),
        cmocka_unit_test(what_is_no_label_is_refused),
        cmocka_unit_test(what_is_listed_is_what_the_words_say),
        cmocka_unit_test(chance_keeps_about_its_share),
        cmocka_unit_test(too_many_blocks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
