/* Heads run in groups whose K and V fit into L2 together (mma_rows.cuh), the last group smaller; keys so many that not
 * even one head fits; blocks of a mask longer than any sequence. Small problems never come there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/block_mask.h"
#include "kernels/element.h"
#include "kernels/judge.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

/* `period` numbers over and over: many take long to draw. */
static void *numbers(int64_t count, uint64_t seed, enum dtype dtype)
{
    enum { PERIOD = 4093 };
    float once[PERIOD], *to = malloc((size_t)count * sizeof *to);
    assert_non_null(to);
    workload_gaussian(once, PERIOD, 1, seed, 1);
    for (int64_t i = 0; i < count; i++)
        to[i] = once[i % PERIOD];
    elements_from_floats(to, to, count, dtype);
    return to;
}

static struct simt_attention run(struct simt *simt, const char *name, const struct attention_problem *p)
{
    int64_t of_q = attention_q_elements(p), of_kv = attention_kv_elements(p);
    void *q = numbers(of_q, 1, p->dtype), *k = numbers(of_kv, 2, p->dtype), *v = numbers(of_kv, 3, p->dtype);
    struct simt_attention got;
    struct verdict verdict;
    struct kernel_stages stages;
    assert_null(find_kernel(name)->unsupported(p));
    if (simt_attend(simt, find_kernel(name), p, q, k, v, &got) != STATUS_OK)
        fail_msg("%s: %s", name, simt_fault(simt)->message);
    assert_int_equal(kernel_judge(p, &got.tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
    if (!verdict.pass)
        fail_msg("%s: %s", name, verdict.message);
    find_kernel(name)->stages(p, &stages);
    assert_int_equal(got.stages[0].hbm_read, (int64_t)stages.items[0].bytes_read);
    free(q);
    free(k);
    free(v);
    return got;
}

/* 8 of 10 heads together, two of them on one head of K and V; two blocks a head. Then one head whose K and V are more
 * than what a group may ask for. */
static void test_groups(void **state)
{
    static const struct attention_problem problems[] = {
        {1, 1, 10, 5, 129, 4096, 256, DTYPE_BF16, {false, 0, 0, 0, NULL}, 0.1f},
        {1, 1, 2, 1, 3, (1 << 19) + 1, 8, DTYPE_BF16, {false, 1, 0, 0, NULL}, 0.3f},
        /* Wide heads have one tile of K at a time; the last tile has one key. */
        {1, 1, 4, 2, 20, 65, 136, DTYPE_BF16, {false, -1, -1, 0, NULL}, 0.1f},
        /* Of a warp's 32 rows only the last does not see the first key. */
        {1, 1, 1, 1, 32, 130, 64, DTYPE_BF16, {false, 128, 5, 0, NULL}, 0.1f},
    };
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        run(*state, "flash_mma", &problems[i]);
}

/* One block of all, in both directions. */
static void test_long_blocks(void **state)
{
    static const int64_t first[] = {0, 1};
    static const int32_t list[] = {0};
    const struct block_mask mask = {.block_q = INT64_C(1) << 33,
                                    .block_kv = INT64_C(1) << 33,
                                    .count = 1,
                                    .rows = 1,
                                    .columns = 1,
                                    .first = first,
                                    .block = list,
                                    .entries = 1};
    struct attention_problem p = {1, 1, 1, 1, 70, 70, 8, DTYPE_F32, {true, -1, -1, 0, &mask}, 0.3f};
    for (int dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++) {
        p.dtype = (enum dtype)dtype;
        struct simt_attention got = run(*state, "block_sparse", &p);
        assert_int_equal(got.stages[0].blocks, 2); /* of 64 queries: none is launched for what does not exist */
    }
}

/* The second block of queries is one tile long, where the first has two: nothing is read for the one that is missing.
 */
static void test_missing_tiles(void **state)
{
    static const int64_t first[] = {0, 2, 3};
    static const int32_t list[] = {0, 3, 1};
    const struct block_mask mask = {.block_q = 128,
                                    .block_kv = 16,
                                    .count = 1,
                                    .rows = 2,
                                    .columns = 12,
                                    .first = first,
                                    .block = list,
                                    .entries = 3};
    struct attention_problem p = {1, 1, 1, 1, 192, 192, 8, DTYPE_F32, {false, -1, -1, 0, &mask}, 0.3f};
    for (int dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++) {
        p.dtype = (enum dtype)dtype;
        run(*state, "block_sparse", &p);
    }
}

/* More blocks than a warp holds at a time, every other one. */
static void test_long_list(void **state)
{
    enum { ENTRIES = 40 };
    static const int64_t first[] = {0, ENTRIES};
    int32_t list[ENTRIES];
    for (int i = 0; i < ENTRIES; i++)
        list[i] = 2 * i;
    const struct block_mask mask = {.block_q = 64,
                                    .block_kv = 8,
                                    .count = 1,
                                    .rows = 1,
                                    .columns = 2 * ENTRIES,
                                    .first = first,
                                    .block = list,
                                    .entries = ENTRIES};
    struct attention_problem p = {1, 1, 1, 1, 20, 16 * ENTRIES, 8, DTYPE_F32, {false, -1, -1, 0, &mask}, 0.3f};
    for (int dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++) {
        p.dtype = (enum dtype)dtype;
        run(*state, "block_sparse", &p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_groups), cmocka_unit_test(test_long_blocks),
                                       cmocka_unit_test(test_missing_tiles), cmocka_unit_test(test_long_list)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
