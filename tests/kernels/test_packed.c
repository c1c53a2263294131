/* Packed sequences: each comes out bit by bit as if it stood alone; starts that make no sense are refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/oracle.h"
#include "kernels/packed.h"
#include "kernels/workload.h"

static const int64_t starts[] = {0, 1, 1, 130, 131, 700, 720, 721, 764, 764}; /* two are empty, one at the end */
static const struct packed packed = {starts, 9}; /* for 2 threads many, for 3 few: shared out, or each shared */
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
    assert_int_equal(packed_run(&launch, &packed, choose, NULL), STATUS_OK);
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
    /* Shared by three threads each, where two had sequences of their own. */
    float *shared = take((size_t)of_q * 4), *shared_lse = take((size_t)rows * 4);
    void *room = take(packed_workspace(&stack, &packed, choose, 3));
    struct attention_tensors others = {q, k, v, shared, shared_lse};
    launch = (struct kernel_launch){&stack, &others, room, 3, NULL};
    assert_int_equal(packed_run(&launch, &packed, choose, NULL), STATUS_OK);
    assert_memory_equal(shared, o, (size_t)of_q * 4);
    assert_memory_equal(shared_lse, lse, (size_t)rows * 4);
    void *const all[] = {q, k, v, o, lse, workspace, shared, shared_lse, room};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
}

static const struct kernel *choose_what_refuses(const struct attention_problem *part)
{
    (void)part;
    return kernel_find("sliding", "cpu"); /* also for the global layers, which have no window */
}

