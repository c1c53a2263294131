/* fault.c - a fault in words: kernel, block, thread, array, index, and both source lines. */
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "kernels/simt/state.h"

struct simt *simt_running;

const char *simt_fault_name(enum simt_fault_kind kind)
{
    static const char *const names[] = {
        [SIMT_NO_FAULT] = "no fault",
        [SIMT_OUT_OF_BOUNDS] = "out of bounds",
        [SIMT_FREED] = "freed memory",
        [SIMT_UNINITIALISED] = "uninitialised read",
        [SIMT_MISALIGNED] = "misaligned access",
        [SIMT_RACE_IN_BLOCK] = "race in a block",
        [SIMT_RACE_OF_BLOCKS] = "race between blocks",
        [SIMT_DIVERGENCE] = "divergence",
        [SIMT_LANE_MASK] = "lane mask",
        [SIMT_IN_FLIGHT] = "copy in flight",
        [SIMT_TOO_LARGE] = "too large",
        [SIMT_OUT_OF_MEMORY] = "simulator's limit",
    };
    return names[kind];
}

/* Where the linker put our program: a place is the distance from there, in 32 bits. */
extern const char __executable_start[]; /* NOLINT(bugprone-reserved-identifier): its name is the linker's */

uint32_t fault_place(const void *return_address)
{
    return (uint32_t)((const char *)return_address - __executable_start);
}

static int first_object(struct dl_phdr_info *info, size_t size, void *bias)
{
    (void)size;
    *(uintptr_t *)bias = info->dlpi_addr;
    return 1;
}

/* addr2line prints the innermost inlined call first; those in headers that only pass calls on are not the kernel's. */
static void pick_line(char *lines, struct simt_place *found)
{
    static const char root[] = "/flashdeck/"; /* cmake/simt.cmake put it before every file of the tree */
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
        char *colon = strrchr(line, ':');
        if (!colon || strncmp(line, root, sizeof root - 1) != 0 || strstr(line, "/kernels/simt/") ||
            strstr(line, "/cuda/launch.cuh") || strstr(line, "/cuda/instructions.cuh"))
            continue;
        *colon = '\0';
        snprintf(found->file, sizeof found->file, "%s", line + sizeof root - 1);
        found->line = atoi(colon + 1);
        return;
    }
}

void fault_lookup(uint32_t place, struct simt_place *found)
{
    *found = (struct simt_place){.line = 0};
    if (place == 0)
        return;
    uintptr_t bias = 0;
    char address[32];
    dl_iterate_phdr(first_object, &bias);
    /* One byte before the return address lies in the call itself. */
    snprintf(address, sizeof address, "%#zx", (uintptr_t)__executable_start + place - 1 - bias);
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return;
    program[length] = '\0';
    const char *const argv[] = {"addr2line", "-i", "-e", program, address, NULL};
    struct process process;
    struct process_input input = {NULL, 0};
    struct text output = {0}, errors = {0};
    struct diags diags = {0};
    if (process_start(&process, argv, NULL, &diags) == STATUS_OK) {
        while (process_step(&process, &input, &output, &errors, 10) == PROCESS_MOVED)
            continue;
        process_end(&process, 1);
        if (output.bytes)
            pick_line(output.bytes, found);
    }
    diags_free(&diags);
    text_free(&output);
    text_free(&errors);
}

/* The array that holds `at`, or the one that ends or begins nearest to it. */
static const struct array *nearest(const struct array *arrays, int count, const char *at)
{
    const struct array *best = NULL;
    size_t least = 4096;
    for (int i = 0; i < count; i++) {
        const char *first = arrays[i].at, *end = first + arrays[i].bytes;
        size_t distance = at < first ? (size_t)(first - at) : at >= end ? (size_t)(at - end) + 1 : 0;
        if (distance < least) {
            best = &arrays[i];
            least = distance;
        }
    }
    return best;
}

