/* slots.h - the left, middle and right of header and footer, filled as the brand kit says (brand.h). */
#ifndef SLIDES_SLOTS_H
#define SLIDES_SLOTS_H

#include "slides/sheet.h"

/* Draws a strip over the page's width: texts on the baseline `base`, everything else centred on `middle`. What does not
 * fit beside the others is an error that names it. */
void slots_draw(const struct sheet *sheet, const struct brand_strip *strip, double base, double middle);

/* Do header or footer show this slide's sources, so that they need no row of their own? */
bool slots_hold_sources(const struct sheet *sheet);

#endif