static void a_kernel_that_cannot_is_told(void **state)
{
    (void)state;
    int64_t of_q = attention_q_elements(&stack);
    float *zeros = take((size_t)of_q * 4), *o = take((size_t)of_q * 4);
    memset(zeros, 0, (size_t)of_q * 4);
    for (int threads = 2; threads <= 3; threads++) {
        struct attention_tensors tensors = {zeros, zeros, zeros, o, NULL};
        void *workspace = take(packed_workspace(&stack, &packed, choose_what_refuses, threads));
        struct kernel_launch launch = {&stack, &tensors, workspace, threads, NULL};
        assert_int_equal(packed_run(&launch, &packed, choose_what_refuses, NULL), STATUS_UNSUPPORTED);
        free(workspace);
    }
    free(zeros);
    free(o);
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

/* float64, angles and all. */
static double turned(const float *row, int64_t j, int64_t position, double theta)
{
    int64_t half = D / 2, pair = j % half;
    double angle = (double)position * pow(theta, -2.0 * (double)pair / D), a = row[pair], b = row[pair + half];
    return j < half ? a * cos(angle) - b * sin(angle) : b * cos(angle) + a * sin(angle);
}

struct heard {
    struct stage_clock clock;
    int count, stages[2 * LAYERS];
};

static void hear(struct stage_clock *clock, int stage)
{
    struct heard *heard = (struct heard *)clock;
    assert_true(heard->count < 2 * LAYERS);
    heard->stages[heard->count++] = stage;
}

/* Q and K of each sequence are turned from its own position 0 on, by the layer's own theta; and what then runs attends
 * to them. */
static void rope_is_turned_in_each_sequence(void **state)
{
    (void)state;
    enum { LONGEST = 569 };
    size_t of_q = (size_t)attention_q_elements(&stack), of_kv = (size_t)attention_kv_elements(&stack);
    float *q = take(of_q * 4), *k = take(of_kv * 4), *v = take(of_kv * 4), *o = take(of_q * 4), *again = take(of_q * 4);
    float *angles = take((size_t)2 * LONGEST * D * 4), *plain = take(of_q * 4);
    struct rope global = rope_make(D, 160000), local = rope_make(D, 10000);
    struct packed_rope rope = {rope_table(&global, LONGEST, angles), rope_table(&local, LONGEST, angles + LONGEST * D),
                               take(of_q / LAYERS * 4), take(of_kv / LAYERS * 4)};
    assert_int_equal(workload_fill(&stack, q, k, v, 9, 1), STATUS_OK);
    memcpy(plain, q, of_q * 4);
    double worst = 0;
    for (int64_t layer = 0; layer < LAYERS; layer++) {
        double theta = layer % 3 == 0 ? 160000 : 10000;
        const struct angles *table = layer % 3 == 0 ? &rope.global : &rope.local;
        packed_turn(&stack, &packed, layer, q, k, &rope, 2);
        for (int64_t s = 0; s < packed.count; s++)
            for (int64_t token = starts[s]; token < starts[s + 1]; token++)
                for (int64_t head = 0; head <= HEADS; head++) { /* the last is K's only one */
                    int64_t position = token - starts[s], in_q = (token * HEADS + head) * D;
                    const float *got = head < HEADS ? rope.q + in_q : rope.k + token * D;
                    float *from =
                        head < HEADS ? q + layer * TOKENS * HEADS * D + in_q : k + (layer * TOKENS + token) * D;
                    for (int64_t j = 0; j < D; j++)
                        worst = fmax(worst, fabs((double)got[j] - turned(from, j, position, theta)));
                    /* Bit by bit as the one that turns in place; and back. */
                    float row[D];
                    memcpy(row, from, sizeof row);
                    rope_turn(D, table->cosine + position * (D / 2), table->sine + position * (D / 2), row);
                    assert_memory_equal(row, got, sizeof row);
                    rope_turn_back(D, table->cosine + position * (D / 2), table->sine + position * (D / 2), row);
                    for (int64_t j = 0; j < D; j++)
                        assert_true(fabsf(row[j] - from[j]) < 2e-6f);
                }
    }
    assert_true(worst < 1e-6); /* of numbers up to 5 */

    /* The whole run, against turning first and running then. */
    struct heard heard = {.clock = {hear}};
    struct attention_tensors tensors = {q, k, v, o, NULL};
    void *workspace = take(packed_workspace(&stack, &packed, choose, 2));
    struct kernel_launch launch = {&stack, &tensors, workspace, 2, &heard.clock};
    assert_int_equal(packed_run(&launch, &packed, choose, &rope), STATUS_OK);
    assert_int_equal(heard.count, 2 * LAYERS);
    for (int layer = 0; layer < LAYERS; layer++) {
        assert_int_equal(heard.stages[2 * layer], LAYERS + layer);
        assert_int_equal(heard.stages[2 * layer + 1], layer);
    }
    assert_memory_equal(q, plain, of_q * 4); /* a second run turns the same numbers */
    for (int64_t layer = 0; layer < LAYERS; layer++) {
        packed_turn(&stack, &packed, layer, q, k, &rope, 1);
        memcpy(q + layer * TOKENS * HEADS * D, rope.q, of_q / LAYERS * 4);
        memcpy(k + layer * TOKENS * D, rope.k, of_kv / LAYERS * 4);
    }
    tensors.o = again;
    launch.clock = NULL;
    assert_int_equal(packed_run(&launch, &packed, choose, NULL), STATUS_OK);
    assert_memory_equal(o, again, of_q * 4);
    float *const all[] = {q, k, v, o, again, angles, plain, rope.q, rope.k, workspace};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
}

static const struct kernel *choose_none(const struct attention_problem *part)
{
    (void)part;
    fail_msg("a kernel was asked for");
    return NULL;
}

/* Before any kernel is asked for, and nothing is written. */
static void wrong_starts_do_not_run(void **state)
{
    (void)state;
    static const int64_t falling[] = {0, 700, 600, TOKENS}, late[] = {5, TOKENS}, beyond[] = {0, TOKENS + 1};
    const struct packed wrong[] = {{falling, 3}, {late, 1}, {beyond, 1}};
    struct attention_tensors tensors = {0};
    struct kernel_launch launch = {&stack, &tensors, NULL, 2, NULL};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(packed_run(&launch, &wrong[i], choose_none, NULL), STATUS_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence_is_alone),      cmocka_unit_test(wrong_starts_are_refused),
        cmocka_unit_test(a_kernel_that_cannot_is_told), cmocka_unit_test(rope_is_turned_in_each_sequence),
        cmocka_unit_test(wrong_starts_do_not_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
