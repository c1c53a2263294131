/* faults.h - kernels that are wrong on purpose, one a file, and kernels that are right and look alike. Each allocates,
 * launches and returns what the launch said. */
#ifndef TESTS_SIMT_FAULTS_FAULTS_H
#define TESTS_SIMT_FAULTS_FAULTS_H

#include "kernels/simt/simt.h"

#ifdef __cplusplus
extern "C" {
#endif

enum status wrong_missing_barrier(struct simt *simt);
enum status wrong_missing_second_barrier(struct simt *simt);
enum status wrong_missing_syncwarp(struct simt *simt);
enum status wrong_tail_off_by_one(struct simt *simt);
enum status wrong_sram_off_by_one(struct simt *simt);
enum status wrong_before_the_tensor(struct simt *simt);
enum status wrong_missing_wait(struct simt *simt);
enum status wrong_wait_without_barrier(struct simt *simt);
enum status wrong_stale_stage(struct simt *simt);
enum status wrong_copy_left_behind(struct simt *simt);
enum status wrong_uninitialised_tail(struct simt *simt);
enum status wrong_uninitialised_sum(struct simt *simt);
enum status wrong_sram_of_the_block_before(struct simt *simt);
enum status wrong_blocks_write_the_same(struct simt *simt);
enum status wrong_block_reads_another(struct simt *simt);
enum status wrong_block_writes_what_another_read(struct simt *simt);
enum status wrong_divergent_barrier(struct simt *simt);
enum status wrong_two_barriers(struct simt *simt);
enum status wrong_uneven_turns(struct simt *simt);
enum status wrong_misaligned_float4(struct simt *simt);
enum status wrong_misaligned_copy(struct simt *simt);
enum status wrong_freed_tensor(struct simt *simt);
enum status wrong_offset_overflow(struct simt *simt);
enum status wrong_too_much_sram(struct simt *simt);
enum status wrong_sram_beyond_the_launch(struct simt *simt);
enum status wrong_own_array(struct simt *simt);
enum status wrong_too_many_threads(struct simt *simt);
enum status wrong_narrow_lane_mask(struct simt *simt);
enum status wrong_mask_without_the_caller(struct simt *simt);
enum status wrong_absent_lanes(struct simt *simt);
enum status wrong_shuffle_beyond_the_block(struct simt *simt);
/* Both in matrix.cu. */
enum status wrong_skewed_row(struct simt *simt);
enum status wrong_half_a_product(struct simt *simt);

/* The same things done right; STATUS_FAILED when the result is not what it should be. */
enum status right_barriers(struct simt *simt);
enum status right_stages(struct simt *simt);
enum status right_warp(struct simt *simt);
enum status right_far_offset(struct simt *simt);
/* c[16][8] = 1 + a[16][16] b[16][8], bf16 or fp16 bits, by tensor-core instructions; the operands through ldmatrix or
 * by hand. */
enum status right_product(struct simt *simt, const uint16_t *a, const uint16_t *b, int by_hand, int f16, float *c);

#ifdef __cplusplus
}
#endif

#endif
