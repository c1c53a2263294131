/* progress.h - how far one has come: a dot a slide, or a bar. */
#ifndef SLIDES_PROGRESS_H
#define SLIDES_PROGRESS_H

#include "slides/sheet.h"

/* The same on all slides of a deck. */
struct progress {
    bool bar;
    double width, gap; /* between dots, middle to middle */
};

/* `bar`: no dots are wished for. Over twenty slides, and where they would stand too close in `most` pixels, dots become
 * a bar, which gets shorter down to a certain width. */
struct progress progress_fit(const struct sheet *sheet, bool bar, double most);
void progress_draw(const struct sheet *sheet, const struct progress *progress, double x, double middle);

#endif
