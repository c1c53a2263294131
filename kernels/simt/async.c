/* async.c - vector accesses, and copies that arrive as late as the rules allow. */
#include <string.h>

#include "kernels/simt/device.h"
#include "kernels/simt/state.h"

static void check_aligned(struct simt *simt, const void *at, uint32_t bytes, bool write, uint32_t place)
{
    /* A thread's own variables are registers: they have no address on the device. */
    if ((uintptr_t)at - (uintptr_t)simt->stacks < (uintptr_t)STACK_BYTES * SIMT_MOST_THREADS)
        return;
    if ((uintptr_t)at % bytes)
        fault_raise(simt, &(struct suspect){SIMT_MISALIGNED, at, place, 0, -1, -1},
                    "misaligned: %s %u bytes at an address that is no multiple of %u", write ? "writes" : "reads",
                    bytes, bytes);
}

void simt_load(void *to, const void *from, uint32_t bytes)
{
    struct simt *simt = simt_running;
    check_aligned(simt, from, bytes, false, HERE);
    access_memory(simt, from, bytes, false, HERE);
    memcpy(to, from, bytes);
}

void simt_store(void *to, const void *from, uint32_t bytes)
{
    struct simt *simt = simt_running;
    check_aligned(simt, to, bytes, true, HERE);
    access_memory(simt, to, bytes, true, HERE);
    memcpy(to, from, bytes);
}

void async_begin(struct simt *simt)
{
    simt->copy_count = 0;
}

static bool in_sram(const struct simt *simt, const void *at, uint32_t bytes)
{
    size_t offset = (uintptr_t)at - (uintptr_t)simt->sram;
    return offset < SRAM_SPACE && bytes <= SRAM_SPACE - offset;
}

/* The source is read now, by the rules of now; the target is out of reach until it is waited for. */
void simt_copy_async(void *to, const void *from, uint32_t bytes)
{
    struct simt *simt = simt_running;
    uint32_t place = HERE;
    check_aligned(simt, to, bytes, true, place);
    if (from) {
        check_aligned(simt, from, bytes, false, place);
        access_memory(simt, from, bytes, false, place);
        simt->counts.async_bytes += bytes;
    }
    if (!in_sram(simt, to, bytes))
        fault_raise(simt, &(struct suspect){SIMT_OUT_OF_BOUNDS, to, place, 0, -1, -1},
                    "an asynchronous copy to what is not SRAM");
    if (simt->copy_count == COPIES)
        fault_raise(simt, &(struct suspect){SIMT_OUT_OF_MEMORY, NULL, place, 0, -1, -1},
                    "the simulator keeps at most %d copies in flight", COPIES);
    /* Written twice: now, so that a reader before or beside it is a race, and when it arrives. */
    int64_t written = simt->counts.sram_written;
    access_memory(simt, to, bytes, true, place);
    simt->counts.sram_written = written;
    size_t first = (size_t)((char *)to - simt->sram) / 4;
    for (uint32_t i = 0; i < bytes / 4; i++) {
        simt->sram_words[first + i].in_flight = 15;
        simt->sram_words[first + i].flight_place = place;
    }
    simt->copies[simt->copy_count++] = (struct copy){to, from, bytes, simt->thread->group, place, simt->now, false};
}

void simt_copy_async_commit(void)
{
    simt_running->thread->group++;
}

static void arrive(struct simt *simt, struct copy *copy)
{
    size_t first = (size_t)(copy->to - simt->sram) / 4;
    for (uint32_t i = 0; i < copy->bytes / 4; i++)
        simt->sram_words[first + i].in_flight = 0;
    access_memory(simt, copy->to, copy->bytes, true, copy->place);
    if (copy->from)
        memcpy(copy->to, copy->from, copy->bytes);
    else
        memset(copy->to, 0, copy->bytes);
    copy->done = true;
}

void simt_copy_async_wait(uint32_t left)
{
    struct simt *simt = simt_running;
    struct thread *thread = simt->thread;
    if (thread->group <= left)
        return;
    int kept = 0;
    for (int i = 0; i < simt->copy_count; i++) {
        struct copy *copy = &simt->copies[i];
        if (copy->thread == simt->now && copy->group < thread->group - left)
            arrive(simt, copy);
        if (!copy->done)
            simt->copies[kept++] = *copy;
    }
    simt->copy_count = kept;
}

void async_end(struct simt *simt)
{
    if (simt->copy_count > 0) {
        const struct copy *copy = &simt->copies[0];
        fault_note(simt, &(struct suspect){SIMT_IN_FLIGHT, copy->to, copy->place, 0, copy->thread, -1},
                   "the block ends with an asynchronous copy in flight that nobody waited for");
    }
}
