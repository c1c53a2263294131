/* What a launch may leave out: log_sum_exp, and the clock. O is the same to the bit, and just the bytes of the
 * log-sum-exp are not written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/help_problems.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"

enum { EACH = 4, MOST_PAIRS = 1 << 14 }; /* problems a kernel; of pairs of a query and a key */

static void *copy_in(struct simt *simt, const char *name, const void *from, int64_t count, size_t element)
{
    void *to = simt_alloc(simt, name, element, (size_t)count);
    assert_non_null(to);
    simt_upload(simt, to, from, (size_t)count * element);
    return to;
}

/* On the tensors that simt_attend left in the simulator's HBM. */
static enum status launch_bare(struct simt *simt, const struct cuda_kernel *kernel, const struct attention_problem *p,
                               const struct attention_tensors *with)
{
    struct attention_tensors tensors = *with;
    size_t scratch = kernel->workspace(p);
    struct cuda_launch launch = {.problem = p, .tensors = &tensors, .stream = simt};
    tensors.log_sum_exp = NULL;
    if (scratch)
        launch.workspace = simt_alloc(simt, "second workspace", sizeof(float), scratch / sizeof(float));
    const struct block_mask *mask = p->mask.blocks;
    if (mask) {
        launch.block_first = copy_in(simt, "second first", mask->first, mask->count * mask->rows + 1, sizeof(int64_t));
        launch.block_list = copy_in(simt, "second list", mask->block, mask->entries, sizeof(int32_t));
        const struct block_choice *choice = mask->choice;
        if (choice) {
            const struct gate *gate = &choice->gate;
            launch.gate =
                copy_in(simt, "second gate", gate->weights, gate_weights(gate->heads, gate->head_dim), sizeof(float));
            launch.angles = copy_in(simt, "second angles", choice->angles,
                                    (int64_t)choice_angles(choice->length, gate->head_dim), sizeof(float));
        }
    }
    assert_true(!scratch || launch.workspace);
    simt_clear_counts(simt);
    return kernel->launch(&launch);
}

static int64_t written(const struct simt_attention *got)
{
    int64_t bytes = 0;
    for (int s = 0; s < got->stage_count; s++)
        bytes += got->stages[s].hbm_written;
    return bytes;
}

static void run(struct simt *simt, const struct cuda_kernel *kernel, const struct drawn *drawn)
{
    const struct attention_problem *p = &drawn->problem;
    size_t of_q = (size_t)attention_q_elements(p), of_kv = (size_t)attention_kv_elements(p);
    float *q = malloc(of_q * sizeof *q), *k = malloc(of_kv * sizeof *k), *v = malloc(of_kv * sizeof *v);
    struct simt_attention got;
    assert_true(q && k && v);
    drawn_fill(drawn, q, k, v);
    assert_int_equal(simt_attend(simt, kernel, p, q, k, v, &got), STATUS_OK);
    size_t bytes = of_q * dtype_size(p->dtype);
    void *first = malloc(bytes);
    assert_non_null(first);
    memcpy(first, got.tensors.o, bytes);
    oracle_poison(got.tensors.o, bytes);
    if (launch_bare(simt, kernel, p, &got.tensors) != STATUS_OK)
        fail_msg("%s without log_sum_exp: %s", kernel->name, simt_fault(simt)->message);
    assert_memory_equal(first, got.tensors.o, bytes);
    int64_t spared = attention_rows(p) * (int64_t)sizeof(float);
    assert_int_equal(simt_counts(simt)->hbm_written, written(&got) - spared);
    free(first);
    free(q);
    free(k);
    free(v);
}

static bool small(const struct attention_problem *p)
{
    return p->layers * p->batch * p->heads * p->len_q * p->len_kv <= MOST_PAIRS;
}

static void test_optional(void **state)
{
    (void)state;
    struct simt *simt = simt_open((size_t)1 << 30);
    assert_non_null(simt);
    int total = 0;
    for (size_t kernel = 0; kernel < simt_kernel_count; kernel++) {
        int done = 0;
        for (uint64_t i = 0; done < EACH && i < 1000; i++) {
            struct drawn drawn = i % 3 == 0   ? draw_problem(i)
                                 : i % 3 == 1 ? draw_block_problem(i)
                                              : draw_choice_problem(i);
            for (int dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
                drawn.problem.dtype = (enum dtype)dtype;
                if (done < EACH && small(&drawn.problem) && !simt_kernels[kernel]->unsupported(&drawn.problem)) {
                    run(simt, simt_kernels[kernel], &drawn);
                    done++;
                }
            }
            drawn_free(&drawn);
        }
        struct drawn layers = fixed_problems[23]; /* seven of them: each has a log_sum_exp of its own, or none */
        if (!simt_kernels[kernel]->unsupported(&layers.problem))
            run(simt, simt_kernels[kernel], &layers);
        assert_int_equal(done, EACH);
        total += done;
    }
    simt_close(simt);
    printf("%d problems without log_sum_exp and without a clock\n", total);
}

