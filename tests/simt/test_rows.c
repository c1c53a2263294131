/* naive_blas's softmax at the lengths where it changes: a warp or a block a row, kept in registers or read twice. Each
 * against the oracle, its bytes against the formula, in both types, with a window and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

static const int64_t lengths[] = {8, 255, 256, 257, 1023, 1025, 2049, 4096, 4097, 16384, 16385, 16391};

/* Gaussian, or all `alike` where that is not 0. */
static void *numbers(int64_t count, uint64_t seed, enum dtype dtype, float alike)
{
    float *to = malloc((size_t)count * sizeof *to);
    assert_non_null(to);
    workload_gaussian(to, count, 1, seed, 1);
    for (int64_t i = 0; i < count && alike != 0; i++)
        to[i] = alike;
    elements_from_floats(to, to, count, dtype);
    return to;
}

/* `far`: every logit is that far from 0. */
static void run(struct simt *simt, const struct cuda_kernel *kernel, const struct attention_problem *p, float far)
{
    int64_t of_q = attention_q_elements(p), of_kv = attention_kv_elements(p);
    float each = far / ((float)p->head_dim * p->scale);
    void *q = numbers(of_q, 1, p->dtype, far != 0 ? 1 : 0), *k = numbers(of_kv, 2, p->dtype, each),
         *v = numbers(of_kv, 3, p->dtype, 0);
    struct simt_attention got;
    struct verdict verdict;
    struct kernel_stages stages;
    assert_null(kernel->unsupported(p));
    if (simt_attend(simt, kernel, p, q, k, v, &got) != STATUS_OK)
        fail_msg("%lld keys: %s", (long long)p->len_kv, simt_fault(simt)->message);
    assert_int_equal(oracle_judge(p, &got.tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
    if (!verdict.pass)
        fail_msg("%lld keys: %s", (long long)p->len_kv, verdict.message);
    kernel->stages(p, &stages);
    assert_int_equal(got.stage_count, 3);
    assert_int_equal(got.stages[1].launches, 1);
    assert_int_equal(got.stages[1].hbm_read, (int64_t)stages.items[1].bytes_read);
    assert_int_equal(got.stages[1].hbm_written, (int64_t)stages.items[1].bytes_written);
    /* The library's stages launch nothing here: their bytes are computed. */
    assert_int_equal(got.stages[0].launches + got.stages[2].launches, 0);
    free(q);
    free(k);
    free(v);
}

static void test_rows(void **state)
{
    (void)state;
    const struct cuda_kernel *kernel = find_kernel("naive_blas");
    struct simt *simt = simt_open((size_t)1 << 28);
    assert_non_null(simt);
    int count = 0;
    for (size_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++)
        for (int variant = 0; variant < 5; variant++) {
            const struct attention_problem p = {
                .layers = 1,
                .batch = 1,
                .heads = 2,
                .kv_heads = 1,
                .len_q = 10,
                .len_kv = lengths[n],
                .head_dim = 8,
                .dtype = variant & 1 ? DTYPE_F16 : DTYPE_BF16,
                .mask = {.window_left = variant & 2 ? lengths[n] / 2 : -1, .window_right = variant & 2 ? 0 : -1},
                .scale = 0.35f};
            run(simt, kernel, &p, variant == 4 ? -400 : 0);
            count++;
        }
    simt_close(simt);
    printf("rows of %lld to %lld keys: %d problems, bytes of the softmax equal to the formula\n", (long long)lengths[0],
           (long long)lengths[sizeof lengths / sizeof lengths[0] - 1], count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
