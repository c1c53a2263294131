/* Every kernel of the table, on every instruction set of this processor, over the edges: the fixed list and at least
 * 300 seeded draws each. All rows are judged; one thread and two must agree to the bit; nothing beside the outputs and
 * the workspace may be touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_guard.h"
#include "help_problems.h"
#include "kernels/cpu/tile.h"
#include "kernels/judge.h"
#include "kernels/kernel.h"
#include "kernels/roof.h"

enum { DRAWS = 300, JUDGE_THREADS = 2 };

/* Counts the ends of stages as they come. */
struct counting_clock {
    struct stage_clock clock;
    int ends[MAX_LAYERS];
    int beyond; /* indices that no stage has */
};

static void count_end(struct stage_clock *clock, int stage)
{
    struct counting_clock *counting = (struct counting_clock *)clock;
    if (stage >= 0 && stage < MAX_LAYERS)
        counting->ends[stage]++;
    else
        counting->beyond++;
}

struct inputs {
    struct guarded q, k, v;
};

static struct inputs inputs_take(const struct drawn *drawn)
{
    size_t of_q = (size_t)attention_q_elements(&drawn->problem) * sizeof(float);
    size_t of_kv = (size_t)attention_kv_elements(&drawn->problem) * sizeof(float);
    struct inputs inputs = {guarded_take(of_q), guarded_take(of_kv), guarded_take(of_kv)};
    drawn_fill(drawn, inputs.q.bytes, inputs.k.bytes, inputs.v.bytes);
    return inputs;
}

static void inputs_free(struct inputs *inputs)
{
    guarded_free(&inputs->q);
    guarded_free(&inputs->k);
    guarded_free(&inputs->v);
}

struct outputs {
    struct guarded o, log_sum_exp;
};

static void outputs_free(struct outputs *outputs)
{
    guarded_free(&outputs->o);
    guarded_free(&outputs->log_sum_exp);
}

static struct attention_tensors tensors_of(const struct inputs *inputs, const struct outputs *outputs)
{
    return (struct attention_tensors){inputs->q.bytes, inputs->k.bytes, inputs->v.bytes, outputs->o.bytes,
                                      outputs->log_sum_exp.bytes};
}

static void check_stages(const struct kernel *kernel, const struct attention_problem *problem,
                         const struct counting_clock *clock)
{
    struct kernel_stages stages;
    kernel->stages(problem, &stages);
    assert_int_equal(clock->beyond, 0);
    for (int i = 0; i < MAX_LAYERS; i++)
        if ((i < stages.count) != (clock->ends[i] > 0))
            fail_msg("%s: stage %d of %d ended %d times", kernel->name, i, stages.count, clock->ends[i]);
}

/* One launch on fresh, poisoned outputs and workspace. */
static struct outputs run(const struct kernel *kernel, const struct drawn *drawn, const struct inputs *inputs,
                          int threads, bool with_log_sum_exp)
{
    const struct attention_problem *problem = &drawn->problem;
    struct outputs outputs = {guarded_take((size_t)attention_q_elements(problem) * sizeof(float)),
                              guarded_take((size_t)attention_rows(problem) * sizeof(float))};
    struct guarded workspace = guarded_take(kernel->workspace(problem, threads));
    struct attention_tensors tensors = tensors_of(inputs, &outputs);
    struct counting_clock clock = {.clock.end = count_end};
    if (!with_log_sum_exp)
        tensors.log_sum_exp = NULL;
    struct kernel_launch launch = {problem, &tensors, workspace.bytes, threads, &clock.clock};
    char words[256];
    if (kernel->launch(&launch) != STATUS_OK)
        fail_msg("%s failed on %s", kernel->name, drawn_words(drawn, words, sizeof words));
    if (!guarded_intact(&outputs.o) || !guarded_intact(&outputs.log_sum_exp) || !guarded_intact(&workspace))
        fail_msg("%s wrote beside its outputs or workspace, threads %d: %s", kernel->name, threads,
                 drawn_words(drawn, words, sizeof words));
    check_stages(kernel, problem, &clock);
    guarded_free(&workspace);
    return outputs;
}

static void judge(const struct kernel *kernel, const struct drawn *drawn, const struct inputs *inputs,
                  const struct outputs *outputs)
{
    struct attention_tensors tensors = tensors_of(inputs, outputs);
    struct verdict verdict;
    char words[256];
    assert_int_equal(kernel_judge(&drawn->problem, &tensors, INT64_MAX, 1, JUDGE_THREADS, &verdict), STATUS_OK);
    if (!verdict.pass)
        fail_msg("%s (%s) on %s: %s", kernel->name, cpu_isa(), drawn_words(drawn, words, sizeof words),
                 verdict.message);
    assert_int_equal(verdict.rows_compared, attention_rows(&drawn->problem));
}

