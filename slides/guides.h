/* guides.h - --guides: what the platform may cover, and the margins that texts keep, drawn over a slide. */
#ifndef SLIDES_GUIDES_H
#define SLIDES_GUIDES_H

#include "slides/sheet.h"

/* Covered strips hatched, with their pixels written in; the page and the room for content outlined. */
void guides_draw(const struct sheet *sheet);

#endif
