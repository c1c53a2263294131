/* Packed sequences with one word of a block's place wrong (faults/packed.cu): found, by a fault with the right message
 * or by the oracle; the right ones beside them are not. And offsets beyond 32 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/workload.h"
#include "simt/help_faults.h"

extern const struct cuda_packed wrong_packed_start_off_by_one, wrong_packed_tail_is_full, wrong_packed_key_of_the_next,
    wrong_packed_empty_has_a_row, wrong_packed_first_layer, wrong_packed_first_kv_head, wrong_packed_lse_by_tokens,
    wrong_packed_offset_overflow, wrong_packed_window_of_the_pack;
extern const struct cuda_kernel simt_kernel_flash_tiled, simt_kernel_flash_mma;

/* Empty sequences in the middle and at the end; two tiles, the second of a few rows. */
static const int64_t starts[] = {0, 70, 70, 75, 205, 300, 300};
static const struct packed packed = {starts, 6};
enum { TOKENS = 300, LAYERS = 2, HEADS = 4, KV_HEADS = 2, DIM = 32 };
static const struct attention_problem small = {
    LAYERS, 1, HEADS, KV_HEADS, TOKENS, TOKENS, DIM, DTYPE_F32, {.window_left = 40, .window_right = 40}, 1};

static const struct {
    const struct cuda_packed *how;
    enum dtype dtype;
    struct planted fault;
} wrong[] = {
    {&wrong_packed_start_off_by_one,
     DTYPE_F32,
     {"start_off_by_one", SIMT_OUT_OF_BOUNDS, {"packed_rows<32>: block (", "reads out of bounds: q[76800]"}}},
    {&wrong_packed_start_off_by_one,
     DTYPE_BF16,
     {"start_off_by_one", SIMT_OUT_OF_BOUNDS, {"packed_mma<S>: block (", "reads out of bounds: q[76800]"}}},
    {&wrong_packed_tail_is_full, DTYPE_F32, {"tail_is_full", SIMT_RACE_OF_BLOCKS, {"packed_rows<32>: block ("}}},
    {&wrong_packed_tail_is_full, DTYPE_BF16, {"tail_is_full", SIMT_RACE_OF_BLOCKS, {"packed_mma<S>: block ("}}},
    {&wrong_packed_key_of_the_next, DTYPE_F32, {"key_of_the_next", SIMT_NO_FAULT, {"O[layer 0"}}},
    {&wrong_packed_empty_has_a_row, DTYPE_F32, {"empty_has_a_row", SIMT_RACE_OF_BLOCKS, {"packed_rows<32>: block ("}}},
    {&wrong_packed_first_layer, DTYPE_F32, {"first_layer", SIMT_RACE_OF_BLOCKS, {"packed_rows<32>: block ("}}},
    {&wrong_packed_first_kv_head, DTYPE_F32, {"first_kv_head", SIMT_NO_FAULT, {"O[", "head 3"}}},
    {&wrong_packed_first_kv_head, DTYPE_F16, {"first_kv_head", SIMT_NO_FAULT, {"O[", "head 3"}}},
    {&wrong_packed_lse_by_tokens, DTYPE_F32, {"lse_by_tokens", SIMT_RACE_OF_BLOCKS, {"log_sum_exp["}}},
    {&wrong_packed_window_of_the_pack, DTYPE_F32, {"window_of_the_pack", SIMT_NO_FAULT, {"O["}}},
    {&wrong_packed_window_of_the_pack, DTYPE_BF16, {"window_of_the_pack", SIMT_NO_FAULT, {"O["}}},
};
enum { WRONG = sizeof wrong / sizeof wrong[0] };

static const struct cuda_kernel *kernel_of(enum dtype dtype)
{
    return dtype == DTYPE_F32 ? &simt_kernel_flash_tiled : &simt_kernel_flash_mma;
}

