/* grow.h - an array that takes one more. */
#ifndef SLIDES_THREAD_GROW_H
#define SLIDES_THREAD_GROW_H

#include <stddef.h>

/* `items` of `count` elements, moved when it must be, with room for one more: it doubles, always by this function, so
 * its capacity need not be kept. NULL when out of memory; `items` is then as it was. */
void *grown(void *items, size_t count, size_t size);

#endif
