/* device.h - what a kernel can ask the simulator for: the C side of cuda.cuh and of kernels/cuda/instructions.cuh.
 * All but the first group may switch to another fiber. */
#ifndef KERNELS_SIMT_DEVICE_H
#define KERNELS_SIMT_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernels/simt/simt.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Constant for the fiber that asks. */
struct simt_size simt_thread_index(void) __attribute__((const));
struct simt_size simt_block_index(void) __attribute__((const));
struct simt_size simt_block_size(void) __attribute__((const));
struct simt_size simt_grid_size(void) __attribute__((const));

/* The next SRAM array of the block: every thread asks for the same arrays in the same order. The array is aligned to
 * 16 bytes and stands between red zones, which do not count against the launch's SRAM. */
void *simt_sram(const char *name, uint32_t element, uint32_t count);

void simt_sync_threads(void);
void simt_sync_warp(uint32_t mask);

/* Which lane a lane reads from. */
enum simt_shuffle { SIMT_SHUFFLE_INDEX, SIMT_SHUFFLE_UP, SIMT_SHUFFLE_DOWN, SIMT_SHUFFLE_XOR };
uint32_t simt_shuffle(uint32_t mask, uint32_t bits, enum simt_shuffle how, int operand);

/* The lanes of `mask` in which the predicate holds. */
uint32_t simt_ballot(uint32_t mask, int predicate);

/* A vector access: `to` and `from` as one of them is the kernel's own registers. Bytes: 8 or 16. */
void simt_load(void *to, const void *from, uint32_t bytes);
void simt_store(void *to, const void *from, uint32_t bytes);

/* ldmatrix: 1, 2 or 4 matrices of 8 x 8 elements of 16 bits from SRAM; lanes 8m to 8m + 7 give the addresses of the
 * rows of matrix m, and every lane receives two elements of each. All 32 lanes of the warp take part. */
void simt_load_matrices(uint32_t *registers, const void *row, int matrices, bool transposed);
/* mma.sync m16n8k16: sums += A B; A 16 x 16 and B 16 x 8 in bf16 or fp16, the sums float32, spread over the lanes as
 * PTX has it ("Matrix Fragments for mma.m16n8k16"). */
enum simt_element { SIMT_BF16, SIMT_F16 };
void simt_multiply(float *sums, const uint32_t *a, const uint32_t *b, enum simt_element element);

/* cp.async: 4, 8 or 16 bytes, HBM to SRAM; zeros when `from` is NULL. A group is what was issued since the last commit.
 */
void simt_copy_async(void *to, const void *from, uint32_t bytes);
void simt_copy_async_commit(void);
/* All but the newest `left` groups have arrived. */
void simt_copy_async_wait(uint32_t left);

#ifdef __cplusplus
}
#endif

#endif
