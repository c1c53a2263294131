/* memory.c - HBM as an arena of named tensors between red zones; the SRAM of a block as named arrays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kernels/simt/device.h"
#include "kernels/simt/state.h"

/* Address space; pages come, as zeros, when they are touched. */
static void *reserve(size_t bytes)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

static void release(void *at, size_t bytes)
{
    if (at)
        munmap(at, bytes);
}

static size_t word_bytes(const struct simt *simt)
{
    return simt->hbm_bytes / 4 * sizeof(struct word);
}

struct simt *simt_open(size_t hbm_bytes)
{
    struct simt *simt = calloc(1, sizeof *simt);
    if (!simt)
        return NULL;
    simt->hbm_bytes = (hbm_bytes + 4095) / 4096 * 4096;
    simt->hbm = reserve(simt->hbm_bytes);
    simt->hbm_words = reserve(word_bytes(simt));
    simt->sram = reserve(SRAM_SPACE);
    simt->sram_words = calloc(SRAM_SPACE / 4 + 1, sizeof(struct word));
    simt->stacks = reserve((size_t)STACK_BYTES * SIMT_MOST_THREADS);
    simt->threads = calloc(SIMT_MOST_THREADS, sizeof *simt->threads);
    simt->warps = calloc(WARPS, sizeof *simt->warps);
    simt->copies = calloc(COPIES, sizeof *simt->copies);
    simt->last_block = INT64_MAX;
    simt->epoch = 1;
    if (simt->hbm && simt->hbm_words && simt->sram && simt->sram_words && simt->stacks && simt->threads &&
        simt->warps && simt->copies)
        return simt;
    simt_close(simt);
    return NULL;
}

void simt_close(struct simt *simt)
{
    if (!simt)
        return;
    release(simt->hbm, simt->hbm_bytes);
    release(simt->hbm_words, word_bytes(simt));
    release(simt->sram, SRAM_SPACE);
    release(simt->stacks, (size_t)STACK_BYTES * SIMT_MOST_THREADS);
    free(simt->sram_words);
    free(simt->threads);
    free(simt->warps);
    free(simt->copies);
    free(simt->block_epochs);
    free(simt);
}

void *simt_alloc(struct simt *simt, const char *name, size_t element, size_t count)
{
    size_t at = (simt->hbm_used + RED_ZONE + 255) / 256 * 256, bytes = 0;
    if (simt->tensor_count == TENSORS || __builtin_mul_overflow(element, count, &bytes) || bytes > simt->hbm_bytes ||
        at + bytes + RED_ZONE > simt->hbm_bytes)
        return NULL;
    struct array *tensor = &simt->tensors[simt->tensor_count++];
    *tensor = (struct array){.at = simt->hbm + at, .element = element, .bytes = bytes};
    snprintf(tensor->name, sizeof tensor->name, "%s", name);
    simt->hbm_used = at + bytes;
    return tensor->at;
}

static struct array *tensor_at(struct simt *simt, const void *at)
{
    for (int i = 0; i < simt->tensor_count; i++)
        if (simt->tensors[i].at == at)
            return &simt->tensors[i];
    return NULL;
}

void simt_free(struct simt *simt, void *tensor)
{
    struct array *found = tensor_at(simt, tensor);
    if (found)
        found->freed = true;
}

/* Gives the pages back: they read as zeros again, and the shadow as never written. */
void simt_reset(struct simt *simt)
{
    size_t used = (simt->hbm_used + RED_ZONE + 4095) / 4096 * 4096;
    if (used > simt->hbm_bytes)
        used = simt->hbm_bytes;
    madvise(simt->hbm, used, MADV_DONTNEED);
    madvise(simt->hbm_words, used / 4 * sizeof(struct word), MADV_DONTNEED);
    simt->tensor_count = simt->recent = 0;
    simt->hbm_used = 0;
}

void simt_upload(struct simt *simt, void *to, const void *from, size_t bytes)
{
    size_t offset = (size_t)((char *)to - simt->hbm);
    memcpy(to, from, bytes);
    for (size_t i = 0; i < bytes; i++)
        simt->hbm_words[(offset + i) / 4].initialised |= (uint8_t)(1u << ((offset + i) & 3));
}

void simt_assume_initialised(struct simt *simt, void *tensor)
{
    struct array *found = tensor_at(simt, tensor);
    if (found)
        found->assumed = true;
}

size_t simt_unwritten(const struct simt *simt, const void *at, size_t bytes)
{
    size_t offset = (size_t)((const char *)at - simt->hbm), count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += !(simt->hbm_words[(offset + i) / 4].initialised >> ((offset + i) & 3) & 1);
    return count;
}

static inline bool holds(const struct array *array, const char *at, size_t bytes)
{
    size_t offset = (size_t)(at - array->at);
    return offset < array->bytes && bytes <= array->bytes - offset;
}

const struct array *memory_tensor(struct simt *simt, const char *at, size_t bytes)
{
    if (simt->tensor_count && holds(&simt->tensors[simt->recent], at, bytes))
        return &simt->tensors[simt->recent];
    for (int i = 0; i < simt->tensor_count; i++)
        if (holds(&simt->tensors[i], at, bytes)) {
            simt->recent = i;
            return &simt->tensors[i];
        }
    return NULL;
}

void memory_block_begins(struct simt *simt)
{
    memset(simt->sram_words, 0, (simt->sram_used / 4 + 1) * sizeof(struct word));
    simt->sram_used = simt->sram_claimed = 0;
    simt->array_count = 0;
}

/* The first thread that asks for an array makes it. */
static void claim(struct simt *simt, const char *name, uint32_t element, size_t bytes, uint32_t place)
{
    size_t claimed = (simt->sram_claimed + 15) / 16 * 16 + bytes;
    if (claimed > simt->sram_limit)
        fault_raise(simt, &(struct suspect){SIMT_TOO_LARGE, NULL, place, 0, -1, -1},
                    "SRAM array %s ends at byte %zu, but the launch asked for %zu bytes of SRAM", name, claimed,
                    simt->sram_limit);
    if (simt->array_count == SRAM_ARRAYS)
        fault_raise(simt, &(struct suspect){SIMT_OUT_OF_MEMORY, NULL, place, 0, -1, -1},
                    "the simulator keeps at most %d SRAM arrays", SRAM_ARRAYS);
    size_t at = (simt->sram_used + SRAM_RED_ZONE + 15) / 16 * 16;
    struct array *array = &simt->arrays[simt->array_count++];
    *array = (struct array){.at = simt->sram + at, .element = element, .bytes = bytes};
    snprintf(array->name, sizeof array->name, "%s", name);
    for (size_t i = at; i < at + bytes; i++)
        simt->sram_words[i / 4].valid |= (uint8_t)(1u << (i & 3));
    simt->sram_used = at + bytes + SRAM_RED_ZONE;
    simt->sram_claimed = claimed;
}

void *simt_sram(const char *name, uint32_t element, uint32_t count)
{
    struct simt *simt = simt_running;
    int number = simt->thread->arrays++;
    size_t bytes = (size_t)element * count;
    if (number == simt->array_count)
        claim(simt, name, element, bytes, HERE);
    const struct array *array = &simt->arrays[number];
    if (array->bytes != bytes || array->element != element)
        fault_raise(simt, &(struct suspect){SIMT_DIVERGENCE, NULL, HERE, 0, -1, -1},
                    "asks for SRAM array %s of %zu bytes where another thread asked for %s of %zu", name, bytes,
                    array->name, array->bytes);
    return array->at;
}
