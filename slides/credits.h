/* credits.h - what a whole deck's numbers rest on, gathered from its bindings: for the last slide and for captions. */
#ifndef SLIDES_CREDITS_H
#define SLIDES_CREDITS_H

#include "slides/bind.h"

struct credits {
    char *line;    /* "measured on AMD EPYC, 2026-11-24, 1a2b3c4; published: OpenAI 2023, Meta 2024"; NULL: none */
    char *summary; /* the same counted, where there is no room: "1 record and 6 publications, named on the slides" */
    char **references; /* [count] title and address of each publication, in the order of first use */
    size_t count;
};

/* Of all uses so far: after the deck was prepared. */
struct credits credits_gather(const struct binder *binder);
void credits_free(struct credits *credits);

#endif
