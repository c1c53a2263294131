/* state.h - the simulator's inside: what memory remembers, what a block's threads are doing. */
#ifndef KERNELS_SIMT_STATE_H
#define KERNELS_SIMT_STATE_H

#include "kernels/simt/fiber.h"
#include "kernels/simt/simt.h"

enum {
    STACK_BYTES = 64 * 1024,
    WARPS = SIMT_MOST_THREADS / SIMT_WARP,
    TENSORS = 256,
    SRAM_ARRAYS = 32,
    RED_ZONE = 256, /* bytes between tensors */
    SRAM_RED_ZONE = 64,
    SRAM_SPACE = SIMT_MOST_SRAM + (SRAM_ARRAYS + 1) * (SRAM_RED_ZONE + 16),
    COPIES = 1 << 14 /* asynchronous copies in flight, of one block */
};

/* One access, as a word of memory remembers it. Epochs grow with every barrier, block and launch and never repeat; 0
 * is never. */
struct trace {
    uint32_t epoch;
    uint32_t clock; /* the thread's own part of its warp's vector clock */
    uint32_t place; /* return address, as fault.c packs it */
    uint16_t thread;
    uint8_t bytes; /* which of the word's four */
};

/* Four bytes of memory. Of its readers two are kept, from different warps where there are such: a third reader can
 * only hide a race that one of the two also has, unless lanes of one warp synchronise by parts. Of writers one is
 * kept: where two threads write halves of one word, races with the first of them are not seen. */
struct word {
    struct trace write, read, other;
    uint8_t valid;       /* bytes inside an array (SRAM only; HBM asks the list of tensors) */
    uint8_t initialised; /* bytes written */
    uint8_t in_flight;   /* bytes that a cp.async will write */
    uint8_t spare;
    uint32_t flight_place;
};

struct array {
    char name[48];
    char *at;
    size_t element, bytes;
    bool freed, assumed; /* assumed: initialised without its pages being touched */
};

enum wait { READY, AT_BARRIER, AT_EXCHANGE, DONE };

/* What a lane brings to an exchange. */
struct lane_operand {
    uint32_t bits; /* shuffles */
    int operand;
    uint32_t *registers; /* matrices: what it receives */
    const void *row;
    float *sums;
    const uint32_t *a, *b;
};

struct thread {
    struct fiber fiber;
    enum wait wait;
    uint32_t place; /* where it waits */
    uint32_t mask;  /* of the exchange that it waits for */
    int exchange;   /* its kind: warp.h */
    struct lane_operand operand;
    uint32_t result;
    int arrays;     /* SRAM arrays asked for so far */
    uint32_t group; /* cp.async: the group that is being filled */
};

struct warp {
    uint32_t ready;                       /* lanes that can run */
    uint32_t clock[SIMT_WARP][SIMT_WARP]; /* [lane]: what it knows of each lane, without the meetings below */
    bool alike;                           /* all lanes know the same */
    uint32_t meetings;                    /* of all lanes since: each adds 1 to all that they know */
};

struct copy {
    char *to;
    const char *from; /* NULL: zeros */
    uint32_t bytes, group, place;
    int thread;
    bool done;
};

/* What a fault is about, before it is put into words. */
struct suspect {
    enum simt_fault_kind kind;
    const char *at;       /* address, or NULL */
    uint32_t here, there; /* places; there may be 0 */
    int other_thread;     /* or -1 */
    int64_t other_block;  /* or -1: the same */
};

struct simt {
    struct simt_counts counts;
    struct simt_fault fault;
    struct suspect suspect;
    char what[320];

    /* HBM: an arena filled upwards. */
    char *hbm;
    struct word *hbm_words;
    size_t hbm_bytes, hbm_used;
    struct array tensors[TENSORS];
    int tensor_count, recent;

    /* The block that runs. */
    char *sram;
    struct word *sram_words;
    size_t sram_used;    /* with red zones */
    size_t sram_claimed; /* as the device counts it */
    size_t sram_limit;   /* of the launch */
    struct array arrays[SRAM_ARRAYS];
    int array_count;

    char *stacks;
    struct thread *threads;
    struct warp *warps;
    struct copy *copies;
    int copy_count;
    struct fiber scheduler;
    struct thread *thread; /* that runs now; NULL: the host does */
    int now;               /* its number */
    uint32_t epoch, block_epoch, launch_epoch;

    /* The launch. */
    const char *kernel;
    struct simt_size grid, block;
    int64_t block_number, first_block, last_block;
    int64_t share, share_of; /* first_block follows from them at each launch; share_of 0: it does not */
    uint32_t *block_epochs;  /* of each block that ran in this launch: tells whose an epoch was */
    int64_t blocks_run, blocks_kept;
    int thread_count;
    void (*enter)(void *arguments);
    void *arguments;
    size_t argument_bytes;
};

/* The compiler's hooks have no argument for it: the one simulator that is inside simt_launch, else NULL. */
extern struct simt *simt_running;

/* access.c */
void access_memory(struct simt *simt, const void *at, uint32_t bytes, bool write, uint32_t place);
/* memory.c */
const struct array *memory_tensor(struct simt *simt, const char *at, size_t bytes); /* live, holding all; or NULL */
void memory_block_begins(struct simt *simt);
/* fault.c: the first fault counts; never returns to a kernel: goes to the scheduler, which ends the launch. */
void fault_raise(struct simt *simt, const struct suspect *suspect, const char *format, ...)
    __attribute__((format(printf, 3, 4), noreturn, cold));
void fault_note(struct simt *simt, const struct suspect *suspect, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void fault_describe(struct simt *simt); /* the message, at the end of a launch: it starts addr2line */
uint32_t fault_place(const void *return_address);
void fault_lookup(uint32_t place, struct simt_place *found);
/* block.c: gives the processor to the others until this thread may go on. */
void block_wait(struct simt *simt);
/* warp.c */
void warp_begin(struct simt *simt);
/* Waits until all lanes of `mask` stand at an exchange of this kind, which the last one carries out for all. */
uint32_t warp_meet(struct simt *simt, uint32_t mask, int exchange, const struct lane_operand *operand, uint32_t place);
/* matrix.c: carries out what is neither a shuffle, a vote nor a __syncwarp. */
enum { EXCHANGE_VOTE = -2, EXCHANGE_SYNC = -1, EXCHANGE_MATRIX = 8 };
void matrix_exchange(struct simt *simt, struct thread *lanes, int exchange);
/* async.c */
void async_begin(struct simt *simt);
void async_end(struct simt *simt); /* of a block: a copy that nobody waited for is a fault */

static inline bool same_warp(int a, int b)
{
    return a / SIMT_WARP == b / SIMT_WARP;
}

#define HERE fault_place(__builtin_return_address(0))

#endif
