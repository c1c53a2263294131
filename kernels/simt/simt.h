/* simt.h - a CUDA device in software: runs the unchanged .cu files of kernels/cuda/ and judges them.
 *
 * One fiber per CUDA thread, blocks one after another. Every access that a kernel makes comes by here (kernel objects
 * are compiled with -fsanitize=thread, whose hooks are ours: hooks.c), so a launch is counted to the byte and held
 * against the rules of the CUDA model: bounds, initialised memory, races, barriers, warp exchanges, asynchronous
 * copies. It says nothing about time.
 *
 *     struct simt *simt = simt_open(1 << 26);
 *     float *q = simt_alloc(simt, "q", sizeof(float), count);     then simt_upload, LAUNCH(..., simt, ...)
 *     if (simt_fault(simt)->kind) puts(simt_fault(simt)->message);
 *
 * A wrong kernel is a value, never an abort: the first fault ends the launch and stays until simt_clear_fault.
 * One simulator runs at a time in a process; work is shared out over processes (fork), not threads. */
#ifndef KERNELS_SIMT_SIMT_H
#define KERNELS_SIMT_SIMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The limits of sm_80 and newer that a launch must keep. */
enum { SIMT_WARP = 32, SIMT_MOST_THREADS = 1024, SIMT_MOST_SRAM = 227 * 1024 };

enum simt_fault_kind {
    SIMT_NO_FAULT,
    SIMT_OUT_OF_BOUNDS,  /* outside every tensor and SRAM array */
    SIMT_FREED,          /* inside a tensor that was freed */
    SIMT_UNINITIALISED,  /* read before anyone wrote */
    SIMT_MISALIGNED,     /* a vector access off its alignment */
    SIMT_RACE_IN_BLOCK,  /* two threads, no barrier between */
    SIMT_RACE_OF_BLOCKS, /* two blocks of one launch */
    SIMT_DIVERGENCE,     /* a barrier or a warp exchange that not all reach */
    SIMT_LANE_MASK,      /* a warp exchange with a lane that the mask leaves out */
    SIMT_IN_FLIGHT,      /* an asynchronous copy used, or left, before it was waited for */
    SIMT_TOO_LARGE,      /* more threads or SRAM than a block has */
    SIMT_OUT_OF_MEMORY   /* the simulator's own */
};

struct simt_place {
    char file[160]; /* relative to the tree; "" when the program has no debug lines */
    int line;
};

struct simt_fault {
    enum simt_fault_kind kind;
    char kernel[64], array[48]; /* array: of the tensor or SRAM array, "" when none is near */
    int64_t block, index;       /* index in elements of the array */
    int thread, other_thread;   /* other_thread: the second party of a race, else -1 */
    struct simt_place here, there;
    char message[640]; /* all of it, for a person */
};

/* Since simt_open or simt_clear_counts. Bytes as the program asks for them; caches are not modelled. */
struct simt_counts {
    int64_t hbm_read, hbm_written, sram_read, sram_written; /* bytes */
    int64_t launches, blocks, barriers;                     /* barriers: one a block, however many threads */
    int64_t exchanges;                                      /* warp synchronisations and shuffles, one a warp */
    int64_t async_bytes;                                    /* of hbm_read, what went through cp.async */
    int64_t sram_block;                                     /* the most SRAM that a launch asked for, a block */
    int64_t sram_spare;                                     /* the most that a launch asked for and no block used */
    int64_t products;                                       /* of matrices, 16 x 8 x 16 each, one a warp */
};

struct simt;

/* `hbm_bytes` is address space, not memory: pages are taken when touched (each HBM byte in use costs 16 of shadow).
 * NULL when the system gives no address space. */
struct simt *simt_open(size_t hbm_bytes);
void simt_close(struct simt *simt);

/* `count` elements of HBM with red zones on both sides, aligned to 256 bytes, uninitialised. The name is copied. NULL
 * when the arena is full. */
void *simt_alloc(struct simt *simt, const char *name, size_t element, size_t count);
/* The memory stays known as freed; the arena is reused only after simt_reset. */
void simt_free(struct simt *simt, void *tensor);
/* Frees and forgets all tensors. */
void simt_reset(struct simt *simt);
/* Copies into a tensor, which is initialised then. */
void simt_upload(struct simt *simt, void *to, const void *from, size_t bytes);
/* Declares a whole tensor initialised as it is (zeros), without touching its pages. */
void simt_assume_initialised(struct simt *simt, void *tensor);
/* How many bytes from `at` no kernel and no upload has written. */
size_t simt_unwritten(const struct simt *simt, const void *at, size_t bytes);

/* Only blocks [first, last) of a launch run, for problems too large to run whole; 0, INT64_MAX is all of them. */
void simt_only_blocks(struct simt *simt, int64_t first, int64_t last);
/* The same for a kernel of several launches that cut a problem differently: of each, the last `part` of `of` blocks. */
void simt_only_last(struct simt *simt, int64_t part, int64_t of);

const struct simt_counts *simt_counts(const struct simt *simt);
void simt_clear_counts(struct simt *simt);
const struct simt_fault *simt_fault(const struct simt *simt);
void simt_clear_fault(struct simt *simt);
const char *simt_fault_name(enum simt_fault_kind kind);

struct simt_size {
    unsigned x, y, z;
};

/* What LAUNCH calls (cuda.cuh): `enter(arguments)` is run by every thread. STATUS_OK, or STATUS_WRONG with a fault. */
enum status simt_launch(struct simt *simt, const char *kernel, struct simt_size grid, struct simt_size block,
                        size_t sram, void (*enter)(void *arguments), void *arguments, size_t argument_bytes);

#ifdef __cplusplus
}
#endif

#endif
