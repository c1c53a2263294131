/* Block masks: what is refused, what they cost, and that the judge sees only what they keep. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/block_mask.h"
#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/workload.h"

static const struct attention_problem base = {
    1, 2, 4, 2, 100, 150, 16, DTYPE_F32, {.window_left = -1, .window_right = -1}, 0.25f};

/* About 40 % of the blocks, and sometimes a row of none. */
static bool scatter(void *context, int64_t mask, int64_t row, int64_t column)
{
    uint64_t state = *(uint64_t *)context + (uint64_t)(mask * 1000003 + row * 1009 + column);
    return (mask + row) % 5 != 3 && workload_random(&state) % 10 < 4;
}

static struct block_mask *make(const struct attention_problem *p, bool each_head)
{
    uint64_t seed = 11;
    struct block_mask *mask =
        block_mask_build(p, 16, 32, each_head ? p->layers * p->batch * p->heads : 1, scatter, &seed);
    assert_non_null(mask);
    return mask;
}

/* The same by looking at every pair. */
static int64_t pairs_by_looking(const struct attention_problem *p, int64_t *seen)
{
    int64_t pairs = 0;
    *seen = 0;
    for (int64_t g = 0; g < p->batch * p->kv_heads; g++)
        for (int64_t j = 0; j < p->len_kv; j++) {
            bool any = false;
            for (int64_t h = 0; h < p->heads / p->kv_heads; h++)
                for (int64_t i = 0; i < p->len_q; i++) {
                    struct key_range keys = attention_keys(p, 0, i);
                    bool kept = j >= keys.first && j < keys.last &&
                                block_mask_keeps(p->mask.blocks, p, 0, g / p->kv_heads,
                                                 g % p->kv_heads * (p->heads / p->kv_heads) + h, i, j);
                    pairs += kept;
                    any |= kept;
                }
            *seen += any;
        }
    return pairs;
}

static void cost_counts_kept_pairs(void **state)
{
    (void)state;
    const struct attention_mask masks[] = {
        {.window_left = -1, .window_right = -1},
        {.causal = true, .window_left = -1, .window_right = -1},
        {.window_left = 20, .window_right = 5},
        {.causal = true, .window_left = 40, .window_right = -1},
    };
    for (int m = 0; m < 8; m++) {
        struct attention_problem p = base;
        p.mask = masks[m / 2];
        struct block_mask *mask = make(&p, m % 2);
        struct diags diags = {0};
        p.mask.blocks = mask;
        assert_int_equal(attention_check(&p, &diags), STATUS_OK);
        int64_t seen, pairs = pairs_by_looking(&p, &seen);
        assert_int_equal(attention_layer_pairs(&p, 0), pairs);
        struct attention_cost cost = attention_cost(&p);
        double rows = (double)(p.batch * p.heads * p.len_q);
        assert_true(cost.flops == 4.0 * 16 * (double)pairs);
        assert_true(cost.bytes == 4.0 * (rows * 33 + 2.0 * 16 * (double)seen));
        block_mask_free(mask);
        diags_free(&diags);
    }
}

static void refuse(void (*spoil)(struct block_mask *mask), const char *words)
{
    struct attention_problem p = base;
    struct block_mask *mask = make(&p, false);
    struct block_mask spoilt = *mask;
    struct diags diags = {0};
    spoil(&spoilt);
    p.mask.blocks = &spoilt;
    assert_int_equal(attention_check(&p, &diags), STATUS_BAD_INPUT);
    assert_non_null(strstr(diags.items[0].what, words));
    block_mask_free(mask);
    diags_free(&diags);
}

static int32_t *list_of(struct block_mask *mask)
{
    return (int32_t *)(uintptr_t)mask->block;
}

/* Where a row with at least two blocks starts. */
static int64_t two_blocks(const struct block_mask *mask)
{
    for (int64_t r = 0; r < mask->rows; r++)
        if (mask->first[r + 1] - mask->first[r] >= 2)
            return mask->first[r];
    fail_msg("no row has two blocks");
    return 0;
}

static void unsorted(struct block_mask *mask)
{
    int64_t at = two_blocks(mask);
    int32_t *list = list_of(mask), swap = list[at];
    list[at] = list[at + 1];
    list[at + 1] = swap;
}

static void doubled(struct block_mask *mask)
{
    int64_t at = two_blocks(mask);
    list_of(mask)[at + 1] = list_of(mask)[at];
}

static void too_high(struct block_mask *mask)
{
    list_of(mask)[mask->entries - 1] = (int32_t)mask->columns;
}

