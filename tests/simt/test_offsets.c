/* Tensors beyond 2^31 elements: each kernel runs the blocks of its last heads only, whose offsets no longer fit into 32
 * bits (Q, K, V, O, and naive's scores); what they wrote is held against the oracle. In float32 where the kernel can,
 * else in bf16. Memory is address space: only the pages of those heads are ever touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/select/choice.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

/* One block a head in every launch: 4 rows, 32 keys, 32 columns. 4 * 32 * heads is beyond 2^31. */
enum { BATCH = (1 << 21) + 1, HEADS = 8, ROWS = 4, KEYS = 32, DIM = 32, LAST = 2 };
/* For a kernel that chooses: 64 * 256 * heads, in launches of one block a head, two a head, one for four. */
enum {
    CHOICE_BATCH = (1 << 14) + 1,
    CHOICE_ROWS = 64,
    CHOICE_DIM = 256,
    CHOICE_LAST = 4,
    MOST_KEYS = 64,
    MOST_DIM = 256
};

static const struct attention_problem huge = {.layers = 1,
                                              .batch = BATCH,
                                              .heads = HEADS,
                                              .kv_heads = HEADS,
                                              .len_q = ROWS,
                                              .len_kv = KEYS,
                                              .head_dim = DIM,
                                              .dtype = DTYPE_F32,
                                              .mask = {.window_left = 20, .window_right = 3},
                                              .scale = 0.2f};

/* The one block that there is. */
static const int64_t block_first[] = {0, 1};
static const int32_t block_list[] = {0};
static const struct block_mask one_block = {ROWS, KEYS, 1, 1, 1, block_first, block_list, 1};

/* Its mask is the caller's: block_mask_free. */
static struct attention_problem problem_to_choose(void)
{
    struct attention_problem problem = huge;
    problem.batch = CHOICE_BATCH;
    problem.len_q = problem.len_kv = CHOICE_ROWS;
    problem.head_dim = CHOICE_DIM;
    problem.mask = (struct attention_mask){.causal = true, .window_left = -1, .window_right = -1};
    problem.mask.blocks = choice_mask(&problem, NULL, 0.5);
    assert_non_null(problem.mask.blocks);
    return problem;
}

static void problem_free(struct attention_problem *problem)
{
    if (problem->mask.blocks != &one_block)
        block_mask_free((struct block_mask *)(uintptr_t)problem->mask.blocks);
}

/* In float32 where the kernel can, under the mask that it is for. To be freed with problem_free. */
static struct attention_problem problem_for(const struct cuda_kernel *kernel)
{
    if (strcmp(kernel->family, "learned_sparse") == 0)
        return problem_to_choose();
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++)
        for (int mask = 0; mask < 3; mask++) {
            struct attention_problem problem = huge;
            problem.dtype = dtype;
            problem.mask.global_every = mask == 1 ? 2 : 0;
            problem.mask.blocks = mask == 2 ? &one_block : NULL;
            if (!kernel->unsupported(&problem))
                return problem;
        }
    fail_msg("%s does none of these problems", kernel->name);
    return huge;
}

static void *copy_in(struct simt *simt, const char *name, const void *from, size_t count, size_t element)
{
    void *to = simt_alloc(simt, name, element, count);
    assert_non_null(to);
    simt_upload(simt, to, from, count * element);
    return to;
}

static void upload_blocks(struct simt *simt, const struct block_mask *mask, struct cuda_launch *launch)
{
    const struct block_choice *choice = mask->choice;
    size_t rows = (size_t)(mask->count * mask->rows) + 1;
    launch->block_first = copy_in(simt, "block_first", mask->first, rows, sizeof *mask->first);
    launch->block_list = copy_in(simt, "block_list", mask->block, (size_t)mask->entries, sizeof *mask->block);
    if (!choice)
        return;
    size_t weights = (size_t)gate_weights(choice->gate.heads, choice->gate.head_dim);
    launch->gate = copy_in(simt, "gate", choice->gate.weights, weights, sizeof(float));
    launch->angles =
        copy_in(simt, "angles", choice->angles, choice_angles(choice->length, choice->gate.head_dim), sizeof(float));
}

/* Gaussian numbers in the last sequence, zeros before. */
static char *input(struct simt *simt, const char *name, enum dtype dtype, int64_t count, int64_t sequence,
                   uint64_t seed)
{
    size_t element = dtype_size(dtype);
    char *tensor = simt_alloc(simt, name, element, (size_t)count);
    float *numbers = malloc((size_t)sequence * sizeof *numbers);
    if (tensor && numbers) {
        simt_assume_initialised(simt, tensor);
        workload_gaussian(numbers, sequence, 1, seed, 1);
        elements_from_floats(tensor + (size_t)(count - sequence) * element, numbers, sequence, dtype);
    }
    free(numbers);
    return tensor;
}

