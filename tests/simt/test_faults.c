/* The judge judged: every kernel in faults/ that is wrong on purpose is found, with the message that tells a person
 * what and where; the right ones beside them are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "simt/faults/faults.h"
#include "simt/help_faults.h"

static const struct {
    enum status (*run)(struct simt *simt);
    struct planted fault;
} wrong[] = {
    {wrong_missing_barrier,
     {"missing_barrier",
      SIMT_RACE_IN_BLOCK,
      {"pairs: block (0,0,0), thread (1,0,0)", "tile[0] at", "missing_barrier.cu:13; the other is thread (0,0,0), at",
       "missing_barrier.cu:12"}}},
    {wrong_missing_second_barrier,
     {"missing_second_barrier",
      SIMT_RACE_IN_BLOCK,
      {"sum_tiles: block (0,0,0)", "tile[", "no barrier between", "the other is thread"}}},
    {wrong_missing_syncwarp,
     {"missing_syncwarp", SIMT_RACE_IN_BLOCK, {"neighbours: block (0,0,0)", "tile[", "another thread reads"}}},
    {wrong_tail_off_by_one,
     {"tail_off_by_one",
      SIMT_OUT_OF_BOUNDS,
      {"copy: block (3,0,0), thread (4,0,0)", "writes out of bounds: out[100]"}}},
    {wrong_sram_off_by_one,
     {"sram_off_by_one", SIMT_OUT_OF_BOUNDS, {"thread (31,0,0)", "reads out of bounds: first[32]"}}},
    {wrong_before_the_tensor,
     {"before_the_tensor", SIMT_OUT_OF_BOUNDS, {"thread (0,0,0)", "reads out of bounds: in[-1]"}}},
    {wrong_missing_wait,
     {"missing_wait", SIMT_IN_FLIGHT, {"through: block (0,0,0), thread (0,0,0)", "not waited for: tile[0]"}}},
    {wrong_wait_without_barrier,
     {"wait_without_barrier",
      SIMT_RACE_IN_BLOCK,
      {"through: block (0,0,0), thread (1,0,0)", "tile[1]", "the other is thread (0,0,0)"}}},
    {wrong_stale_stage, {"stale_stage", SIMT_IN_FLIGHT, {"stages: block (0,0,0)", "not waited for: tile[0]"}}},
    {wrong_copy_left_behind,
     {"copy_left_behind", SIMT_IN_FLIGHT, {"forgotten: block (0,0,0)", "nobody waited for: tile["}}},
    {wrong_uninitialised_tail,
     {"uninitialised_tail",
      SIMT_UNINITIALISED,
      {"sum_tail: block (0,0,0), thread (0,0,0)", "reads what nothing has written: tile[50]"}}},
    {wrong_uninitialised_sum,
     {"uninitialised_sum",
      SIMT_UNINITIALISED,
      {"accumulate: block (0,0,0), thread (0,0,0)", "reads what nothing has written: out[0]"}}},
    {wrong_sram_of_the_block_before,
     {"sram_of_the_block_before", SIMT_UNINITIALISED, {"inherit: block (1,0,0), thread (0,0,0)", "tile[0]"}}},
    {wrong_blocks_write_the_same,
     {"blocks_write_the_same",
      SIMT_RACE_OF_BLOCKS,
      {"collide: block (1,0,0), thread (0,0,0)", "another block writes", "out[0]", "the other is block (0,0,0)"}}},
    {wrong_block_reads_another,
     {"block_reads_another",
      SIMT_RACE_OF_BLOCKS,
      {"chain: block (1,0,0), thread (0,0,0)", "out[0]", "the other is block (0,0,0)"}}},
    {wrong_block_writes_what_another_read,
     {"block_writes_what_another_read",
      SIMT_RACE_OF_BLOCKS,
      {"in_place: block (1,0,0)", "in[", "the other is block (0,0,0)"}}},
    {wrong_divergent_barrier,
     {"divergent_barrier",
      SIMT_DIVERGENCE,
      {"half: block (0,0,0)", "thread 0 waits at a barrier while another thread has left",
       "the other is thread (16,0,0)"}}},
    {wrong_two_barriers,
     {"two_barriers",
      SIMT_DIVERGENCE,
      {"branches: block (0,0,0)", "at one barrier, another thread at a different one",
       "two_barriers.cu:11; the other is thread (16,0,0), at", "two_barriers.cu:14"}}},
    {wrong_uneven_turns,
     {"uneven_turns", SIMT_DIVERGENCE, {"uneven: block (0,0,0)", "waits at a barrier while another thread has left"}}},
    {wrong_misaligned_float4,
     {"misaligned_float4", SIMT_MISALIGNED, {"vector: block (0,0,0), thread (0,0,0)", "reads 16 bytes", "in[1]"}}},
    {wrong_misaligned_copy,
     {"misaligned_copy", SIMT_MISALIGNED, {"pitched: block (0,0,0), thread (1,0,0)", "writes 16 bytes", "tile[5]"}}},
    {wrong_freed_tensor,
     {"freed_tensor", SIMT_FREED, {"late: block (0,0,0), thread (0,0,0)", "reads a tensor that was freed: in[0]"}}},
    {wrong_offset_overflow,
     {"offset_overflow", SIMT_OUT_OF_BOUNDS, {"far: block (0,0,0), thread (0,0,0)", "neither HBM nor SRAM"}}},
    {wrong_too_much_sram, {"too_much_sram", SIMT_TOO_LARGE, {"large: ", "233472 bytes of SRAM", "at most 232448"}}},
    {wrong_sram_beyond_the_launch,
     {"sram_beyond_the_launch",
      SIMT_TOO_LARGE,
      {"greedy: block (0,0,0)", "SRAM array second ends at byte 256", "asked for 128"}}},
    {wrong_own_array,
     {"own_array", SIMT_OUT_OF_BOUNDS, {"own_array: block (0,0,0)", "index 4 of one of its own arrays"}}},
    {wrong_too_many_threads, {"too_many_threads", SIMT_TOO_LARGE, {"crowd: ", "33 x 32 x 1 threads"}}},
    {wrong_narrow_lane_mask,
     {"narrow_lane_mask", SIMT_LANE_MASK, {"narrow: block (0,0,0)", "which the mask 0x0000ffff leaves out"}}},
    {wrong_mask_without_the_caller,
     {"mask_without_the_caller", SIMT_LANE_MASK, {"uninvited: block (0,0,0), thread (16,0,0)", "leaves it out"}}},
    {wrong_absent_lanes,
     {"absent_lanes", SIMT_DIVERGENCE, {"absent: block (0,0,0)", "lanes 0xffff0000 of it have left the kernel"}}},
    {wrong_shuffle_beyond_the_block,
     {"shuffle_beyond_the_block", SIMT_DIVERGENCE, {"short_warp: block (0,0,0)", "do not exist"}}},
    {wrong_skewed_row,
     {"matrix", SIMT_MISALIGNED, {"product: block (0,0,0), thread (0,0,0)", "a row of ldmatrix", "a[4]"}}},
    {wrong_half_a_product, {"matrix", SIMT_DIVERGENCE, {"half_a_product: block (0,0,0)", "lanes 0xffff0000 of it"}}},
};

static const struct {
    const char *name;
    enum status (*run)(struct simt *simt);
} right[] = {
    {"barriers", right_barriers},
    {"stages", right_stages},
    {"warp", right_warp},
    {"far offset", right_far_offset},
};

enum { WRONG = sizeof wrong / sizeof wrong[0], RIGHT = sizeof right / sizeof right[0] };

static int open_simt(void **state)
{
    /* Address space only: the tensors of the offsets beyond 2^31 elements have 10 GB. */
    *state = simt_open((size_t)12 << 30);
    return *state ? 0 : -1;
}

