/* paint_links.h - links of a text become places to click in a PDF. */
#ifndef SLIDES_PAINT_LINKS_H
#define SLIDES_PAINT_LINKS_H

#include <pango/pango.h>

#include "slides/paint.h"

/* Behind the drawing of `layout`, whose text was `markup` with its <a href="...">, with its top left at (x, y). Only
 * addresses of https, http and mailto. Nothing when not tagged. */
void paint_links(const struct paint *paint, PangoLayout *layout, const char *markup, double x, double y);

#endif