/* What is found, in words; "" when nothing is. */
static enum simt_fault_kind judge(struct simt *simt, const struct cuda_packed *how, enum dtype dtype, char *words,
                                  size_t size)
{
    static float q[LAYERS * TOKENS * HEADS * DIM], k[LAYERS * TOKENS * KV_HEADS * DIM],
        v[LAYERS * TOKENS * KV_HEADS * DIM];
    struct attention_problem problem = small;
    struct simt_attention got;
    struct diags diags = {0};
    problem.dtype = dtype;
    assert_int_equal(workload_fill(&problem, q, k, v, 1, 1), STATUS_OK);
    if (simt_attend_packed(simt, kernel_of(dtype), how, &problem, &packed, q, k, v, &got, &diags) != STATUS_OK) {
        snprintf(words, size, "%s", simt_fault(simt)->message);
        return simt_fault(simt)->kind;
    }
    words[0] = '\0';
    for (int64_t layer = 0; layer < LAYERS && !*words; layer++)
        for (int64_t s = 0; s < packed.count && !*words; s++) {
            struct attention_problem part = packed_part(&problem, &packed, s, layer);
            if (part.len_q == 0)
                continue;
            int64_t token = layer * TOKENS + starts[s];
            size_t q_at = (size_t)(token * HEADS * DIM) * dtype_size(dtype), kv_at = q_at / HEADS * KV_HEADS;
            const struct attention_tensors *t = &got.tensors,
                                           own = {(const char *)t->q + q_at, (const char *)t->k + kv_at,
                                                  (const char *)t->v + kv_at, (char *)t->o + q_at,
                                                  t->log_sum_exp + token * HEADS};
            struct verdict verdict;
            assert_int_equal(oracle_judge(&part, &own, INT64_MAX, 1, 1, &verdict), STATUS_OK);
            snprintf(words, size, "%s", verdict.pass ? "" : verdict.message);
        }
    return SIMT_NO_FAULT;
}

static void test_wrong(void **state)
{
    int found = 0;
    for (int i = 0; i < WRONG; i++) {
        char words[FAULT_WORDS];
        enum simt_fault_kind kind = judge(*state, wrong[i].how, wrong[i].dtype, words, sizeof words);
        found += fault_as_planted(&wrong[i].fault, kind, words);
    }
    faults_sum_up("faults_of_packed", "packed sequences", WRONG, found);
}

static void test_right(void **state)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++) {
        char words[FAULT_WORDS];
        assert_int_equal(judge(*state, &simt_kernel_packed, dtype, words, sizeof words), SIMT_NO_FAULT);
        assert_string_equal(words, "");
    }
}

/* Sequences of one token, of 2^9 heads of 64 columns: the last of 2^16 + 1 begins at element 2^31. */
enum { SEQUENCES = (1 << 16) + 1, MANY = 1 << 9, COLUMNS = 64 };
static const struct attention_problem huge = {
    1, 1, MANY, MANY, SEQUENCES, SEQUENCES, COLUMNS, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1};

/* The last tile is the first block: only that one runs. */
static enum status launch_far(struct simt *simt, const struct cuda_packed *how, enum dtype dtype)
{
    static int64_t far[SEQUENCES + 1];
    for (int s = 0; s <= SEQUENCES; s++)
        far[s] = s;
    void *tensors[4];
    struct attention_problem problem = huge;
    struct diags diags = {0};
    problem.dtype = dtype;
    simt_reset(simt);
    simt_clear_fault(simt);
    simt_only_blocks(simt, 0, 1);
    for (int i = 0; i < 4; i++) {
        tensors[i] = simt_alloc(simt, (const char *[]){"q", "k", "v", "o"}[i], dtype_size(dtype),
                                (size_t)SEQUENCES * MANY * COLUMNS);
        assert_non_null(tensors[i]);
        if (i < 3)
            simt_assume_initialised(simt, tensors[i]);
    }
    int64_t *starts_there = simt_alloc(simt, "starts", sizeof *starts_there, SEQUENCES + 1);
    assert_non_null(starts_there);
    simt_upload(simt, starts_there, far, sizeof far);
    const struct attention_tensors t = {.q = tensors[0], .k = tensors[1], .v = tensors[2], .o = tensors[3]};
    const struct packed pack = {far, SEQUENCES};
    const struct cuda_packed_launch launch = {
        {.problem = &problem, .tensors = &t, .stream = simt}, &pack, starts_there};
    enum status status = how->launch(kernel_of(dtype), &launch, &diags);
    if (status == STATUS_OK) /* the last token's, of the first head: its place is 2^31 and beyond */
        assert_int_equal(simt_unwritten(simt, (char *)t.o + (INT64_C(1) << 31) * (int64_t)dtype_size(dtype),
                                        COLUMNS * dtype_size(dtype)),
                         0);
    simt_only_blocks(simt, 0, INT64_MAX);
    return status;
}