static int close_simt(void **state)
{
    simt_close(*state);
    return 0;
}

static void test_wrong(void **state)
{
    struct simt *simt = *state;
    int found = 0;
    for (int i = 0; i < WRONG; i++) {
        simt_reset(simt);
        simt_clear_fault(simt);
        enum status status = wrong[i].run(simt);
        const struct simt_fault *fault = simt_fault(simt);
        char source[64];
        snprintf(source, sizeof source, "tests/simt/faults/%s.cu:", wrong[i].fault.name);
        /* What the launch itself asks for has no line in the kernel. */
        bool placed = fault->thread < 0 || strstr(fault->message, source);
        if (!placed)
            print_error("%s: the message names no line of its source: %s\n", wrong[i].fault.name, fault->message);
        found += fault_as_planted(&wrong[i].fault, fault->kind, fault->message) && status == STATUS_WRONG && placed;
    }
    faults_sum_up("faults", "simulator", WRONG, found);
}

static void test_right(void **state)
{
    struct simt *simt = *state;
    for (int i = 0; i < RIGHT; i++) {
        simt_reset(simt);
        simt_clear_fault(simt);
        enum status status = right[i].run(simt);
        if (status != STATUS_OK)
            fail_msg("%s: status %d, %s", right[i].name, (int)status, simt_fault(simt)->message);
    }
    printf("right kernels beside them: %d, found: 0\n", RIGHT);
}

