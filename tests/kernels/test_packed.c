/* Packed sequences: each comes out bit by bit as if it stood alone; starts that make no sense are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/oracle.h"
#include "kernels/packed.h"
#include "kernels/workload.h"

static const int64_t starts[] = {0, 1, 1, 130, 131, 700, 764, 764}; /* two are empty, one at the end */
static const struct packed packed = {starts, 7};
enum { TOKENS = 764, LAYERS = 4, HEADS = 2, D = 16 };

static const struct attention_problem stack = {
    LAYERS, 1, HEADS, 1, TOKENS, TOKENS, D, DTYPE_F32, {.window_left = 64, .window_right = 64, .global_every = 3},
    0.25f};

static const struct kernel *choose(const struct attention_problem *part)
{
    bool window = part->mask.window_left >= 0 || part->mask.window_right >= 0;
    return kernel_find(window ? "sliding" : "flash", "cpu");
}

static void *take(size_t bytes)
{
    void *memory = NULL;
    assert_int_equal(posix_memalign(&memory, 64, bytes ? bytes : 64), 0);
    return memory;
}

static void every_sequence_is_alone(void **state)
{
    (void)state;
    int64_t of_q = attention_q_elements(&stack), of_kv = attention_kv_elements(&stack), rows = attention_rows(&stack);
    float *q = take((size_t)of_q * 4), *k = take((size_t)of_kv * 4), *v = take((size_t)of_kv * 4);
    float *o = take((size_t)of_q * 4), *lse = take((size_t)rows * 4);
    struct attention_tensors tensors = {q, k, v, o, lse};
    assert_int_equal(workload_fill(&stack, q, k, v, 5, 1), STATUS_OK);
    oracle_poison(o, (size_t)of_q * 4);
    oracle_poison(lse, (size_t)rows * 4);
    void *workspace = take(packed_workspace(&stack, &packed, choose, 2));
    struct kernel_launch launch = {&stack, &tensors, workspace, 2, NULL};
    assert_int_equal(packed_run(&launch, &packed, choose), STATUS_OK);
    for (int64_t layer = 0; layer < LAYERS; layer++)
        for (int64_t s = 0; s < packed.count; s++) {
            struct attention_problem part = packed_part(&stack, &packed, s, layer);
            assert_true((part.mask.window_left < 0) == (layer % 3 == 0));
            if (part.len_q == 0)
                continue;
            int64_t token = layer * TOKENS + starts[s];
            struct attention_tensors own = {q + token * HEADS * D, k + token * D, v + token * D, o + token * HEADS * D,
                                            lse + token * HEADS};
            struct verdict verdict;
            assert_int_equal(oracle_judge(&part, &own, INT64_MAX, 1, 1, &verdict), STATUS_OK);
            if (!verdict.pass)
                fail_msg("layer %d, sequence %d: %s", (int)layer, (int)s, verdict.message);
            /* Alone, in tensors of its own. */
            float *alone = take((size_t)attention_q_elements(&part) * 4);
            struct attention_tensors single = own;
            single.o = alone;
            single.log_sum_exp = NULL;
            struct kernel_launch one = {&part, &single, workspace, 1, NULL};
            assert_int_equal(choose(&part)->launch(&one), STATUS_OK);
            assert_memory_equal(alone, own.o, (size_t)attention_q_elements(&part) * 4);
            free(alone);
        }
    free(q);
    free(k);
    free(v);
    free(o);
    free(lse);
    free(workspace);
}

static void refuse(const int64_t *wrong, int64_t count, const char *words)
{
    struct diags diags = {0};
    struct packed bad = {wrong, count};
    assert_int_equal(packed_check(&bad, TOKENS, &diags), STATUS_BAD_INPUT);
    assert_non_null(strstr(diags.items[0].what, words));
    diags_free(&diags);
}

static void wrong_starts_are_refused(void **state)
{
    (void)state;
    struct diags diags = {0};
    assert_int_equal(packed_check(&packed, TOKENS, &diags), STATUS_OK);
    assert_int_equal(packed_longest(&packed), 569);
    refuse((const int64_t[]){0, 700, 600, TOKENS}, 3, "before it starts");
    refuse((const int64_t[]){5, TOKENS}, 1, "not at 0");
    refuse((const int64_t[]){0, TOKENS + 1}, 1, "the tensors have 764 tokens");
    refuse((const int64_t[]){0, 10}, 1, "ends at 10");
    refuse((const int64_t[]){0}, 0, "no sequence");
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence_is_alone),
        cmocka_unit_test(wrong_starts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
