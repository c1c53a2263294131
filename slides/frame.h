/* frame.h - what every slide wears: header, source lines with the badges of their kinds, footer. */
#ifndef SLIDES_FRAME_H
#define SLIDES_FRAME_H

#include "slides/pattern.h"
#include "slides/sheet.h"

/* The room between header and source lines on this sheet (sets sheet->page and sheet->room). */
void frame_measure(struct sheet *sheet);
/* Background, and what stands behind everything; outside of any tag. */
void frame_ground(const struct sheet *sheet, const struct pattern_wish *pattern);
void frame_header(const struct sheet *sheet);
void frame_sources(const struct sheet *sheet);
void frame_footer(const struct sheet *sheet);

#endif
