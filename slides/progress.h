/* progress.h - how far one has come: a dot a slide, or a bar. */
#ifndef SLIDES_PROGRESS_H
#define SLIDES_PROGRESS_H

#include "slides/sheet.h"

/* Over twenty slides, dots become a bar. */
double progress_width(const struct sheet *sheet, bool bar);
void progress_draw(const struct sheet *sheet, bool bar, double x, double middle);

#endif
