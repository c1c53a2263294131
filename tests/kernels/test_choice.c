/* Blocks that a kernel chooses: what the judge of a choice finds wrong, what no gate can choose for, and a gate of
 * fewer heads than the problem. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/block_rule.h"
#include "kernels/judge.h"
#include "kernels/kernel.h"
#include "kernels/select/choice.h"
#include "kernels/workload.h"

enum { N = 500, HEADS = 3, D = 32 };

static struct attention_problem problem_of(bool causal)
{
    return (struct attention_problem){
        1, 1, HEADS, HEADS, N, N, D, DTYPE_F32, {.causal = causal, .window_left = -1, .window_right = -1}, 0.2f};
}

/* A problem with a chosen mask, run once by the CPU's kernel. */
struct run {
    struct attention_problem problem;
    struct attention_tensors tensors;
    struct block_mask *mask;
    void *workspace;
};

static struct run run_it(bool causal, const struct gate *gate, double density)
{
    struct run run = {.problem = problem_of(causal)};
    const struct kernel *kernel = kernel_find("learned_sparse", "cpu");
    size_t bytes = (size_t)(N * HEADS * D) * sizeof(float);
    float *q = malloc(bytes), *k = malloc(bytes), *v = malloc(bytes);
    run.tensors = (struct attention_tensors){q, k, v, malloc(bytes), malloc((size_t)(N * HEADS) * sizeof(float))};
    assert_true(q && k && v && run.tensors.o && run.tensors.log_sum_exp);
    assert_int_equal(workload_fill(&run.problem, q, k, v, 7, 1), STATUS_OK);
    run.mask = choice_mask(&run.problem, gate, density);
    assert_non_null(run.mask);
    run.problem.mask.blocks = run.mask;
    assert_null(kernel->unsupported(&run.problem));
    run.workspace = aligned_alloc(64, (kernel->workspace(&run.problem, 1) + 63) / 64 * 64);
    struct kernel_launch launch = {&run.problem, &run.tensors, run.workspace, 1, NULL};
    assert_int_equal(kernel->launch(&launch), STATUS_OK);
    return run;
}

static void run_free(struct run *run)
{
    free((void *)(uintptr_t)run->tensors.q);
    free((void *)(uintptr_t)run->tensors.k);
    free((void *)(uintptr_t)run->tensors.v);
    free(run->tensors.o);
    free(run->tensors.log_sum_exp);
    free(run->workspace);
    block_mask_free(run->mask);
}

