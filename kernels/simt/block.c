/* block.c - a launch: blocks one after another, the threads of a block in turns between barriers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/simt/device.h"
#include "kernels/simt/state.h"

static struct simt_size position(int64_t number, struct simt_size of)
{
    return (struct simt_size){(unsigned)(number % of.x), (unsigned)(number / of.x % of.y),
                              (unsigned)(number / ((int64_t)of.x * of.y))};
}

struct simt_size simt_thread_index(void)
{
    return position(simt_running->now, simt_running->block);
}

struct simt_size simt_block_index(void)
{
    return position(simt_running->block_number, simt_running->grid);
}

struct simt_size simt_block_size(void)
{
    return simt_running->block;
}

struct simt_size simt_grid_size(void)
{
    return simt_running->grid;
}

static void to_scheduler(struct simt *simt)
{
    fiber_switch(&simt->thread->fiber, &simt->scheduler);
}

void block_wait(struct simt *simt)
{
    simt->warps[simt->now / SIMT_WARP].ready &= ~(1u << simt->now % SIMT_WARP);
    to_scheduler(simt);
}

void simt_sync_threads(void)
{
    struct simt *simt = simt_running;
    simt->thread->wait = AT_BARRIER;
    simt->thread->place = HERE;
    block_wait(simt);
}

/* A fiber's whole life. */
static void live(void)
{
    struct simt *simt = simt_running;
    simt->enter(simt->arguments);
    simt->thread->wait = DONE;
    block_wait(simt);
}

static void run_thread(struct simt *simt, int number)
{
    simt->now = number;
    simt->thread = &simt->threads[number];
    fiber_switch(&simt->scheduler, &simt->thread->fiber);
    simt->thread = NULL;
}

/* Until every thread waits or is done, or one has a fault. */
static void run_ready(struct simt *simt)
{
    int warps = (simt->thread_count + SIMT_WARP - 1) / SIMT_WARP;
    for (int w = 0; w < warps && !simt->fault.kind; w++)
        while (simt->warps[w].ready && !simt->fault.kind)
            run_thread(simt, w * SIMT_WARP + __builtin_ctz(simt->warps[w].ready));
}

static int find_thread(const struct simt *simt, enum wait wait)
{
    for (int i = 0; i < simt->thread_count; i++)
        if (simt->threads[i].wait == wait)
            return i;
    return -1;
}

static bool same_line(uint32_t a, uint32_t b)
{
    struct simt_place one, two;
    if (a == b)
        return true;
    /* A compiler may copy a barrier: the source line decides. */
    fault_lookup(a, &one);
    fault_lookup(b, &two);
    return one.line && one.line == two.line && strcmp(one.file, two.file) == 0;
}

/* Lanes of a warp exchange that were named and never came. */
static void stuck_exchange(struct simt *simt, int number)
{
    const struct thread *thread = &simt->threads[number];
    uint32_t missing = thread->mask;
    int warp = number / SIMT_WARP, other = -1;
    for (int lane = 0; lane < SIMT_WARP; lane++) {
        int i = warp * SIMT_WARP + lane;
        if (i < simt->thread_count && simt->threads[i].wait == AT_EXCHANGE && simt->threads[i].mask == thread->mask &&
            simt->threads[i].exchange == thread->exchange)
            missing &= ~(1u << lane);
    }
    if (missing)
        other = warp * SIMT_WARP + __builtin_ctz(missing);
    bool exists = other >= 0 && other < simt->thread_count;
    struct suspect suspect = {SIMT_DIVERGENCE,     NULL, thread->place, exists ? simt->threads[other].place : 0,
                              exists ? other : -1, -1};
    if (exists && simt->threads[other].wait == DONE)
        suspect.there = 0;
    fault_note(simt, &suspect, "divergence: thread %d waits in a warp exchange with mask %#010x; lanes %#010x of it %s",
               number, thread->mask, missing,
               !exists                                   ? "do not exist"
               : simt->threads[other].wait == DONE       ? "have left the kernel"
               : simt->threads[other].wait == AT_BARRIER ? "wait at a barrier"
                                                         : "wait in another exchange");
}

/* All wait: a barrier that all have reached, or a fault. */
static void pass_barrier(struct simt *simt)
{
    int exchange = find_thread(simt, AT_EXCHANGE), first = find_thread(simt, AT_BARRIER);
    if (exchange >= 0) {
        stuck_exchange(simt, exchange);
        return;
    }
    int gone = find_thread(simt, DONE);
    if (gone >= 0) {
        fault_note(simt, &(struct suspect){SIMT_DIVERGENCE, NULL, simt->threads[first].place, 0, gone, -1},
                   "divergence: thread %d waits at a barrier while another thread has left the kernel", first);
        return;
    }
    for (int i = 0; i < simt->thread_count; i++) {
        struct thread *thread = &simt->threads[i];
        if (!same_line(thread->place, simt->threads[0].place)) {
            fault_note(simt, &(struct suspect){SIMT_DIVERGENCE, NULL, simt->threads[0].place, thread->place, i, -1},
                       "divergence: thread 0 waits at one barrier, another thread at a different one");
            return;
        }
    }
    simt->epoch++;
    simt->counts.barriers++;
    for (int i = 0; i < simt->thread_count; i++) {
        simt->threads[i].wait = READY;
        simt->warps[i / SIMT_WARP].ready |= 1u << i % SIMT_WARP;
    }
}

