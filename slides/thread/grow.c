#include "slides/thread/grow.h"

#include <stdlib.h>

void *grown(void *items, size_t count, size_t size)
{
    if (count == 0)
        return realloc(items, size);
    return (count & (count - 1)) == 0 ? realloc(items, 2 * count * size) : items;
}
