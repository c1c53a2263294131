/* hooks.c - what the compiler calls at every access of a kernel (-fsanitize=thread), in place of its own library.
 *
 * Host code in the same objects calls them too, outside a launch: nothing happens then. The simulator's own files are
 * not compiled so. */
#include <stdio.h>
#include <stdlib.h>

#include "kernels/simt/state.h"

/* The names are the compiler's. NOLINTBEGIN(bugprone-reserved-identifier) */

static inline void hook(const void *at, uint32_t bytes, bool write, const void *from)
{
    struct simt *simt = simt_running;
    if (simt && simt->thread)
        access_memory(simt, at, bytes, write, fault_place(from));
}

#define HOOKS(bytes)                                                                                                   \
    void __tsan_read##bytes(void *at);                                                                                 \
    void __tsan_read##bytes(void *at)                                                                                  \
    {                                                                                                                  \
        hook(at, bytes, false, __builtin_return_address(0));                                                           \
    }                                                                                                                  \
    void __tsan_write##bytes(void *at);                                                                                \
    void __tsan_write##bytes(void *at)                                                                                 \
    {                                                                                                                  \
        hook(at, bytes, true, __builtin_return_address(0));                                                            \
    }                                                                                                                  \
    void __tsan_volatile_read##bytes(void *at);                                                                        \
    void __tsan_volatile_read##bytes(void *at)                                                                         \
    {                                                                                                                  \
        hook(at, bytes, false, __builtin_return_address(0));                                                           \
    }                                                                                                                  \
    void __tsan_volatile_write##bytes(void *at);                                                                       \
    void __tsan_volatile_write##bytes(void *at)                                                                        \
    {                                                                                                                  \
        hook(at, bytes, true, __builtin_return_address(0));                                                            \
    }

/* -fsanitize=bounds: an index beyond a thread's own array, which has registers and no address on the device. In the
 * host's part of a .cu file there is nobody to tell: the program ends. */
struct ubsan_bounds {
    const char *file;
    uint32_t line, column;
};
void __ubsan_handle_out_of_bounds(const struct ubsan_bounds *at, uintptr_t index);
void __ubsan_handle_out_of_bounds(const struct ubsan_bounds *at, uintptr_t index)
{
    struct simt *simt = simt_running;
    uint32_t place = fault_place(__builtin_return_address(0));
    if (simt && simt->thread)
        fault_raise(simt, &(struct suspect){SIMT_OUT_OF_BOUNDS, NULL, place, 0, -1, -1},
                    "index %lld of one of its own arrays, which ends before", (long long)index);
    fprintf(stderr, "%s:%u: index %lld is out of bounds\n", at->file, at->line, (long long)index);
    abort();
}

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

/* The compiler says "unaligned" where the type has no alignment to promise: checked as the bytes they are. */
#define UNALIGNED(bytes)                                                                                               \
    void __tsan_unaligned_read##bytes(void *at);                                                                       \
    void __tsan_unaligned_read##bytes(void *at)                                                                        \
    {                                                                                                                  \
        hook(at, bytes, false, __builtin_return_address(0));                                                           \
    }                                                                                                                  \
    void __tsan_unaligned_write##bytes(void *at);                                                                      \
    void __tsan_unaligned_write##bytes(void *at)                                                                       \
    {                                                                                                                  \
        hook(at, bytes, true, __builtin_return_address(0));                                                            \
    }

UNALIGNED(2)
UNALIGNED(4)
UNALIGNED(8)
UNALIGNED(16)

void __tsan_read_range(void *at, unsigned long bytes);
void __tsan_read_range(void *at, unsigned long bytes)
{
    hook(at, (uint32_t)bytes, false, __builtin_return_address(0));
}

void __tsan_write_range(void *at, unsigned long bytes);
void __tsan_write_range(void *at, unsigned long bytes)
{
    hook(at, (uint32_t)bytes, true, __builtin_return_address(0));
}

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
    (void)caller;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

/* NOLINTEND(bugprone-reserved-identifier) */