static struct verdict judged(const struct run *run)
{
    struct verdict verdict;
    assert_int_equal(kernel_judge(&run->problem, &run->tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
    return verdict;
}

static void a_choice_is_judged(void **state)
{
    (void)state;
    for (int causal = 0; causal < 2; causal++) {
        struct run run = run_it(causal, NULL, 0.3);
        int32_t *row = (int32_t *)(uintptr_t)run.mask->block + run.mask->first[run.mask->rows - 1], kept[8];
        int64_t count = run.mask->first[run.mask->rows] - run.mask->first[run.mask->rows - 1];
        assert_int_equal(count, 3); /* of 8 blocks */
        assert_true(judged(&run).pass);
        memcpy(kept, row, (size_t)count * sizeof *kept);

        /* Another block in the place of one that was chosen. */
        bool found = false;
        for (int32_t other = 0; other < 7; other++) {
            if (other == kept[0] || other == kept[1])
                continue;
            row[0] = other < kept[1] ? other : kept[1];
            row[1] = other < kept[1] ? kept[1] : other;
            struct verdict verdict = judged(&run);
            assert_false(verdict.pass);
            found |= strstr(verdict.message, "leaves out one of") != NULL;
        }
        assert_true(found);
        memcpy(row, kept, (size_t)count * sizeof *kept);
        assert_true(judged(&run).pass);

        /* Two in the wrong order; its own block left out; one that does not exist. */
        row[0] = kept[1];
        row[1] = kept[0];
        assert_non_null(strstr(judged(&run).message, "head 0, row 7 of blocks: its blocks do not rise"));
        memcpy(row, (const int32_t[]){0, 1, 2}, sizeof(int32_t[3]));
        assert_non_null(strstr(judged(&run).message, "the block of its own keys is left out"));
        memcpy(row, kept, (size_t)count * sizeof *kept);
        row[2] = 8;
        assert_non_null(strstr(judged(&run).message, "beyond what it may see"));
        run_free(&run);
    }
}

/* Head h looks with head h % heads of the gate. */
static void a_gate_of_fewer_heads_is_used_in_turn(void **state)
{
    (void)state;
    struct gate gate = {.heads = 2, .head_dim = D, .theta = 10000};
    int64_t each = gate_weights_of_head(D);
    gate.weights = malloc((size_t)gate_weights(2, D) * sizeof(float));
    assert_non_null(gate.weights);
    gate_start(&gate, 3);
    for (int64_t i = 0; i < each - 1; i++) /* the second head's features decide alone, and loudly */
        gate.weights[each + i] *= 100;
    gate.weights[2 * each - 1] = 0;
    struct run two = run_it(true, &gate, 0.3);
    assert_true(judged(&two).pass);
    float *first = malloc((size_t)each * sizeof *first);
    assert_non_null(first);
    memcpy(first, gate.weights, (size_t)each * sizeof *first);
    struct gate one = {.heads = 1, .head_dim = D, .theta = 10000, .weights = first};
    struct run single = run_it(true, &one, 0.3);
    const int64_t *places = two.mask->first;
    int64_t rows = two.mask->rows, end_of_first = places[rows], end_of_second = places[2 * rows];
    size_t a_head = (size_t)end_of_first * sizeof(int32_t);
    assert_memory_equal(two.mask->block, single.mask->block, a_head);
    assert_memory_equal(two.mask->block + end_of_second, single.mask->block + end_of_second, a_head);
    assert_int_not_equal(memcmp(two.mask->block + end_of_first, single.mask->block + end_of_first, a_head), 0);
    run_free(&two);
    run_free(&single);
    free(gate.weights);
    free(first);
}

static void what_no_gate_can_choose_for_is_refused(void **state)
{
    (void)state;
    struct attention_problem bad[] = {problem_of(true), problem_of(true), problem_of(true), problem_of(true)};
    const struct block_rule rule = {BLOCKS_GATE, {10, 0}, 64};
    bad[0].layers = 2;
    bad[1].len_q = N - 1;
    bad[2].mask.window_left = 100;
    bad[3].mask.window_right = 100;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct block_mask *mask;
        struct diags diags = {0};
        assert_non_null(choice_unsupported(&bad[i]));
        assert_int_equal(block_rule_build(&rule, &bad[i], &mask, &diags), STATUS_BAD_INPUT);
        assert_int_equal(diags.errors, 1);
        assert_null(mask);
        diags_free(&diags);
    }
}

/* Those who take block masks leave one that is not chosen yet to the one who chooses, and he takes no other. */
static void a_chosen_mask_has_one_kernel(void **state)
{
    (void)state;
    struct attention_problem p = problem_of(true);
    struct diags diags = {0};
    struct block_mask *mask;
    const struct block_rule gate = {BLOCKS_GATE, {10, 0}, 64}, local = {BLOCKS_LOCAL, {2, 0}, 64};
    assert_int_equal(block_rule_build(&gate, &p, &mask, &diags), STATUS_OK);
    p.mask.blocks = mask;
    assert_int_equal(attention_check(&p, &diags), STATUS_OK);
    for (size_t i = 0; i < kernel_count; i++)
        assert_true((kernel_table[i]->unsupported(&p) == NULL) ==
                    (strcmp(kernel_table[i]->name, "learned_sparse") == 0));
    block_mask_free(mask);
    assert_int_equal(block_rule_build(&local, &p, &mask, &diags), STATUS_OK);
    p.mask.blocks = mask;
    assert_non_null(kernel_find("learned_sparse", "cpu")->unsupported(&p));
    p.mask.blocks = NULL;
    assert_non_null(kernel_find("learned_sparse", "cpu")->unsupported(&p));
    block_mask_free(mask);
}

/* How many pairs are kept is known before the choice where causal: what a plan says of cost holds. */
static void the_example_costs_what_the_choice_does(void **state)
{
    (void)state;
    for (int percent = 5; percent <= 100; percent += 19) {
        struct attention_problem p = problem_of(true);
        struct block_mask *mask = choice_mask(&p, NULL, percent / 100.0);
        assert_non_null(mask);
        p.mask.blocks = mask;
        int64_t before = attention_layer_pairs(&p, 0);
        struct run run = run_it(true, NULL, percent / 100.0);
        assert_int_equal(attention_layer_pairs(&run.problem, 0), before);
        run_free(&run);
        block_mask_free(mask);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_is_judged),
        cmocka_unit_test(a_gate_of_fewer_heads_is_used_in_turn),
        cmocka_unit_test(what_no_gate_can_choose_for_is_refused),
        cmocka_unit_test(a_chosen_mask_has_one_kernel),
        cmocka_unit_test(the_example_costs_what_the_choice_does),
    };
    return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