static void negative(struct block_mask *mask)
{
    list_of(mask)[0] = -1;
}

static void falling(struct block_mask *mask)
{
    ((int64_t *)(uintptr_t)mask->first)[1] = mask->entries + 5;
}

static void too_long(struct block_mask *mask)
{
    mask->entries--;
}

static void other_heads(struct block_mask *mask)
{
    mask->count = 3;
}

static void other_length(struct block_mask *mask)
{
    mask->block_kv = 64;
}

static void no_block(struct block_mask *mask)
{
    mask->block_q = 0;
}

static void wrong_masks_are_refused(void **state)
{
    (void)state;
    refuse(unsorted, "is not in rising order");
    refuse(doubled, "is listed twice");
    refuse(too_high, "is out of range");
    refuse(negative, "is out of range");
    refuse(falling, "ends before it starts");
    refuse(too_long, "its list has");
    refuse(other_heads, "3 block masks");
    refuse(other_length, "the block mask has");
    refuse(no_block, "must be 1 or more");
}

/* The row by its formula, over the kept pairs. */
static double output_by_looking(const struct attention_problem *p, const void *const *qkv, int64_t b, int64_t h,
                                int64_t i, int64_t c)
{
    int64_t d = p->head_dim, g = h / (p->heads / p->kv_heads);
    double sum = 0, out = 0;
    for (int64_t j = 0; j < p->len_kv; j++) {
        struct key_range keys = attention_keys(p, 0, i);
        if (j < keys.first || j >= keys.last || !block_mask_keeps(p->mask.blocks, p, 0, b, h, i, j))
            continue;
        int64_t q_at = ((b * p->len_q + i) * p->heads + h) * d, k_at = ((b * p->len_kv + j) * p->kv_heads + g) * d;
        double dot = 0;
        for (int64_t e = 0; e < d; e++)
            dot += (double)element_read(qkv[0], q_at + e, p->dtype) * (double)element_read(qkv[1], k_at + e, p->dtype);
        double weight = exp(dot * (double)p->scale);
        sum += weight;
        out += weight * (double)element_read(qkv[2], k_at + c, p->dtype);
    }
    return sum > 0 ? out / sum : 0;
}

/* The judge passes outputs that are right, in every dtype, and fails one that is off by a few steps. */
static void the_judge_sees_kept_keys_only(void **state)
{
    (void)state;
    for (int dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++) {
        struct attention_problem p = base;
        struct block_mask *mask = make(&p, true);
        p.mask = (struct attention_mask){.causal = true, .window_left = -1, .window_right = -1, .blocks = mask};
        p.dtype = (enum dtype)dtype;
        size_t of_q = (size_t)attention_q_elements(&p), of_kv = (size_t)attention_kv_elements(&p);
        float *q = malloc(of_q * 4), *k = malloc(of_kv * 4), *v = malloc(of_kv * 4), *o = malloc(of_q * 4);
        assert_true(q && k && v && o);
        assert_int_equal(workload_fill(&p, q, k, v, 3, 1), STATUS_OK);
        const void *qkv[] = {q, k, v};
        for (size_t at = 0; at < of_q; at++) {
            int64_t token = (int64_t)at / (p.heads * p.head_dim);
            o[at] = (float)output_by_looking(&p, qkv, token / p.len_q, (int64_t)at / p.head_dim % p.heads,
                                             token % p.len_q, (int64_t)at % p.head_dim);
        }
        elements_from_floats(o, o, (int64_t)of_q, p.dtype);
        struct attention_tensors tensors = {q, k, v, o, NULL};
        struct verdict verdict;
        assert_int_equal(oracle_judge(&p, &tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
        assert_true(verdict.pass);
        assert_true(verdict.max_error <= 2 * element_epsilon(p.dtype));
        float wrong = element_read(o, 777, p.dtype) + 0.1f;
        if (p.dtype == DTYPE_F32)
            o[777] = wrong;
        else
            ((uint16_t *)o)[777] = element_bits(wrong, p.dtype);
        assert_int_equal(oracle_judge(&p, &tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
        assert_false(verdict.pass);
        oracle_poison((char *)o + 777 * dtype_size(p.dtype) / 4 * 4, 4);
        assert_int_equal(oracle_judge(&p, &tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
        assert_non_null(strstr(verdict.message, "never written"));
        free(q);
        free(k);
        free(v);
        free(o);
        block_mask_free(mask);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cost_counts_kept_pairs),
        cmocka_unit_test(wrong_masks_are_refused),
        cmocka_unit_test(the_judge_sees_kept_keys_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