/* A fault stays until it is cleared, as a device's error does; afterwards the simulator is as new. */
static void test_after_a_fault(void **state)
{
    struct simt *simt = *state;
    simt_reset(simt);
    simt_clear_fault(simt);
    assert_int_equal(wrong_divergent_barrier(simt), STATUS_WRONG);
    assert_int_equal(right_barriers(simt), STATUS_WRONG);
    simt_reset(simt);
    simt_clear_fault(simt);
    assert_int_equal(right_barriers(simt), STATUS_OK);
}

/* Small whole numbers, all different in place and exact in both types. */
static uint16_t bits_of(int value, bool f16)
{
    uint32_t bits;
    float number = (float)value;
    memcpy(&bits, &number, sizeof bits);
    if (!f16 || value == 0)
        return (uint16_t)(bits >> 16);
    return (uint16_t)((bits >> 16 & 0x8000) | (((bits >> 23 & 255) - 112) << 10) | (bits >> 13 & 1023));
}

/* mma.sync and ldmatrix against a plain product, with asymmetric operands so that no exchanged index can hide. */
static void test_matrices(void **state)
{
    struct simt *simt = *state;
    for (int variant = 0; variant < 4; variant++) {
        bool by_hand = variant & 1, f16 = variant & 2;
        uint16_t a[16][16], b[16][8];
        float c[16][8];
        for (int i = 0; i < 16; i++)
            for (int j = 0; j < 16; j++) {
                a[i][j] = bits_of((i * 37 + j * 11) % 101 - 50, f16);
                if (j < 8)
                    b[i][j] = bits_of((i * 23 + j * 41) % 97 - 40, f16);
            }
        simt_reset(simt);
        simt_clear_fault(simt);
        simt_clear_counts(simt);
        if (right_product(simt, &a[0][0], &b[0][0], by_hand, f16, &c[0][0]) != STATUS_OK)
            fail_msg("%s", simt_fault(simt)->message);
        assert_int_equal(simt_counts(simt)->products, 1);
        for (int i = 0; i < 16; i++)
            for (int j = 0; j < 8; j++) {
                int sum = 1;
                for (int k = 0; k < 16; k++)
                    sum += ((i * 37 + k * 11) % 101 - 50) * ((k * 23 + j * 41) % 97 - 40);
                assert_int_equal((int)c[i][j], sum);
            }
    }
    printf("mma.sync m16n8k16 and ldmatrix equal plain products: bf16 and fp16, fragments loaded and by hand\n");
}

/* tiles<<<2, 64>>> over 150 elements: three turns of two barriers a block, each thread one load a turn that has one. */
static void test_counts(void **state)
{
    struct simt *simt = *state;
    simt_reset(simt);
    simt_clear_fault(simt);
    simt_clear_counts(simt);
    assert_int_equal(right_barriers(simt), STATUS_OK);
    const struct simt_counts *counts = simt_counts(simt);
    assert_int_equal(counts->launches, 1);
    assert_int_equal(counts->blocks, 2);
    assert_int_equal(counts->barriers, 2 * 3 * 2);
    assert_int_equal(counts->hbm_read, 2 * 150 * 4);
    assert_int_equal(counts->hbm_written, 2 * 64 * 4);
    assert_int_equal(counts->sram_written, 2 * 3 * 64 * 4);
    assert_int_equal(counts->sram_read, 2 * 3 * 64 * 64 * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_wrong), cmocka_unit_test(test_right),
                                       cmocka_unit_test(test_after_a_fault), cmocka_unit_test(test_matrices),
                                       cmocka_unit_test(test_counts)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
