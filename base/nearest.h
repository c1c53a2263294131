/* nearest.h - "did you mean": the names nearest to one that was not found. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* Orders up to `most` (at most 8) of `names` by edit distance from `wanted` and returns a fresh
 * sentence "Did you mean a, b or c?", or NULL when nothing is near or memory is short. */
char *nearest_sentence(const char *wanted, const char *const *names, size_t count, size_t most);

#endif
