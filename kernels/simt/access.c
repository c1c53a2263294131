/* access.c - one access of one thread: which memory, may it, and is it in a race. The hot path. */
#include "kernels/simt/state.h"

/* Whether what `trace` did lies before what the running thread does now. */
static inline bool ordered(const struct simt *simt, const struct trace *trace)
{
    if (trace->epoch == simt->epoch) {
        if (trace->thread == simt->now)
            return true;
        int lane = trace->thread % SIMT_WARP;
        const struct warp *warp = &simt->warps[simt->now / SIMT_WARP];
        return same_warp(trace->thread, simt->now) &&
               warp->clock[simt->now % SIMT_WARP][lane] + warp->meetings > trace->clock;
    }
    /* Before a barrier of this block, or in an earlier launch; else another block of this launch did it. */
    return trace->epoch >= simt->block_epoch || trace->epoch < simt->launch_epoch;
}

static int64_t block_of(const struct simt *simt, uint32_t epoch)
{
    int64_t low = 0, high = simt->blocks_run;
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (simt->block_epochs[middle] <= epoch)
            low = middle;
        else
            high = middle;
    }
    return simt->first_block + low;
}

static void race(struct simt *simt, const struct trace *other, const char *at, bool write, bool other_wrote,
                 uint32_t place)
{
    bool blocks = other->epoch < simt->block_epoch;
    struct suspect suspect = {blocks ? SIMT_RACE_OF_BLOCKS : SIMT_RACE_IN_BLOCK, at, place, other->place, other->thread,
                              blocks ? block_of(simt, other->epoch) : -1};
    fault_raise(simt, &suspect, "race: %s what another %s %s, %s", write ? "writes" : "reads",
                blocks ? "block" : "thread", other_wrote ? "writes" : "reads",
                blocks ? "and blocks have no order" : "with no barrier between");
}

static inline struct trace trace_now(const struct simt *simt, uint8_t bytes, uint32_t place)
{
    int lane = simt->now % SIMT_WARP;
    const struct warp *warp = &simt->warps[simt->now / SIMT_WARP];
    return (struct trace){simt->epoch, warp->clock[lane][lane] + warp->meetings, place, (uint16_t)simt->now, bytes};
}

static inline void note_read(struct simt *simt, struct word *word, uint8_t bytes, uint32_t place)
{
    struct trace *last = &word->read;
    if (last->epoch == simt->epoch && last->thread == simt->now) {
        bytes |= last->bytes;
    } else if (!ordered(simt, last)) {
        /* The second place keeps a reader of another warp or block, if there is one. */
        bool far = word->other.epoch != simt->epoch || !same_warp(word->other.thread, simt->now);
        bool last_near = last->epoch == simt->epoch && same_warp(last->thread, simt->now);
        if (!(last_near && far && !ordered(simt, &word->other)))
            word->other = *last;
    }
    word->read = trace_now(simt, bytes, place);
}

/* The part [at, at + 4) of an access that lies in one word. */
static inline void access_word(struct simt *simt, struct word *word, const char *at, uint8_t bytes, bool write,
                               uint32_t place)
{
    if (word->in_flight & bytes)
        fault_raise(simt, &(struct suspect){SIMT_IN_FLIGHT, at, place, word->flight_place, -1, -1},
                    "%s what an asynchronous copy is still bringing: it was not waited for",
                    write ? "writes" : "reads");
    if ((word->write.bytes & bytes) && !ordered(simt, &word->write))
        race(simt, &word->write, at, write, true, place);
    if (!write) {
        if ((word->initialised & bytes) != bytes)
            fault_raise(simt, &(struct suspect){SIMT_UNINITIALISED, at, place, 0, -1, -1},
                        "reads what nothing has written");
        note_read(simt, word, bytes, place);
        return;
    }
    if ((word->read.bytes & bytes) && !ordered(simt, &word->read))
        race(simt, &word->read, at, true, false, place);
    if ((word->other.bytes & bytes) && !ordered(simt, &word->other))
        race(simt, &word->other, at, true, false, place);
    uint8_t kept = word->write.epoch == simt->epoch && word->write.thread == simt->now ? word->write.bytes : 0;
    word->write = trace_now(simt, kept | bytes, place);
    word->initialised |= bytes;
}

static void access_sram(struct simt *simt, size_t offset, uint32_t bytes, bool write, uint32_t place)
{
    *(write ? &simt->counts.sram_written : &simt->counts.sram_read) += bytes;
    for (size_t end = offset + bytes; offset < end;) {
        size_t next = (offset | 3) + 1 < end ? (offset | 3) + 1 : end;
        uint8_t mask = (uint8_t)((1u << (next - offset)) - 1) << (offset & 3);
        struct word *word = &simt->sram_words[offset / 4];
        if ((word->valid & mask) != mask)
            fault_raise(simt, &(struct suspect){SIMT_OUT_OF_BOUNDS, simt->sram + offset, place, 0, -1, -1},
                        "%s out of bounds", write ? "writes" : "reads");
        access_word(simt, word, simt->sram + offset, mask, write, place);
        offset = next;
    }
}

static void access_hbm(struct simt *simt, size_t offset, uint32_t bytes, bool write, uint32_t place)
{
    *(write ? &simt->counts.hbm_written : &simt->counts.hbm_read) += bytes;
    const struct array *tensor = memory_tensor(simt, simt->hbm + offset, bytes);
    if (!tensor)
        fault_raise(simt, &(struct suspect){SIMT_OUT_OF_BOUNDS, simt->hbm + offset, place, 0, -1, -1},
                    "%s out of bounds", write ? "writes" : "reads");
    if (tensor->freed)
        fault_raise(simt, &(struct suspect){SIMT_FREED, simt->hbm + offset, place, 0, -1, -1},
                    "%s a tensor that was freed", write ? "writes" : "reads");
    for (size_t end = offset + bytes; offset < end;) {
        size_t next = (offset | 3) + 1 < end ? (offset | 3) + 1 : end;
        uint8_t mask = (uint8_t)((1u << (next - offset)) - 1) << (offset & 3);
        struct word *word = &simt->hbm_words[offset / 4];
        if (tensor->assumed)
            word->initialised |= mask;
        access_word(simt, word, simt->hbm + offset, mask, write, place);
        offset = next;
    }
}

void access_memory(struct simt *simt, const void *at, uint32_t bytes, bool write, uint32_t place)
{
    uintptr_t address = (uintptr_t)at;
    /* A thread's own variables: registers, or local memory. */
    if (address - (uintptr_t)simt->stacks < (uintptr_t)STACK_BYTES * SIMT_MOST_THREADS)
        return;
    size_t offset = address - (uintptr_t)simt->sram;
    if (offset < SRAM_SPACE) {
        access_sram(simt, offset, bytes, write, place);
        return;
    }
    offset = address - (uintptr_t)simt->hbm;
    if (offset < simt->hbm_bytes) {
        access_hbm(simt, offset, bytes, write, place);
        return;
    }
    /* The launch's parameters: constant memory. */
    if (!write && address - (uintptr_t)simt->arguments < simt->argument_bytes)
        return;
    fault_raise(simt, &(struct suspect){SIMT_OUT_OF_BOUNDS, at, place, 0, -1, -1},
                "%s %u bytes at %p, which is neither HBM nor SRAM", write ? "writes" : "reads", bytes, at);
}
