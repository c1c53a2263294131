/* finding.h - what was done to a thread's text on its way into a deck, for its author to read. */
#ifndef SLIDES_THREAD_FINDING_H
#define SLIDES_THREAD_FINDING_H

#include <stddef.h>

#include "slides/thread/slice.h"

enum finding_kind {
    FINDING_ENCODING,  /* how the bytes were read, when it is not UTF-8 */
    FINDING_MENDED,    /* signs that came back whole; words: the character set that they were read as */
    FINDING_GUESSED,   /* a sign whose bytes were lost: chosen by what stands around it */
    FINDING_LOST,      /* a sign whose bytes were lost and that nothing tells */
    FINDING_FURNITURE, /* a line of the page around the thread: dropped */
    FINDING_NUMBERING, /* the posts' own numbers: dropped */
    FINDING_PICTOGRAM, /* emojis, which the slides' fonts do not have: dropped */
    FINDING_POINTER,   /* words that pointed at a picture which did not come with the paste: dropped */
    FINDING_LETTERS,   /* letters from mathematics' alphabets in place of bold ones */
    FINDING_KINDS
};

struct finding {
    enum finding_kind kind;
    int line;    /* of the thread; 0: the whole */
    int count;   /* how many signs; 1 for lines */
    char *words; /* owned */
};

struct findings {
    struct finding *items; /* owned */
    size_t count;
    int failed; /* out of memory: some are missing */
};

/* Adds one; the words are copied, blanks of any kind become one space. */
void findings_add(struct findings *findings, enum finding_kind kind, int line, int count, struct slice words);
int findings_count(const struct findings *findings, enum finding_kind kind); /* sum of the counts */
void findings_free(struct findings *findings);

#endif
