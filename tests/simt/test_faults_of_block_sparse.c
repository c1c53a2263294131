/* block_sparse with one word of it wrong, each in a file of faults/sparse_*.cu: found, by a fault with the right
 * message or by the oracle; the right one beside them is not. And what would become of a wrong block mask that nobody
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/block_mask.h"
#include "kernels/oracle.h"
#include "kernels/workload.h"
#include "simt/help_faults.h"

extern const struct cuda_kernel wrong_sparse_list_too_far, wrong_sparse_row_too_far, wrong_sparse_first_head,
    wrong_sparse_first_tile_lost, wrong_sparse_full_range, wrong_sparse_partial_as_full, wrong_sparse_narrow_lane_mask,
    wrong_sparse_barrier_before_scores, wrong_sparse_barrier_between_tiles, simt_kernel_block_sparse;

/* Three rows of blocks, the last of both kinds shorter; two heads with masks of their own. */
enum { QUERIES = 150, KEYS = 150, DIM = 32, HEADS = 2 };
static const int64_t first[] = {0, 1, 3, 6, 7, 8, 9};
static const int32_t list[] = {0, 0, 1, 0, 1, 2, 0, 1, 2};
static const struct block_mask blocks = {
    .block_q = 64, .block_kv = 64, .count = 2, .rows = 3, .columns = 3, .first = first, .block = list, .entries = 9};
static const struct attention_problem small = {.layers = 1,
                                               .batch = 1,
                                               .heads = HEADS,
                                               .kv_heads = 1,
                                               .len_q = QUERIES,
                                               .len_kv = KEYS,
                                               .head_dim = DIM,
                                               .mask = {true, -1, -1, 0, &blocks},
                                               .scale = 1};

static const struct {
    const struct cuda_kernel *kernel;
    enum dtype dtype;
    struct planted fault;
} wrong[] = {
    /* Rows run backwards: block 3 has the last row of the second head, whose list ends the array. */
    {&wrong_sparse_list_too_far,
     DTYPE_F32,
     {"list_too_far",
      SIMT_OUT_OF_BOUNDS,
      {"block_sparse<32>: block (3,0,0)", "reads out of bounds: block_list[9]", "key_tiles.cuh:"}}},
    {&wrong_sparse_list_too_far,
     DTYPE_BF16,
     {"list_too_far",
      SIMT_OUT_OF_BOUNDS,
      {"block_sparse_mma<S>: block (3,0,0)", "reads out of bounds: block_list[9]"}}},
    {&wrong_sparse_row_too_far,
     DTYPE_F32,
     {"row_too_far", SIMT_OUT_OF_BOUNDS, {"block_sparse<32>: block (3,0,0)", "reads out of bounds: block_first[7]"}}},
    {&wrong_sparse_first_head, DTYPE_F32, {"first_head", SIMT_NO_FAULT, {"O[layer 0", "head 1"}}},
    {&wrong_sparse_first_head, DTYPE_F16, {"first_head", SIMT_NO_FAULT, {"O[layer 0", "head 1"}}},
    {&wrong_sparse_first_tile_lost, DTYPE_F32, {"first_tile_lost", SIMT_NO_FAULT, {"O[layer 0"}}},
    {&wrong_sparse_first_tile_lost, DTYPE_BF16, {"first_tile_lost", SIMT_NO_FAULT, {"O[layer 0"}}},
    {&wrong_sparse_full_range, DTYPE_F32, {"full_range", SIMT_OUT_OF_BOUNDS, {"reads out of bounds: k[4800]"}}},
    {&wrong_sparse_partial_as_full, DTYPE_F32, {"partial_as_full", SIMT_NO_FAULT, {"O[layer 0"}}},
    {&wrong_sparse_narrow_lane_mask,
     DTYPE_F32,
     {"narrow_lane_mask", SIMT_LANE_MASK, {"block_sparse<32>: block (0,0,0)", "leaves it out"}}},
    {&wrong_sparse_barrier_before_scores,
     DTYPE_F32,
     {"barrier_before_scores", SIMT_UNINITIALISED, {"block_sparse<32>: block (0,0,0)", "_tile["}}},
    {&wrong_sparse_barrier_between_tiles,
     DTYPE_F32,
     {"barrier_between_tiles",
      SIMT_RACE_IN_BLOCK,
      {"block_sparse<32>: block (0,0,0)", "_tile[", "no barrier between"}}},
};
enum { WRONG = sizeof wrong / sizeof wrong[0] };

static void test_wrong(void **state)
{
    int found = 0;
    for (int i = 0; i < WRONG; i++) {
        char words[FAULT_WORDS];
        struct attention_problem problem = small;
        problem.dtype = wrong[i].dtype;
        enum simt_fault_kind kind = fault_of_kernel(*state, wrong[i].kernel, &problem, words);
        found += fault_as_planted(&wrong[i].fault, kind, words);
    }
    faults_sum_up("faults_of_block_sparse", "block_sparse", WRONG, found);
}

static void test_right(void **state)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++) {
        char words[FAULT_WORDS];
        struct attention_problem problem = small;
        problem.dtype = dtype;
        assert_int_equal(fault_of_kernel(*state, &simt_kernel_block_sparse, &problem, words), SIMT_NO_FAULT);
        assert_string_equal(words, "");
    }
}

/* Masks that attention_check refuses. Were they launched all the same: a block listed twice counts twice, which the
 * oracle sees; a block out of range is cut off at the keys that exist, so no memory is touched that is not the
 * tensors'; the order of a list does not matter to the kernel. */
static void test_masks_that_are_refused(void **state)
{
    static const struct {
        int32_t list[9];
        const char *refused, *found;
    } masks[] = {
        {{0, 0, 0, 0, 1, 2, 0, 1, 2}, "is listed twice", "O[layer 0"},
        {{0, 0, 1, 2, 1, 0, 0, 1, 2}, "is not in rising order", ""},
        {{0, 0, 1, 0, 1, 2, 0, 1, 3}, "is out of range", "O[layer 0"},
        {{-1, 0, 1, 0, 1, 2, 0, 1, 2}, "is out of range", "O[layer 0"},
    };
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        struct block_mask mask = blocks;
        struct attention_problem problem = small, meant = small;
        struct diags diags = {0};
        char words[700];
        mask.block = masks[i].list;
        problem.mask.blocks = &mask;
        assert_int_equal(attention_check(&problem, &diags), STATUS_BAD_INPUT);
        assert_non_null(strstr(diags.items[0].what, masks[i].refused));
        diags_free(&diags);

        float q[QUERIES * HEADS * DIM], k[KEYS * DIM], v[KEYS * DIM];
        struct simt_attention got;
        struct verdict verdict;
        assert_int_equal(workload_fill(&problem, q, k, v, 1, 1), STATUS_OK);
        if (simt_attend(*state, &simt_kernel_block_sparse, &problem, q, k, v, &got) != STATUS_OK)
            fail_msg("%s", simt_fault(*state)->message);
        assert_int_equal(oracle_judge(&meant, &got.tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
        snprintf(words, sizeof words, "%s", verdict.pass ? "" : verdict.message);
        if (*masks[i].found ? !strstr(words, masks[i].found) : words[0] != '\0')
            fail_msg("mask %zu: found '%s'", i, words);
    }
}

static int open_simt(void **state)
{
    *state = simt_open((size_t)1 << 26);
    return *state ? 0 : -1;
}

static int close_simt(void **state)
{
    simt_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_wrong), cmocka_unit_test(test_right),
                                       cmocka_unit_test(test_masks_that_are_refused)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
