/* flash_mma with one word of it wrong, each in a file of faults/mma_*.cu: found, by a fault with the right message or
 * by the oracle; the right one beside them is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

enum { PIECES = 4 };

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

/* Kind SIMT_NO_FAULT: the numbers are wrong, and the oracle says so. */
static const struct {
    const char *name;
    const struct cuda_kernel *kernel;
    enum simt_fault_kind kind;
    const char *pieces[PIECES]; /* all of which the message must hold */
} wrong[] = {
    {"missing_wait",
     &wrong_mma_missing_wait,
     SIMT_IN_FLIGHT,
     {"flash_mma<S>: block (0,0,0)", "it was not waited for: q_tile[", "kernels/cuda/mma.cuh:"}},
    {"stale_stage",
     &wrong_mma_stale_stage,
     SIMT_IN_FLIGHT,
     {"it was not waited for: v_tile[", "kernels/cuda/mma.cuh:"}},
    /* Other threads' copies: not there yet in the first tile, on their way in the second. */
    {"barrier_before_values",
     &wrong_mma_barrier_before_values,
     SIMT_UNINITIALISED,
     {"reads what nothing has written: v_tile[", "kernels/cuda/mma.cuh:"}},
    {"barrier_between_stages",
     &wrong_mma_barrier_between_stages,
     SIMT_IN_FLIGHT,
     {"it was not waited for: k_tile[", "kernels/cuda/mma.cuh:"}},
    {"uninitialised_tail",
     &wrong_mma_uninitialised_tail,
     SIMT_UNINITIALISED,
     {"reads what nothing has written: ", "_tile[", "kernels/cuda/mma.cuh:"}},
    {"tail_off_by_one",
     &wrong_mma_tail_off_by_one,
     SIMT_OUT_OF_BOUNDS,
     {"flash_mma<S>: block (0,0,0)", "reads out of bounds: ", "mma_tail_off_by_one.cu:"}},
    {"swapped_fragment", &wrong_mma_swapped_fragment, SIMT_NO_FAULT, {"O[layer 0"}},
    {"wrong_swizzle", &wrong_mma_wrong_swizzle, SIMT_NO_FAULT, {"O[layer 0"}},
    {"swapped_weights", &wrong_mma_swapped_weights, SIMT_NO_FAULT, {"O[layer 0"}},
    {"narrow_lane_mask", &wrong_mma_narrow_lane_mask, SIMT_LANE_MASK, {"flash_mma<S>: block (0,0,0)", "leaves it out"}},
    {"missing_syncwarp",
     &wrong_mma_missing_syncwarp,
     SIMT_RACE_IN_BLOCK,
     {"q_tile[", "no barrier between", "kernels/cuda/mma.cuh:"}},
    {"base_never_raised", &wrong_mma_base_never_raised, SIMT_NO_FAULT, {"O[sequence 0, row 0", "is not finite"}},
};

enum { WRONG = sizeof wrong / sizeof wrong[0] };

/* What is found, in words; "" when nothing is. */
static enum simt_fault_kind judge(struct simt *simt, const struct cuda_kernel *kernel, char *words, size_t size)
{
    static uint16_t q[QUERIES * HEADS * DIM], k[KEYS * DIM], v[KEYS * DIM];
    static float numbers[QUERIES * HEADS * DIM];
    const struct {
        uint16_t *to;
        int64_t count;
    } inputs[] = {{q, QUERIES * HEADS * DIM}, {k, KEYS * DIM}, {v, KEYS * DIM}};
    for (int i = 0; i < 3; i++) {
        workload_gaussian(numbers, inputs[i].count, 1, (uint64_t)i + 1, 1);
        elements_from_floats(inputs[i].to, numbers, inputs[i].count, DTYPE_BF16);
    }
    struct simt_attention got;
    struct verdict verdict = {.pass = false};
    if (simt_attend(simt, kernel, &small, q, k, v, &got) != STATUS_OK) {
        snprintf(words, size, "%s", simt_fault(simt)->message);
        return simt_fault(simt)->kind;
    }
    assert_int_equal(oracle_judge(&small, &got.tensors, INT64_MAX, 1, 1, &verdict), STATUS_OK);
    snprintf(words, size, "%s", verdict.pass ? "" : verdict.message);
    return SIMT_NO_FAULT;
}

static void test_wrong(void **state)
{
    int found = 0;
    for (int i = 0; i < WRONG; i++) {
        char words[700];
        enum simt_fault_kind kind = judge(*state, wrong[i].kernel, words, sizeof words);
        bool as_expected = kind == wrong[i].kind;
        for (int p = 0; p < PIECES && wrong[i].pieces[p]; p++)
            as_expected &= strstr(words, wrong[i].pieces[p]) != NULL;
        found += as_expected;
        if (!as_expected)
            print_error("mma_%s: expected %s, got %s: %s\n", wrong[i].name, simt_fault_name(wrong[i].kind),
                        simt_fault_name(kind), words);
    }
    printf("faults planted in flash_mma: %d, found with the right message: %d\n", WRONG, found);
    assert_int_equal(found, WRONG);
}

static void test_right(void **state)
{
    char words[700];
    assert_int_equal(judge(*state, &simt_kernel_flash_mma, words, sizeof words), SIMT_NO_FAULT);
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
    printf("offsets of 32 bits: found at element 2^31\n");
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