static void run_block(struct simt *simt)
{
    simt->block_epoch = ++simt->epoch;
    memory_block_begins(simt);
    warp_begin(simt);
    async_begin(simt);
    for (int i = 0; i < simt->thread_count; i++) {
        struct thread *thread = &simt->threads[i];
        thread->wait = READY;
        thread->place = 0;
        thread->arrays = 0;
        thread->group = 0;
        fiber_make(&thread->fiber, simt->stacks + (size_t)STACK_BYTES * (size_t)i, STACK_BYTES, live);
        simt->warps[i / SIMT_WARP].ready |= 1u << i % SIMT_WARP;
    }
    do {
        run_ready(simt);
        if (!simt->fault.kind && (find_thread(simt, AT_BARRIER) >= 0 || find_thread(simt, AT_EXCHANGE) >= 0))
            pass_barrier(simt);
        else
            break;
    } while (!simt->fault.kind);
    if (!simt->fault.kind)
        async_end(simt);
    simt->counts.blocks++;
}

/* What the device itself would refuse. */
static void check_launch(struct simt *simt, size_t sram)
{
    struct simt_size g = simt->grid, b = simt->block;
    uint64_t threads = (uint64_t)b.x * b.y * b.z;
    const struct suspect suspect = {SIMT_TOO_LARGE, NULL, 0, 0, -1, -1};
    simt->block_number = -1;
    if (threads == 0 || threads > SIMT_MOST_THREADS || b.z > 64)
        fault_note(simt, &suspect, "a block of %u x %u x %u threads; at most %d and at least 1 are possible", b.x, b.y,
                   b.z, SIMT_MOST_THREADS);
    else if (sram > SIMT_MOST_SRAM)
        fault_note(simt, &suspect, "%zu bytes of SRAM a block; at most %d are possible", sram, SIMT_MOST_SRAM);
    else if (g.x == 0 || g.y == 0 || g.z == 0 || g.x > 0x7fffffffu || g.y > 65535 || g.z > 65535)
        fault_note(simt, &suspect, "a grid of %u x %u x %u blocks; 1 to 2147483647 x 65535 x 65535 are possible", g.x,
                   g.y, g.z);
}

static bool room_for_epochs(struct simt *simt, int64_t blocks)
{
    if (blocks <= simt->blocks_kept)
        return true;
    uint32_t *more = realloc(simt->block_epochs, (size_t)blocks * sizeof *more);
    if (!more) {
        fault_note(simt, &(struct suspect){SIMT_OUT_OF_MEMORY, NULL, 0, 0, -1, -1}, "no memory for %lld blocks",
                   (long long)blocks);
        return false;
    }
    simt->block_epochs = more;
    simt->blocks_kept = blocks;
    return true;
}

enum status simt_launch(struct simt *simt, const char *kernel, struct simt_size grid, struct simt_size block,
                        size_t sram, void (*enter)(void *arguments), void *arguments, size_t argument_bytes)
{
    if (simt->fault.kind)
        return STATUS_WRONG; /* as a device after an error: nothing runs until it is cleared */
    simt->kernel = kernel;
    simt->grid = grid;
    simt->block = block;
    simt->sram_limit = sram;
    simt->enter = enter;
    simt->arguments = arguments;
    simt->argument_bytes = argument_bytes;
    simt->thread = NULL;
    check_launch(simt, sram);
    int64_t blocks = (int64_t)grid.x * grid.y * grid.z;
    int64_t last = simt->last_block < blocks ? simt->last_block : blocks;
    if (simt->share_of > 0)
        simt->first_block = blocks - (int64_t)ceil((double)blocks * (double)simt->share / (double)simt->share_of);
    if (simt->fault.kind || (last > simt->first_block && !room_for_epochs(simt, last - simt->first_block))) {
        fault_describe(simt);
        return STATUS_WRONG;
    }
    simt->thread_count = (int)(block.x * block.y * block.z);
    simt->launch_epoch = ++simt->epoch;
    simt->counts.launches++;
    simt->blocks_run = 0;
    size_t most = 0; /* SRAM of a block */
    simt_running = simt;
    for (int64_t b = simt->first_block; b < last && !simt->fault.kind; b++) {
        simt->block_number = b;
        simt->block_epochs[simt->blocks_run++] = simt->epoch + 1;
        run_block(simt);
        most = simt->sram_claimed > most ? simt->sram_claimed : most;
    }
    simt->counts.sram_block = (int64_t)sram > simt->counts.sram_block ? (int64_t)sram : simt->counts.sram_block;
    int64_t spare = (int64_t)(simt->sram_limit - most);
    simt->counts.sram_spare = spare > simt->counts.sram_spare ? spare : simt->counts.sram_spare;
    simt_running = NULL;
    if (simt->fault.kind)
        fault_describe(simt);
    return simt->fault.kind ? STATUS_WRONG : STATUS_OK;
}

void simt_only_blocks(struct simt *simt, int64_t first, int64_t last)
{
    simt->first_block = first;
    simt->last_block = last;
    simt->share_of = 0;
}

void simt_only_last(struct simt *simt, int64_t part, int64_t of)
{
    simt_only_blocks(simt, 0, INT64_MAX);
    simt->share = part;
    simt->share_of = of;
}

const struct simt_counts *simt_counts(const struct simt *simt)
{
    return &simt->counts;
}

void simt_clear_counts(struct simt *simt)
{
    memset(&simt->counts, 0, sizeof simt->counts);
}

const struct simt_fault *simt_fault(const struct simt *simt)
{
    return &simt->fault;
}

void simt_clear_fault(struct simt *simt)
{
    memset(&simt->fault, 0, sizeof simt->fault);
}
