/* memory.h - what is there, before it is asked for. */
#ifndef HARNESS_MEMORY_H
#define HARNESS_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that can still be used without swapping: the system's estimate, or less under a cgroup's limit. INT64_MAX
 * where the system tells nothing. */
int64_t memory_available(void);

/* Aligned to 64 bytes, every page touched, so that no first touch is timed. NULL when it does not fit. Freed by
 * free(). */
void *memory_take(size_t bytes);

/* The peak of resident memory since memory_peak_reset, in bytes; where the system cannot reset, since the start. */
int64_t memory_peak(void);
void memory_peak_reset(void);

#endif
