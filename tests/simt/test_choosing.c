/* What the stages of learned_sparse hand on, against the CPU's functions: pools, features and scores, value by value,
 * over lengths with one tile of blocks and with several, the last of them short. And the formulas that the counts of
 * bytes do not check: FLOPs and the workspace. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/element.h"
#include "kernels/help_problems.h"
#include "kernels/rope.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

enum { F = GATE_FEATURES };

/* 4 query heads on 2. */
static struct attention_problem problem_of(int64_t batch, int64_t length, int64_t head_dim, bool causal,
                                           enum dtype dtype)
{
    struct attention_mask mask = {.causal = causal, .window_left = -1, .window_right = -1};
    return (struct attention_problem){1, batch, 4, 2, length, length, head_dim, dtype, mask, 0.2f};
}

/* Of 3 heads: the fourth query head uses the first again. */
static struct gate gate_of(int64_t head_dim, float *weights)
{
    struct gate gate = {3, head_dim, 10000, weights};
    workload_gaussian(weights, gate_weights(gate.heads, head_dim), 0.3f, 4, 1);
    return gate;
}

static void *room(int64_t count, size_t element)
{
    void *bytes = malloc((size_t)count * element);
    assert_non_null(bytes);
    return bytes;
}

static void assert_alike(const float *got, const float *wanted, int64_t count, const char *what, int64_t head)
{
    for (int64_t i = 0; i < count; i++)
        if (!(fabsf(got[i] - wanted[i]) <= 2e-4f * (1 + fabsf(wanted[i]))))
            fail_msg("%s of head %lld: number %lld is %.7g, not %.7g", what, (long long)head, (long long)i,
                     (double)got[i], (double)wanted[i]);
}

/* The arrays of the workspace, one behind the other. */
struct arrays {
    const float *q_half, *q_plain, *k_bound, *k_plain, *a, *c, *scores;
};

static struct arrays arrays_of(const struct attention_problem *p, const float *at)
{
    int64_t blocks = select_blocks(p->len_q), q = p->batch * p->heads * blocks, k = p->batch * p->kv_heads * blocks;
    struct arrays arrays = {.q_half = at};
    arrays.q_plain = arrays.q_half + q * POOL_HALVES * p->head_dim;
    arrays.k_bound = arrays.q_plain + q * p->head_dim;
    arrays.k_plain = arrays.k_bound + k * 2 * p->head_dim;
    arrays.a = arrays.k_plain + k * 3 * p->head_dim;
    arrays.c = arrays.a + q * F;
    arrays.scores = arrays.c + q * F;
    return arrays;
}

/* `q` and `k` in float32; one head's arrays against what the CPU makes of them. */
static void check_head(const struct attention_problem *p, const struct gate *gate, const struct angles *angles,
                       const float *q, const float *k, const struct arrays *got, int64_t head)
{
    int64_t n = select_blocks(p->len_q), d = p->head_dim, sequence = head / p->heads, h = head % p->heads;
    int64_t group = h / (p->heads / p->kv_heads), kv_head = sequence * p->kv_heads + group;
    int64_t q_stride = p->heads * d, k_stride = p->kv_heads * d;
    float *pools = room((int64_t)pooled_floats(p->len_q, d), sizeof(float)), *a = room(2 * n * F, sizeof(float)),
          *c = a + n * F, *scores = room(n * n, sizeof(float)),
          *scratch = room((int64_t)gate_scratch(n, d), sizeof(float));
    struct pooled pooled = pooled_in(pools, p->len_q, d);
    pool_head(q + sequence * p->len_q * q_stride + h * d, q_stride, k + sequence * p->len_q * k_stride + group * d,
              k_stride, p->len_q, angles, &pooled);
    assert_alike(got->q_half + head * n * POOL_HALVES * d, pooled.q_half, n * POOL_HALVES * d, "halves", head);
    assert_alike(got->q_plain + head * n * d, pooled.q_plain, n * d, "queries before RoPE", head);
    assert_alike(got->k_bound + kv_head * n * 2 * d, pooled.k_bound, n * 2 * d, "bounds", head);
    assert_alike(got->k_plain + kv_head * n * 3 * d, pooled.k_plain, n * 3 * d, "keys before RoPE", head);
    gate_project(gate, h % gate->heads, &pooled, a, c);
    assert_alike(got->a + head * n * F, a, n * F, "features of queries", head);
    assert_alike(got->c + head * n * F, c, n * F, "features of keys", head);
    gate_scores(gate, h % gate->heads, &pooled, p->mask.causal, scratch, scores);
    for (int64_t i = 0; i < n; i++)
        assert_alike(got->scores + (head * n + i) * n, scores + i * n, p->mask.causal ? i + 1 : n, "scores", head);
    free(pools);
    free(a);
    free(scores);
    free(scratch);
}

