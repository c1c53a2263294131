/* What learned_sparse chooses in the simulator, block by block: of equal scores the nearest, and else the very list
 * that the CPU's kernel chooses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/help_problems.h"
#include "kernels/kernel.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

enum { D = 8, HEADS = 2 };

static struct drawn problem_of(int64_t length, bool causal, enum input_kind input)
{
    struct attention_mask mask = {.causal = causal, .window_left = -1, .window_right = -1};
    struct drawn drawn = {{1, 1, HEADS, 1, length, length, D, DTYPE_F32, mask, 0.2f}, input, 5};
    return drawn;
}

static void run(struct simt *simt, const struct drawn *drawn, float *q, float *k, float *v)
{
    struct simt_attention got;
    drawn_fill(drawn, q, k, v);
    if (simt_attend(simt, find_kernel("learned_sparse"), &drawn->problem, q, k, v, &got) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
}

static float *floats(const struct drawn *drawn)
{
    float *values = malloc((size_t)attention_q_elements(&drawn->problem) * sizeof *values);
    assert_non_null(values);
    return values;
}

static void of_equal_scores_the_nearest(void **state)
{
    /* 1, 8, 35 and 66 blocks: a warp walks along a row 32 at a time. */
    static const struct {
        int64_t length;
        double density;
    } rows[] = {{64, 0.3}, {500, 0.3}, {2200, 0.1}, {4224, 0.05}};
    for (size_t l = 0; l < sizeof rows / sizeof rows[0]; l++) {
        struct drawn drawn = problem_of(rows[l].length, true, INPUT_ZERO);
        struct block_mask *mask = choice_mask(&drawn.problem, NULL, rows[l].density);
        float *q = floats(&drawn), *k = floats(&drawn), *v = floats(&drawn);
        assert_non_null(mask);
        drawn.problem.mask.blocks = mask;
        run(*state, &drawn, q, k, v);
        for (int64_t row = 0; row < mask->count * mask->rows; row++)
            for (int64_t n = mask->first[row]; n < mask->first[row + 1]; n++)
                assert_int_equal(mask->block[n], row % mask->rows - (mask->first[row + 1] - 1 - n));
        drawn_free(&drawn);
        free(q);
        free(k);
        free(v);
    }
}

/* All keys alike, and a gate of nothing but the bound: every row's scores are equal, whatever their lowest bit. */
static void of_equal_scores_of_any_value(void **state)
{
    float weights[D * 4 * GATE_FEATURES + 1] = {0}, v[500 * D] = {0};
    weights[D * 4 * GATE_FEATURES] = 1;
    const struct gate gate = {1, D, 10000, weights};
    struct drawn drawn = problem_of(500, true, INPUT_GAUSSIAN);
    drawn.problem.heads = 1;
    struct block_mask *mask = choice_mask(&drawn.problem, &gate, 0.4);
    float *q = floats(&drawn), *k = floats(&drawn);
    assert_non_null(mask);
    workload_gaussian(q, (int64_t)500 * D, 1, 6, 1);
    for (int i = 0; i < 500 * D; i++)
        k[i] = 0.3f + 0.1f * (float)(i % D);
    drawn.problem.mask.blocks = mask;
    struct simt_attention got;
    if (simt_attend(*state, find_kernel("learned_sparse"), &drawn.problem, q, k, v, &got) != STATUS_OK)
        fail_msg("%s", simt_fault(*state)->message);
    for (int64_t row = 0; row < mask->rows; row++)
        for (int64_t n = mask->first[row]; n < mask->first[row + 1]; n++)
            assert_int_equal(mask->block[n], row - (mask->first[row + 1] - 1 - n));
    drawn_free(&drawn);
    free(q);
    free(k);
}

/* Blocks 1 and 4 hold a key that is no number: their scores are none, and they are kept for their own queries only. */
static void what_is_no_number_comes_last(void **state)
{
    enum { LENGTH = 8 * 64 };
    struct drawn drawn = problem_of(LENGTH, false, INPUT_GAUSSIAN);
    struct block_mask *mask = choice_mask(&drawn.problem, NULL, 0.7); /* 6 of 8 */
    float *q = floats(&drawn), *k = floats(&drawn), *v = floats(&drawn);
    assert_non_null(mask);
    drawn.problem.mask.blocks = mask;
    drawn_fill(&drawn, q, k, v);
    for (int c = 0; c < D; c++)
        k[(64 + 5) * D + c] = k[(4 * 64 + 40) * D + c] = NAN;
    struct simt_attention got;
    if (simt_attend(*state, find_kernel("learned_sparse"), &drawn.problem, q, k, v, &got) != STATUS_OK)
        fail_msg("%s", simt_fault(*state)->message);
    for (int64_t row = 0; row < mask->count * mask->rows; row++)
        for (int64_t n = mask->first[row]; n < mask->first[row + 1]; n++)
            assert_true((mask->block[n] != 1 && mask->block[n] != 4) || mask->block[n] == row % mask->rows);
    drawn_free(&drawn);
    free(q);
    free(k);
    free(v);
}

static void the_list_of_the_cpu(void **state)
{
    const struct kernel *cpu = kernel_find("learned_sparse", "cpu");
    static const int64_t lengths[] = {33, 500, 2200, 4224};
    for (int n = 0; n < 7; n++) {
        struct drawn drawn = problem_of(lengths[n / 2], n % 2, INPUT_GAUSSIAN);
        /* Of the longest a thin one: what is attended to costs most. */
        struct block_mask *mask =
            n < 6 ? draw_choice(&drawn.problem, 40 + (uint64_t)n) : choice_mask(&drawn.problem, NULL, 0.08);
        float *q = floats(&drawn), *k = floats(&drawn), *v = floats(&drawn), *o = floats(&drawn);
        assert_non_null(mask);
        drawn.problem.mask.blocks = mask;
        run(*state, &drawn, q, k, v);
        int32_t *list = malloc((size_t)mask->entries * sizeof *list);
        void *workspace = aligned_alloc(64, (cpu->workspace(&drawn.problem, 1) + 63) / 64 * 64);
        assert_true(list && workspace);
        memcpy(list, mask->block, (size_t)mask->entries * sizeof *list);
        struct attention_tensors tensors = {q, k, v, o, NULL};
        struct kernel_launch launch = {&drawn.problem, &tensors, workspace, 1, NULL};
        assert_int_equal(cpu->launch(&launch), STATUS_OK);
        for (int64_t i = 0; i < mask->entries; i++)
            if (mask->block[i] != list[i])
                fail_msg("problem %d: entry %lld is block %d in the simulator, %d on the CPU", n, (long long)i, list[i],
                         mask->block[i]);
        drawn_free(&drawn);
        free(list);
        free(workspace);
        free(q);
        free(k);
        free(v);
        free(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_equal_scores_of_any_value), cmocka_unit_test(what_is_no_number_comes_last),
        cmocka_unit_test(of_equal_scores_the_nearest), cmocka_unit_test(the_list_of_the_cpu)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
