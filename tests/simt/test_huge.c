/* More rows than 2^31, in one layer or two, a token of more than 2^31 elements, a list of more than 2^32 blocks: what
 * test_offsets.c does not reach with many elements. Only the last heads run, and are held against the oracle; memory is
 * address space. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/block_mask.h"
#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

enum { LAST = 2, MOST = 64 }; /* heads that run; keys, columns */

/* layers, batch, heads, kv_heads, len_q, len_kv, head_dim, dtype, mask, scale */
static const struct attention_problem huge[] = {
    {1, (1 << 23) + 1, 8, 1, 32, 1, 8, DTYPE_F32, {false, 40, 3, 0, NULL}, 0.3f},
    {1, 1, (1 << 28) + 2, (1 << 28) + 2, 4, 4, 8, DTYPE_F32, {false, 2, 1, 0, NULL}, 0.3f},
    {2, (1 << 22) + 1, 8, 1, 32, 1, 8, DTYPE_F32, {false, 40, 3, 0, NULL}, 0.3f}, /* the second layer's offset */
};
enum { HUGE = sizeof huge / sizeof huge[0] };

/* In a type and under a mask that the kernel does; false where there is none. */
static bool problem_for(const struct cuda_kernel *kernel, int number, struct attention_problem *problem)
{
    for (int n = 0; n < 4; n++) {
        *problem = huge[number];
        problem->dtype = n % 2 ? DTYPE_BF16 : DTYPE_F32;
        problem->mask.global_every = n / 2 ? 2 : 0;
        if (!kernel->unsupported(problem))
            return true;
    }
    return false;
}

/* Numbers in the last heads of the last sequence, zeros elsewhere. */
static void *input(struct simt *simt, const char *name, const struct attention_problem *p, int64_t tokens,
                   int64_t heads, uint64_t seed)
{
    size_t element = dtype_size(p->dtype);
    char *tensor = simt_alloc(simt, name, element, (size_t)(p->layers * p->batch * tokens * heads * p->head_dim));
    assert_non_null(tensor);
    simt_assume_initialised(simt, tensor);
    for (int64_t i = 0; i < tokens; i++)
        for (int64_t h = heads > LAST ? heads - LAST : 0; h < heads; h++) {
            float numbers[MOST];
            int64_t at = (((p->layers * p->batch - 1) * tokens + i) * heads + h) * p->head_dim;
            workload_gaussian(numbers, p->head_dim, 1, seed + (uint64_t)at, 1);
            elements_from_floats(tensor + (size_t)at * element, numbers, p->head_dim, p->dtype);
        }
    return tensor;
}

static void *output(struct simt *simt, const char *name, size_t element, size_t count)
{
    void *tensor = count ? simt_alloc(simt, name, element, count) : NULL;
    assert_true(tensor || !count);
    return tensor;
}

static void check_rows(const struct attention_problem *p, const struct attention_tensors *t, const char *name)
{
    double scratch[MOST], out[MOST], lse, near = p->dtype == DTYPE_F32 ? 1e-5 : 4 * element_epsilon(p->dtype);
    for (int64_t head = p->heads > LAST ? p->heads - LAST : 0; head < p->heads; head++)
        for (int64_t i = 0; i < p->len_q; i++) {
            oracle_row(p, t, p->layers - 1, p->batch - 1, head, i, scratch, out, &lse);
            for (int64_t c = 0; c < p->head_dim; c++) {
                int64_t at = (((p->layers * p->batch - 1) * p->len_q + i) * p->heads + head) * p->head_dim + c;
                double got = (double)element_read(t->o, at, p->dtype);
                if (!(got - out[c] < near && out[c] - got < near))
                    fail_msg("%s: row %lld, column %lld: %g, not %g", name, (long long)i, (long long)c, got, out[c]);
            }
            double got = (double)t->log_sum_exp[((p->layers * p->batch - 1) * p->heads + head) * p->len_q + i];
            if (!(got == lse || (got - lse < near && lse - got < near)))
                fail_msg("%s: row %lld: log_sum_exp %g, not %g", name, (long long)i, got, lse);
        }
}