static void check_bytes(const struct attention_problem *p, const struct simt_attention *got)
{
    struct kernel_stages stages;
    find_kernel("learned_sparse")->stages(p, &stages);
    for (int s = 0; s < stages.count; s++)
        if ((double)got->stages[s].hbm_read != stages.items[s].bytes_read ||
            (double)got->stages[s].hbm_written != stages.items[s].bytes_written)
            fail_msg("N %lld, %s: counted %lld read and %lld written, the formula says %.0f and %.0f",
                     (long long)p->len_q, stages.items[s].name, (long long)got->stages[s].hbm_read,
                     (long long)got->stages[s].hbm_written, stages.items[s].bytes_read, stages.items[s].bytes_written);
}

static float *in_floats(const void *from, int64_t count, enum dtype dtype)
{
    float *to = room(count, sizeof *to);
    for (int64_t i = 0; i < count; i++)
        to[i] = element_read(from, i, dtype);
    return to;
}

static void check(struct simt *simt, struct attention_problem p)
{
    int64_t of_q = attention_q_elements(&p), of_kv = attention_kv_elements(&p);
    void *q = room(of_q, 4), *k = room(of_kv, 4), *v = room(of_kv, 4);
    float *weights = room(gate_weights(3, p.head_dim), sizeof *weights),
          *table = room(p.len_q * p.head_dim, sizeof *table);
    struct gate gate = gate_of(p.head_dim, weights);
    struct rope rope = rope_make(p.head_dim, gate.theta);
    struct angles angles = rope_table(&rope, p.len_q, table);
    struct block_mask *mask = choice_mask(&p, &gate, 0.02); /* so thin that the attention behind it costs little */
    assert_non_null(mask);
    p.mask.blocks = mask;
    assert_int_equal(workload_fill(&p, q, k, v, 8, 1), STATUS_OK);
    struct simt_attention got;
    if (simt_attend(simt, find_kernel("learned_sparse"), &p, q, k, v, &got) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
    check_bytes(&p, &got);
    float *plain_q = in_floats(q, of_q, p.dtype), *plain_k = in_floats(k, of_kv, p.dtype);
    struct arrays arrays = arrays_of(&p, got.workspace);
    for (int64_t head = 0; head < p.batch * p.heads; head++)
        check_head(&p, &gate, &angles, plain_q, plain_k, &arrays, head);
    block_mask_free(mask);
    void *const all[] = {q, k, v, weights, table, plain_q, plain_k};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
}

/* 1, 3, 4, 17, 32 and 33 blocks: one tile of rows and columns, a second one of rows, a third of rows and a second of
 * columns; last blocks with both halves, with one, and with a single token in the second. */
static void stages_hand_on_what_the_cpu_computes(void **state)
{
    check(*state, problem_of(2, 3, 32, false, DTYPE_F32));
    check(*state, problem_of(2, 64, 8, true, DTYPE_F32));
    check(*state, problem_of(2, 130, 40, true, DTYPE_F16));
    check(*state, problem_of(2, 225, 72, false, DTYPE_F32));
    check(*state, problem_of(1, 16 * 64 + 33, 8, true, DTYPE_F32));
    check(*state, problem_of(1, 32 * 64, 8, true, DTYPE_F32));
    check(*state, problem_of(1, 32 * 64 + 7, 8, false, DTYPE_BF16));
    check(*state, problem_of(1, 32 * 64 + 32, 8, true, DTYPE_F32));
}

/* Next to nothing is not nothing: sums begin at 0, bounds at what is there. */
static void pools_of_zeros_and_of_negatives(void **state)
{
    enum { LENGTH = 70, D = 8 };
    struct attention_problem p = problem_of(2, LENGTH, D, true, DTYPE_F32);
    float *zeros = calloc((size_t)attention_q_elements(&p), sizeof *zeros), *below = room(attention_q_elements(&p), 4);
    assert_non_null(zeros);
    for (int64_t i = 0; i < attention_q_elements(&p); i++)
        below[i] = -1 - (float)(i % 7);
    struct block_mask *mask = choice_mask(&p, NULL, 1);
    assert_non_null(mask);
    p.mask.blocks = mask;
    struct simt_attention got;
    assert_int_equal(simt_attend(*state, find_kernel("learned_sparse"), &p, zeros, below, zeros, &got), STATUS_OK);
    struct arrays arrays = arrays_of(&p, got.workspace);
    for (const float *x = arrays.q_half; x < arrays.k_bound; x++)
        assert_true(*x == 0);
    for (const float *x = arrays.k_bound; x < arrays.k_plain; x++)
        assert_true(*x <= -1);
    block_mask_free(mask);
    free(zeros);
    free(below);
}

/* By hand, from select/gate.h: 6 FLOPs for two elements that are turned back and pooled, twice; features of 4 d inner
 * columns for each block; a product of features and two bounds for each pair. */
static void flops_and_workspace_by_hand(void **state)
{
    (void)state;
    for (int causal = 0; causal < 2; causal++) {
        struct attention_problem p = problem_of(2, 5 * 64 - 3, 16, causal, DTYPE_F32);
        struct block_mask *mask = choice_mask(&p, NULL, 0.5);
        assert_non_null(mask);
        p.mask.blocks = mask;
        struct kernel_stages stages;
        find_kernel("learned_sparse")->stages(&p, &stages);
        assert_int_equal(stages.count, 4);
        assert_true(stages.items[0].flops == 6.0 * 2 * (4 + 2) * 317 * 16);
        assert_true(stages.items[1].flops == 2.0 * 4 * (8 * 5 * 16 * 64 + (causal ? 15 : 25) * (2 * 64 + 8 * 16)));
        assert_true(stages.items[2].flops == 0);
        assert_int_equal(find_kernel("learned_sparse")->workspace(&p),
                         sizeof(float) * 5 * (8 * (3 * 16 + 2 * 64 + 5) + 4 * 5 * 16));
        block_mask_free(mask);
    }
    /* Scores alone are 2^32 floats. */
    struct attention_problem large = problem_of(16, 1 << 19, 8, true, DTYPE_F32);
    const struct block_mask none = {.block_q = 64};
    large.mask.blocks = &none;
    assert_int_equal(find_kernel("learned_sparse")->workspace(&large),
                     sizeof(float) * 8192 * (64 * (3 * 8 + 2 * 64 + INT64_C(8192)) + 32 * 5 * 8));
}

/* By hand, at a length whose bytes are more than 2^32: 512 tiles of rows, 256 of columns. */
static void bytes_of_a_long_sequence_by_hand(void **state)
{
    (void)state;
    struct attention_problem p = problem_of(1, 1 << 19, 256, false, DTYPE_F32);
    p.heads = p.kv_heads = 1;
    struct block_mask *mask = choice_mask(&p, NULL, 0.001);
    assert_non_null(mask);
    p.mask.blocks = mask;
    struct kernel_stages stages;
    find_kernel("learned_sparse")->stages(&p, &stages);
    double features = 8192.0 * 4 * 256 + 512.0 * 4 * 256 * F + 2.0 * 8192 * F;
    double scores = 512.0 * 256 * ((16 + 32) * F + (16 + 32) * 2 * 256 + 1);
    assert_true(stages.items[1].bytes_read == 4 * (features + scores));
    assert_true(stages.items[1].bytes_written == 4 * (2.0 * 8192 * F + 8192.0 * 8192));
    assert_true(stages.items[2].bytes_read == 4.0 * 8192 * 8191 + 16 * 8192);
    block_mask_free(mask);
}

/* Rows whose lists lie beyond 2^32: only the last 4 of 8 heads run, each of one block. */
static void a_list_far_away(void **state)
{
    (void)state;
    enum { HEADS = 8, D = 8, LENGTH = 64, LAST = 4 };
    const int64_t far = INT64_C(1) << 32;
    struct attention_problem p = {1, 1, HEADS, HEADS, LENGTH, LENGTH, D, DTYPE_F32, {true, -1, -1, 0, NULL}, 0.2f};
    struct block_mask *mask = choice_mask(&p, NULL, 1);
    assert_non_null(mask);
    p.mask.blocks = mask;
    const struct block_choice *choice = mask->choice;
    size_t tokens = (size_t)attention_q_elements(&p), weights = (size_t)gate_weights(HEADS, D),
           angles = choice_angles(LENGTH, D), scratch = find_kernel("learned_sparse")->workspace(&p) / sizeof(float);
    struct simt *simt = simt_open((size_t)(far + 64) * sizeof(int32_t) + (1 << 24));
    if (!simt)
        skip();
    int64_t *first = simt_alloc(simt, "block_first", sizeof *first, HEADS + 1), places[HEADS + 1] = {0};
    int32_t *list = simt_alloc(simt, "block_list", sizeof *list, (size_t)far + HEADS);
    float *memory[4], *gate = simt_alloc(simt, "gate", sizeof *gate, weights),
                      *table = simt_alloc(simt, "angles", sizeof *table, angles),
                      *log_sum_exp = simt_alloc(simt, "log_sum_exp", sizeof *log_sum_exp, HEADS * LENGTH),
                      *workspace = simt_alloc(simt, "workspace", sizeof *workspace, scratch);
    assert_true(first && list && gate && table && log_sum_exp && workspace);
    for (int i = 0; i < 4; i++) {
        memory[i] = simt_alloc(simt, "tensor", sizeof(float), tokens);
        assert_non_null(memory[i]);
        simt_assume_initialised(simt, memory[i]);
    }
    for (int h = 1; h <= HEADS; h++)
        places[h] = far + h;
    simt_upload(simt, first, places, sizeof places);
    simt_upload(simt, gate, choice->gate.weights, weights * sizeof *gate);
    simt_upload(simt, table, choice->angles, angles * sizeof *table);
    const struct attention_tensors tensors = {memory[0], memory[1], memory[2], memory[3], log_sum_exp};
    const struct cuda_launch launch = {.problem = &p,
                                       .tensors = &tensors,
                                       .workspace = workspace,
                                       .block_first = first,
                                       .block_list = list,
                                       .gate = gate,
                                       .angles = table,
                                       .stream = simt};
    simt_only_last(simt, LAST, HEADS);
    if (find_kernel("learned_sparse")->launch(&launch) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
    for (int h = HEADS - LAST; h < HEADS; h++)
        assert_int_equal(simt_unwritten(simt, list + places[h], sizeof *list), 0);
    block_mask_free(mask);
    simt_close(simt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_hand_on_what_the_cpu_computes), cmocka_unit_test(pools_of_zeros_and_of_negatives),
        cmocka_unit_test(flops_and_workspace_by_hand), cmocka_unit_test(bytes_of_a_long_sequence_by_hand),
        cmocka_unit_test(a_list_far_away)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
