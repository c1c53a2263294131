/* dotted.h - parts with " · " between them, as source lines and captions are: where one is too long for its place, it
 * is broken between two parts, and the dot that stood there is left out. */
#ifndef SLIDES_DOTTED_H
#define SLIDES_DOTTED_H

#include "slides/paint.h"

/* The plain text with a line end wherever it must be broken to fit into `width`, in as few lines as can be, of about
 * equal length; a part is broken only where this saves a line. Text that fits or has no dots comes back as it is: Pango
 * breaks it well enough. Fresh; NULL when out of memory. */
char *dotted_broken(struct paint *paint, const struct text_style *style, const char *plain, double width);

#endif