static void check_rows(const struct cuda_kernel *kernel, const struct attention_problem *p,
                       const struct attention_tensors *t, int64_t first_head)
{
    double scratch[MOST_KEYS], out[MOST_DIM], lse, near = p->dtype == DTYPE_F32 ? 1e-5 : 4 * element_epsilon(p->dtype);
    for (int64_t head = first_head; head < HEADS; head++)
        for (int64_t i = 0; i < p->len_q; i++) {
            oracle_row(p, t, 0, p->batch - 1, head, i, scratch, out, &lse);
            for (int64_t c = 0; c < p->head_dim; c++) {
                int64_t at = (((p->batch - 1) * p->len_q + i) * HEADS + head) * p->head_dim + c;
                double got = (double)element_read(t->o, at, p->dtype);
                if (!(got - out[c] < near && out[c] - got < near))
                    fail_msg("%s: head %lld, row %lld, column %lld: %g, not %g", kernel->name, (long long)head,
                             (long long)i, (long long)c, got, out[c]);
            }
            double got = (double)t->log_sum_exp[((p->batch - 1) * HEADS + head) * p->len_q + i];
            assert_true(got - lse < near && lse - got < near);
        }
}

static void run(struct simt *simt, const struct cuda_kernel *kernel)
{
    struct attention_problem p = problem_for(kernel);
    bool chooses = p.mask.blocks && p.mask.blocks->choice;
    int64_t heads = p.batch * HEADS, last = chooses ? CHOICE_LAST : LAST, of_q = attention_q_elements(&p),
            of_kv = attention_kv_elements(&p);
    assert_true(of_q > INT64_C(1) << 31);
    assert_null(kernel->unsupported(&p));
    simt_reset(simt);
    simt_clear_fault(simt);
    if (chooses)
        simt_only_last(simt, last, heads);
    else
        simt_only_blocks(simt, heads - last, heads);
    struct attention_tensors t = {.q = input(simt, "q", p.dtype, of_q, of_q / p.batch, 1),
                                  .k = input(simt, "k", p.dtype, of_kv, of_kv / p.batch, 2),
                                  .v = input(simt, "v", p.dtype, of_kv, of_kv / p.batch, 3),
                                  .o = simt_alloc(simt, "o", dtype_size(p.dtype), (size_t)of_q),
                                  .log_sum_exp =
                                      simt_alloc(simt, "log_sum_exp", sizeof(float), (size_t)attention_rows(&p))};
    size_t scratch = kernel->workspace(&p);
    void *workspace = scratch ? simt_alloc(simt, "workspace", sizeof(float), scratch / sizeof(float)) : NULL;
    assert_true(t.q && t.k && t.v && t.o && t.log_sum_exp && (workspace || !scratch));
    struct cuda_launch launch = {.problem = &p, .tensors = &t, .workspace = workspace, .stream = simt};
    if (p.mask.blocks)
        upload_blocks(simt, p.mask.blocks, &launch);
    if (kernel->launch(&launch) != STATUS_OK)
        fail_msg("%s: %s", kernel->name, simt_fault(simt)->message);
    check_rows(kernel, &p, &t, HEADS - last);
    printf("%-12s %s, offsets up to %lld elements\n", kernel->name, dtype_name(p.dtype), (long long)of_kv);
    problem_free(&p);
}

static void test_offsets(void **state)
{
    (void)state;
    size_t most = 0;
    for (size_t i = 0; i < simt_kernel_count; i++) {
        struct attention_problem p = problem_for(simt_kernels[i]);
        size_t bytes = simt_attention_bytes(simt_kernels[i], &p);
        problem_free(&p);
        most = bytes > most ? bytes : most;
    }
    struct simt *simt = simt_open(most);
    if (!simt) {
        print_message("the system gives no %zu GB of address space for it\n", most >> 30);
        skip();
    }
    for (size_t i = 0; i < simt_kernel_count; i++)
        run(simt, simt_kernels[i]);
    simt_close(simt);
}

/* Twice the sequences are twice the bytes, FLOPs and scratch, also where that is beyond 2^31, or 2^32, times more. */
static void test_formulas(void **state)
{
    (void)state;
    const int64_t times[] = {INT64_C(1) << 31, INT64_C(1) << 33};
    for (size_t i = 0; i < 2 * simt_kernel_count; i++) {
        const struct cuda_kernel *kernel = simt_kernels[i / 2];
        struct attention_problem one = problem_for(kernel);
        bool lists = one.mask.blocks != NULL;
        problem_free(&one);
        if (lists)
            continue; /* counted list by list */
        one.batch = 1;
        struct attention_problem many = one, longer = one;
        many.batch = times[i % 2];
        longer.len_q = ROWS * times[i % 2];
        struct kernel_stages of_one, of_many;
        kernel->stages(&one, &of_one);
        kernel->stages(&many, &of_many);
        assert_int_equal(of_one.count, of_many.count);
        for (int s = 0; s < of_one.count; s++) {
            const struct kernel_stage *a = &of_one.items[s], *b = &of_many.items[s];
            double by = (double)times[i % 2];
            if (b->flops != by * a->flops || b->bytes_read != by * a->bytes_read ||
                b->bytes_written != by * a->bytes_written)
                fail_msg("%s, stage %s: not %g times the work of one sequence", kernel->name, b->name, by);
        }
        assert_true(kernel->workspace(&many) == (size_t)times[i % 2] * kernel->workspace(&one));
        assert_true(kernel->workspace(&longer) == (size_t)times[i % 2] * kernel->workspace(&one));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_offsets), cmocka_unit_test(test_formulas)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