static struct attention_tensors tensors_of(struct simt *simt, const struct attention_problem *p)
{
    return (struct attention_tensors){
        .q = input(simt, "q", p, p->len_q, p->heads, 1),
        .k = input(simt, "k", p, p->len_kv, p->kv_heads, 2),
        .v = input(simt, "v", p, p->len_kv, p->kv_heads, 3),
        .o = output(simt, "o", dtype_size(p->dtype), (size_t)attention_q_elements(p)),
        .log_sum_exp = output(simt, "log_sum_exp", sizeof(float), (size_t)attention_rows(p)),
    };
}

static void test_huge(void **state)
{
    struct simt *simt = *state;
    int done[HUGE] = {0};
    for (size_t n = 0; n < HUGE * simt_kernel_count; n++) {
        const struct cuda_kernel *kernel = simt_kernels[n / HUGE];
        struct attention_problem p;
        if (!problem_for(kernel, (int)(n % HUGE), &p))
            continue;
        simt_reset(simt);
        simt_clear_fault(simt);
        simt_only_last(simt, LAST * p.layers, p.layers * p.batch * p.heads); /* also where a layer is a launch */
        struct attention_tensors t = tensors_of(simt, &p);
        struct cuda_launch launch = {.problem = &p, .tensors = &t, .stream = simt};
        launch.workspace = output(simt, "workspace", sizeof(float), kernel->workspace(&p) / sizeof(float));
        if (kernel->launch(&launch) != STATUS_OK)
            fail_msg("%s: %s", kernel->name, simt_fault(simt)->message);
        check_rows(&p, &t, kernel->name);
        done[n % HUGE]++;
    }
    if (done[0] != 5 || done[1] != 3 ||
        done[2] != 5) /* naive_blas, the lists, and for tokens the 16-bit loop and naive refuse */
        fail_msg("%d, %d and %d kernels", done[0], done[1], done[2]);
    printf("%d kernels on 2^31 rows, %d on tokens of 2^31 elements\n", done[0], done[1]);
}

/* The second block of two, whose number stands beyond 2^32 others. */
static void test_list(void **state)
{
    struct simt *simt = *state;
    const int64_t before = (INT64_C(1) << 32) + 3, far[] = {before, before + 1}, near[] = {0, 1};
    const int32_t list[] = {1};
    struct block_mask mask = {
        .block_q = 64, .block_kv = 32, .count = 1, .rows = 1, .columns = 2, .first = near, .block = list, .entries = 1};
    struct attention_problem p = {1, 1, 1, 1, 64, 64, 32, DTYPE_F32, {false, -1, -1, 0, &mask}, 0.3f};
    for (int dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++)
        for (size_t k = 0; k < simt_kernel_count; k++) {
            if (strcmp(simt_kernels[k]->name, "block_sparse") != 0)
                continue;
            p.dtype = (enum dtype)dtype;
            simt_reset(simt);
            simt_clear_fault(simt);
            simt_only_blocks(simt, 0, INT64_MAX);
            struct attention_tensors t = tensors_of(simt, &p);
            int64_t *first = output(simt, "block_first", sizeof *first, 2);
            int32_t *blocks = output(simt, "block_list", sizeof *blocks, (size_t)before + 1);
            simt_upload(simt, first, far, sizeof far);
            simt_upload(simt, blocks + before, list, sizeof list);
            struct cuda_launch launch = {
                .problem = &p, .tensors = &t, .block_first = first, .block_list = blocks, .stream = simt};
            if (simt_kernels[k]->launch(&launch) != STATUS_OK)
                fail_msg("%s", simt_fault(simt)->message);
            check_rows(&p, &t, simt_kernels[k]->name);
        }
}

static int open_simt(void **state)
{
    *state = simt_open((size_t)240 << 30); /* address space */
    if (!*state)
        print_message("the system gives no 240 GB of address space for it\n");
    return *state ? 0 : -1;
}

static int close_simt(void **state)
{
    simt_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_huge), cmocka_unit_test(test_list)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
