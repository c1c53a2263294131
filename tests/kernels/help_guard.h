/* help_guard.h - buffers with red zones: poison in front, inside and behind, so that what was not written, and what
 * was written or read beside a buffer, shows. Under AddressSanitizer the red zones are its own. */
#ifndef TESTS_KERNELS_HELP_GUARD_H
#define TESTS_KERNELS_HELP_GUARD_H

#include <stdbool.h>
#include <stddef.h>

struct guarded {
    void *bytes;   /* `length` of them, aligned to 64 bytes, poisoned */
    size_t length; /* may be 0 */
    void *whole;
};

/* Fails the test when memory is short. */
struct guarded guarded_take(size_t length);
/* Both red zones are as they were. */
bool guarded_intact(const struct guarded *guarded);
void guarded_free(struct guarded *guarded);

#endif