/* More than 2^31 tokens in all, of one head of 8 columns; the last five are a sequence of their own. */
static void test_far_tokens(void **state)
{
    enum { LAST = 5, NARROW = 8 };
    static const int64_t each = (INT64_C(1) << 29) - 1,
                         far[] = {0, each, 2 * each, 3 * each, 4 * each, 5 * each, 5 * each + LAST};
    struct simt *simt = *state;
    const struct packed pack = {far, 6};
    const struct attention_problem p = {
        1, 1, 1, 1, far[6], far[6], NARROW, DTYPE_BF16, {.window_left = -1, .window_right = -1}, 1};
    static uint16_t in[LAST * NARROW];
    static float numbers[LAST * NARROW];
    char *tensors[4];
    simt_reset(simt);
    simt_clear_fault(simt);
    simt_only_blocks(simt, 0, 2); /* the last tile is one too many */
    for (int i = 0; i < 4; i++) {
        tensors[i] = simt_alloc(simt, (const char *[]){"q", "k", "v", "o"}[i], 2, (size_t)(far[6] * NARROW));
        assert_non_null(tensors[i]);
        tensors[i] += 2 * far[5] * NARROW;
        workload_gaussian(numbers, LAST * NARROW, 1, (uint64_t)i + 1, 1);
        elements_from_floats(in, numbers, LAST * NARROW, DTYPE_BF16);
        if (i < 3)
            simt_upload(simt, tensors[i], in, sizeof in);
    }
    int64_t *there = simt_alloc(simt, "starts", sizeof *there, 7);
    assert_non_null(there);
    simt_upload(simt, there, far, sizeof far);
    const int64_t back = 2 * far[5] * NARROW;
    const struct attention_tensors t = {tensors[0] - back, tensors[1] - back, tensors[2] - back, tensors[3] - back,
                                        NULL};
    const struct cuda_packed_launch launch = {{.problem = &p, .tensors = &t, .stream = simt}, &pack, there};
    struct diags diags = {0};
    assert_null(simt_kernel_packed.unsupported(&simt_kernel_flash_mma, &p, &pack));
    if (simt_kernel_packed.launch(&simt_kernel_flash_mma, &launch, &diags) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
    simt_only_blocks(simt, 0, INT64_MAX);
    const struct attention_problem part = packed_part(&p, &pack, 5, 0);
    const struct attention_tensors own = {tensors[0], tensors[1], tensors[2], tensors[3], NULL};
    struct verdict verdict;
    assert_int_equal(oracle_judge(&part, &own, INT64_MAX, 1, 1, &verdict), STATUS_OK);
    if (!verdict.pass)
        fail_msg("%s", verdict.message);
}

static void test_overflow(void **state)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
        assert_int_equal(launch_far(*state, &wrong_packed_offset_overflow, dtype), STATUS_WRONG);
        if (!strstr(simt_fault(*state)->message, "neither HBM nor SRAM"))
            fail_msg("offset_overflow: %s", simt_fault(*state)->message);
        if (launch_far(*state, &simt_kernel_packed, dtype) != STATUS_OK)
            fail_msg("right: %s", simt_fault(*state)->message);
    }
    faults_sum_up("faults_of_packed_offsets", "packed sequences at element 2^31", 2, 2);
}

static int open_simt(void **state)
{
    *state = simt_open((size_t)200 << 30); /* address space: 4 tensors of 43 GB */
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
                                       cmocka_unit_test(test_overflow), cmocka_unit_test(test_far_tokens)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
