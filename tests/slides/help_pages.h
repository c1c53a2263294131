/* help_pages.h - a deck laid out for a test, and a drawing beside it. */
#ifndef TESTS_SLIDES_HELP_PAGES_H
#define TESTS_SLIDES_HELP_PAGES_H

#include "help_slides.h"
#include "slides/pages.h"

struct laid_out {
    struct desk desk;
    struct prepared prepared;
    struct pages pages;
    enum status status; /* of laying out: preparing must succeed without a word */
};

void lay_out(struct laid_out *out, const char *source, struct pages_look look);
void put_away(struct laid_out *out);

/* A group's set-up and clean-up: a small SVG of this name in the folder that the test runs in. */
int drawing_make(const char *name);
int drawing_remove(const char *name);

#endif
