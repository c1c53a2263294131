/* flash_mma with one word of it wrong, each in a file of faults/mma_*.cu: found, by a fault with the right message or
 * by the oracle; the right one beside them is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "simt/help_faults.h"

extern const struct cuda_kernel wrong_mma_missing_wait, wrong_mma_stale_stage, wrong_mma_barrier_before_values,
    wrong_mma_barrier_between_stages, wrong_mma_uninitialised_tail, wrong_mma_tail_off_by_one,
    wrong_mma_swapped_fragment, wrong_mma_wrong_swizzle, wrong_mma_swapped_weights, wrong_mma_narrow_lane_mask,
    wrong_mma_missing_syncwarp, wrong_mma_base_never_raised, wrong_mma_offset_overflow, simt_kernel_flash_mma;

/* Two blocks of queries; three tiles of keys, the last of 63, so that the 64th lies beyond the tensor. */
enum { QUERIES = 130, KEYS = 191, DIM = 64, HEADS = 2 };
static const struct attention_problem small = {.layers = 1,
                                               .batch = 1,
                                               .heads = HEADS,
                                               .kv_heads = 1,
                                               .len_q = QUERIES,
                                               .len_kv = KEYS,
                                               .head_dim = DIM,
                                               .dtype = DTYPE_BF16,
                                               .mask = {.window_left = -1, .window_right = -1},
                                               .scale = 40};

static const struct {
    const struct cuda_kernel *kernel;
    struct planted fault;
} wrong[] = {
    {&wrong_mma_missing_wait,
     {"missing_wait",
      SIMT_IN_FLIGHT,
      {"flash_mma<S>: block (0,0,0)", "it was not waited for: q_tile[", "kernels/cuda/mma.cuh:"}}},
    {&wrong_mma_stale_stage,
     {"stale_stage", SIMT_IN_FLIGHT, {"it was not waited for: v_tile[", "kernels/cuda/mma.cuh:"}}},
    /* Other threads' copies: not there yet in the first tile, on their way in the second. */
    {&wrong_mma_barrier_before_values,
     {"barrier_before_values",
      SIMT_UNINITIALISED,
      {"reads what nothing has written: v_tile[", "kernels/cuda/mma.cuh:"}}},
    {&wrong_mma_barrier_between_stages,
     {"barrier_between_stages", SIMT_IN_FLIGHT, {"it was not waited for: k_tile[", "kernels/cuda/mma.cuh:"}}},
    {&wrong_mma_uninitialised_tail,
     {"uninitialised_tail",
      SIMT_UNINITIALISED,
      {"reads what nothing has written: ", "_tile[", "kernels/cuda/mma.cuh:"}}},
    {&wrong_mma_tail_off_by_one,
     {"tail_off_by_one",
      SIMT_OUT_OF_BOUNDS,
      {"flash_mma<S>: block (0,0,0)", "reads out of bounds: ", "mma_tail_off_by_one.cu:"}}},
    {&wrong_mma_swapped_fragment, {"swapped_fragment", SIMT_NO_FAULT, {"O[layer 0"}}},
    {&wrong_mma_wrong_swizzle, {"wrong_swizzle", SIMT_NO_FAULT, {"O[layer 0"}}},
    {&wrong_mma_swapped_weights, {"swapped_weights", SIMT_NO_FAULT, {"O[layer 0"}}},
    {&wrong_mma_narrow_lane_mask,
     {"narrow_lane_mask", SIMT_LANE_MASK, {"flash_mma<S>: block (0,0,0)", "leaves it out"}}},
    {&wrong_mma_missing_syncwarp,
     {"missing_syncwarp", SIMT_RACE_IN_BLOCK, {"q_tile[", "no barrier between", "kernels/cuda/mma.cuh:"}}},
    {&wrong_mma_base_never_raised, {"base_never_raised", SIMT_NO_FAULT, {"O[sequence 0, row 0", "is not finite"}}},
};

enum { WRONG = sizeof wrong / sizeof wrong[0] };

static void test_wrong(void **state)
{
    int found = 0;
    for (int i = 0; i < WRONG; i++) {
        char words[FAULT_WORDS];
        enum simt_fault_kind kind = fault_of_kernel(*state, wrong[i].kernel, &small, words);
        found += fault_as_planted(&wrong[i].fault, kind, words);
    }
    faults_sum_up("faults_of_kernels", "flash_mma", WRONG, found);
}

static void test_right(void **state)
{
    char words[FAULT_WORDS];
    assert_int_equal(fault_of_kernel(*state, &simt_kernel_flash_mma, &small, words), SIMT_NO_FAULT);
    assert_string_equal(words, "");
}

/* 2^25 heads of one query and one key, 64 columns: the last begins at element 2^31 - 64; one head more, and an offset
 * no longer fits into 32 bits. */
static void test_overflow(void **state)
{
    struct simt *simt = *state;
    const int64_t batch = (INT64_C(1) << 25) + 1;
    struct attention_problem huge = small;
    huge.batch = batch;
    huge.heads = huge.kv_heads = huge.len_q = huge.len_kv = 1;
    const struct cuda_kernel *kernels[] = {&wrong_mma_offset_overflow, &simt_kernel_flash_mma};
    for (int right = 0; right < 2; right++) {
        simt_reset(simt);
        simt_clear_fault(simt);
        simt_only_blocks(simt, batch - 1, batch);
        void *tensors[4];
        for (int i = 0; i < 4; i++) {
            tensors[i] = simt_alloc(simt, (const char *[]){"q", "k", "v", "o"}[i], 2, (size_t)batch * DIM);
            assert_non_null(tensors[i]);
            if (i < 3)
                simt_assume_initialised(simt, tensors[i]);
        }
        struct attention_tensors t = {.q = tensors[0], .k = tensors[1], .v = tensors[2], .o = tensors[3]};
        struct cuda_launch launch = {.problem = &huge, .tensors = &t, .stream = simt};
        enum status status = kernels[right]->launch(&launch);
        const struct simt_fault *fault = simt_fault(simt);
        if (right ? status != STATUS_OK
                  : fault->kind != SIMT_OUT_OF_BOUNDS || !strstr(fault->message, "neither HBM nor SRAM"))
            fail_msg("%s: %s", right ? "right" : "mma_offset_overflow", fault->message);
    }
    simt_only_blocks(simt, 0, INT64_MAX);
    faults_sum_up("faults_of_kernels_offsets", "flash_mma at element 2^31", 1, 1);
}

static int open_simt(void **state)
{
    *state = simt_open((size_t)20 << 30); /* address space: 4 tensors of 4 GB */
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
                                       cmocka_unit_test(test_overflow)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