/* SRAM of a block at a head size, counted on a problem that the kernel can do; 0 where it does not do the type. */
static int64_t sram_of(struct simt *simt, const struct cuda_kernel *kernel, enum dtype dtype, int64_t head_dim)
{
    static const int64_t first[] = {0, 1};
    static const int32_t list[] = {0};
    static const struct block_mask one_block = {.block_q = 64,
                                                .block_kv = 64,
                                                .count = 1,
                                                .rows = 1,
                                                .columns = 1,
                                                .first = first,
                                                .block = list,
                                                .entries = 1};
    static const struct attention_mask masks[] = {{.window_left = -1, .window_right = -1},
                                                  {.window_left = 4, .window_right = 4},
                                                  {.window_left = 4, .window_right = 4, .global_every = 2},
                                                  {.window_left = -1, .window_right = -1, .blocks = &one_block}};
    for (size_t m = 0; m < sizeof masks / sizeof masks[0]; m++) {
        const struct attention_problem p = {1, 1, 1, 1, 9, 9, head_dim, dtype, masks[m], 0.1f};
        struct simt_attention got;
        if (kernel->unsupported(&p))
            continue;
        assert_int_equal(simt_attend(simt, kernel, &p, NULL, NULL, NULL, &got), STATUS_OK);
        return got.stages[0].sram_block;
    }
    return 0;
}

static void assert_narrowest(struct simt *simt, const struct cuda_kernel *kernel, enum dtype dtype)
{
    static const int64_t same[][2] = {{8, 32}, {40, 64}, {72, 128}, {136, 256}};
    int64_t before = 0;
    for (int i = 0; i < 4; i++) {
        int64_t low = sram_of(simt, kernel, dtype, same[i][0]), high = sram_of(simt, kernel, dtype, same[i][1]);
        bool alike = i == 3 && dtype != DTYPE_F32; /* the widest has tiles of half as many keys */
        if (low != high || low < before || (low == before && !alike))
            fail_msg("%s: a block of heads of %lld and %lld takes %lld and %lld bytes of SRAM, of fewer %lld",
                     kernel->name, (long long)same[i][0], (long long)same[i][1], (long long)low, (long long)high,
                     (long long)before);
        before = low;
    }
}

/* A tiled kernel is built for 32, 64, 128 and 256 columns, and a head takes the narrowest that holds it: a wider one
 * would compute the same with SRAM and registers that others could have. */
static void test_narrowest_columns(void **state)
{
    (void)state;
    struct simt *simt = simt_open((size_t)1 << 26);
    assert_non_null(simt);
    int asked = 0;
    for (size_t k = 0; k < simt_kernel_count; k++)
        for (int dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++)
            if (strncmp(simt_kernels[k]->family, "naive", 5) != 0 &&
                sram_of(simt, simt_kernels[k], (enum dtype)dtype, 8) != 0) {
                assert_narrowest(simt, simt_kernels[k], (enum dtype)dtype);
                asked++;
            }
    simt_close(simt);
    assert_true(asked >= 12); /* flash_tiled, flash_mma, and three that do all types */
}

struct heard {
    struct stage_clock clock;
    int count;
};

static void hear(struct stage_clock *clock, int stage)
{
    (void)stage;
    ((struct heard *)clock)->count++;
}

/* A launch that fails is the last: no stage after it ends. Which tensor is no tensor, and how many stages end then. */
static void test_nothing_after_a_fault(void **state)
{
    (void)state;
    static const struct {
        const char *kernel;
        bool no_queries;
        int ended;
    } cases[] = {{"naive", true, 1}, {"naive", false, 2}, {"naive_blas", false, 2}, {"alternating", true, 1}};
    struct simt *simt = simt_open((size_t)1 << 26);
    assert_non_null(simt);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        for (size_t k = 0; k < simt_kernel_count; k++) {
            struct attention_problem p = {
                3, 1, 1, 1, 9, 9, 8, DTYPE_BF16, {.window_left = 4, .window_right = 4, .global_every = 2}, 0.1f};
            if (strcmp(simt_kernels[k]->name, cases[c].kernel) != 0)
                continue;
            p.dtype = simt_kernels[k]->unsupported(&p) ? DTYPE_F32 : DTYPE_BF16;
            struct simt_attention got;
            assert_int_equal(simt_attend(simt, simt_kernels[k], &p, NULL, NULL, NULL, &got), STATUS_OK);
            struct attention_tensors tensors = got.tensors;
            void *nothing = (void *)(uintptr_t)64;
            tensors.q = cases[c].no_queries ? nothing : tensors.q;
            tensors.log_sum_exp = cases[c].no_queries ? tensors.log_sum_exp : nothing;
            struct heard heard = {{hear}, 0};
            struct cuda_launch launch = {.problem = &p, .tensors = &tensors, .stream = simt, .clock = &heard.clock};
            size_t scratch = simt_kernels[k]->workspace(&p);
            if (scratch)
                launch.workspace = simt_alloc(simt, "second workspace", sizeof(float), scratch / sizeof(float));
            assert_int_equal(simt_kernels[k]->launch(&launch), STATUS_WRONG);
            assert_int_equal(heard.count, cases[c].ended);
        }
    simt_close(simt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_optional), cmocka_unit_test(test_narrowest_columns),
                                       cmocka_unit_test(test_nothing_after_a_fault)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