static const struct array *array_near(const struct simt *simt, const char *at)
{
    if ((uintptr_t)at - (uintptr_t)simt->sram < SRAM_SPACE)
        return nearest(simt->arrays, simt->array_count, at);
    if ((uintptr_t)at - (uintptr_t)simt->hbm < simt->hbm_bytes)
        return nearest(simt->tensors, simt->tensor_count, at);
    return NULL;
}

/* "block (1,0,0)"; a number as the axes say it. */
static int axes_words(char *words, size_t size, const char *what, int64_t number, struct simt_size of)
{
    int64_t plane = (int64_t)of.x * of.y;
    return snprintf(words, size, "%s (%lld,%lld,%lld)", what, (long long)(number % of.x),
                    (long long)(number / of.x % of.y), (long long)(plane ? number / plane : 0));
}

static void append(char *words, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void append(char *words, size_t size, const char *format, ...)
{
    size_t length = strlen(words);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words + length, size - length, format, arguments);
    va_end(arguments);
}

static void place_words(char *words, size_t size, const struct simt_place *place)
{
    if (place->line)
        append(words, size, " at %s:%d", place->file, place->line);
}

void fault_describe(struct simt *simt)
{
    struct simt_fault *f = &simt->fault;
    const struct suspect *suspect = &simt->suspect;
    const char *what = simt->what;
    fault_lookup(suspect->here, &f->here);
    fault_lookup(suspect->there, &f->there);
    char *m = f->message, axes[80];
    size_t size = sizeof f->message;
    snprintf(m, size, "%s: ", f->kernel);
    if (f->block >= 0) {
        axes_words(axes, sizeof axes, "block", f->block, simt->grid);
        append(m, size, "%s, ", axes);
    }
    if (f->thread >= 0) {
        axes_words(axes, sizeof axes, "thread", f->thread, simt->block);
        append(m, size, "%s ", axes);
    }
    append(m, size, "%s", what);
    if (f->array[0])
        append(m, size, ": %s[%lld]", f->array, (long long)f->index);
    place_words(m, size, &f->here);
    if (suspect->other_block >= 0) {
        axes_words(axes, sizeof axes, "block", suspect->other_block, simt->grid);
        append(m, size, "; the other is %s", axes);
    }
    if (f->other_thread >= 0) {
        axes_words(axes, sizeof axes, "thread", f->other_thread, simt->block);
        append(m, size, "%s%s", suspect->other_block >= 0 ? ", " : "; the other is ", axes);
    }
    if (f->there.line)
        append(m, size, "%s", f->other_thread >= 0 ? "," : "; the other is");
    place_words(m, size, &f->there);
}

/* On the fiber's small stack: only what must be seen now. */
static void record(struct simt *simt, const struct suspect *suspect, const char *format, va_list arguments)
{
    struct simt_fault *f = &simt->fault;
    if (f->kind)
        return;
    *f = (struct simt_fault){.kind = suspect->kind,
                             .block = simt->block_number,
                             .index = -1,
                             .thread = simt->thread ? simt->now : -1,
                             .other_thread = suspect->other_thread};
    snprintf(f->kernel, sizeof f->kernel, "%s", simt->kernel);
    const struct array *array = suspect->at ? array_near(simt, suspect->at) : NULL;
    if (array) {
        snprintf(f->array, sizeof f->array, "%s", array->name);
        ptrdiff_t bytes = suspect->at - array->at, element = (ptrdiff_t)array->element;
        f->index = bytes < 0 ? -((-bytes + element - 1) / element) : bytes / element;
    }
    simt->suspect = *suspect;
    vsnprintf(simt->what, sizeof simt->what, format, arguments);
}

void fault_note(struct simt *simt, const struct suspect *suspect, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record(simt, suspect, format, arguments);
    va_end(arguments);
}

void fault_raise(struct simt *simt, const struct suspect *suspect, const char *format, ...)
{
    va_list arguments;
    struct thread *thread = simt->thread;
    va_start(arguments, format);
    record(simt, suspect, format, arguments);
    va_end(arguments);
    thread->wait = DONE;
    for (;;) /* the scheduler never comes back here */
        fiber_switch(&thread->fiber, &simt->scheduler);
}