static void same_bits(const struct kernel *kernel, const struct drawn *drawn, const struct guarded *a,
                      const struct guarded *b, const char *what)
{
    char words[256];
    if (memcmp(a->bytes, b->bytes, a->length) != 0)
        fail_msg("%s (%s): %s on %s", kernel->name, cpu_isa(), what, drawn_words(drawn, words, sizeof words));
}

/* False when the kernel does not do this problem. */
static bool check_drawn(const struct kernel *kernel, const struct drawn *drawn)
{
    if (kernel->unsupported(&drawn->problem))
        return false;
    struct inputs inputs = inputs_take(drawn), untouched = inputs_take(drawn);
    struct outputs one = run(kernel, drawn, &inputs, 1, true);
    struct outputs two = run(kernel, drawn, &inputs, 2, true);
    struct outputs without = run(kernel, drawn, &inputs, 2, false);
    judge(kernel, drawn, &inputs, &one);
    same_bits(kernel, drawn, &one.o, &two.o, "O differs between one thread and two");
    same_bits(kernel, drawn, &one.log_sum_exp, &two.log_sum_exp, "log_sum_exp differs between one thread and two");
    same_bits(kernel, drawn, &one.o, &without.o, "O differs when no log_sum_exp is asked for");
    same_bits(kernel, drawn, &inputs.q, &untouched.q, "Q was written");
    same_bits(kernel, drawn, &inputs.k, &untouched.k, "K was written");
    same_bits(kernel, drawn, &inputs.v, &untouched.v, "V was written");
    inputs_free(&inputs);
    inputs_free(&untouched);
    outputs_free(&one);
    outputs_free(&two);
    outputs_free(&without);
    return true;
}

/* block_sparse asks for a block mask, learned_sparse for one to choose: they get it. */
static bool check(const struct kernel *kernel, const struct drawn *drawn)
{
    if (strcmp(kernel->family, "learned_sparse") == 0) {
        struct drawn chosen = draw_choice_problem(drawn->seed % 100000);
        bool done = check_drawn(kernel, &chosen);
        drawn_free(&chosen);
        return done;
    }
    if (strcmp(kernel->family, "block_sparse") != 0)
        return check_drawn(kernel, drawn);
    struct drawn with = *drawn;
    struct block_mask *blocks = draw_blocks(&drawn->problem, drawn->seed);
    struct diags diags = {0};
    assert_non_null(blocks);
    with.problem.mask.blocks = blocks;
    assert_int_equal(attention_check(&with.problem, &diags), STATUS_OK);
    bool done = check_drawn(kernel, &with);
    block_mask_free(blocks);
    return done;
}

struct subject {
    const struct kernel *kernel;
    const char *isa;
};

static void test_kernel(void **state)
{
    const struct subject *subject = *state;
    assert_int_equal(setenv("FLASHDECK_ISA", subject->isa, 1), 0);
    assert_string_equal(cpu_isa(), subject->isa);
    int fixed = 0, drawn = 0;
    for (int i = 0; i < fixed_problem_count; i++)
        fixed += check(subject->kernel, &fixed_problems[i]);
    assert_true(fixed >= 3);
    for (uint64_t index = 0; drawn < DRAWS; index++) {
        struct drawn problem = draw_problem(index);
        struct diags diags = {0};
        assert_int_equal(attention_check(&problem.problem, &diags), STATUS_OK);
        drawn += check(subject->kernel, &problem);
        assert_true(index < 100 * DRAWS); /* a kernel that refuses nearly everything */
    }
    unsetenv("FLASHDECK_ISA");
}

int main(void)
{
    static const char *const isas[] = {"c", "avx2", "avx512", "neon"};
    enum { ISAS = sizeof isas / sizeof isas[0], MOST = 64 };
    static struct subject subjects[MOST];
    static struct CMUnitTest tests[MOST];
    static char names[MOST][64];
    size_t count = 0;
    for (size_t i = 0; i < ISAS; i++)
        for (size_t k = 0; k < kernel_count && tile_ops_named(isas[i]) && count < MOST; k++) {
            subjects[count] = (struct subject){kernel_table[k], isas[i]};
            snprintf(names[count], sizeof names[count], "%s, %s", kernel_table[k]->name, isas[i]);
            tests[count] = (struct CMUnitTest){names[count], test_kernel, NULL, NULL, &subjects[count]};
            count++;
        }
    return _cmocka_run_group_tests("kernels", tests, count, NULL, NULL);
}
