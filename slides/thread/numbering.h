/* numbering.h - the numbers that posts carry. */
#ifndef SLIDES_THREAD_NUMBERING_H
#define SLIDES_THREAD_NUMBERING_H

#include "slides/thread/lines.h"

/* Where a thread's posts have their number: on which line, whether it ends the post, and the line without it. */
struct numbered {
    size_t line;
    struct slice words; /* what is left of the line */
    bool ends;          /* the number stands at the end of the post, so the next one begins behind this line */
};

/* The longest run of one form that counts up by one; fresh, NULL: there is none (or memory is short). */
struct numbered *numbering_find(const struct lines *lines, size_t *count);

#endif
