/* pages_parts.h - what pages.c is made of; for nobody else. */
#ifndef SLIDES_PAGES_PARTS_H
#define SLIDES_PAGES_PARTS_H

#include "slides/pages.h"

/* Both borrow from `pages` and from each other. */
struct paint pages_paint(const struct pages *pages, size_t index, cairo_t *cairo, struct diags *diags);
struct sheet pages_sheet(const struct pages *pages, size_t index, struct paint *paint);

/* One scale for all slides of a layout: the first step at which each of them fits. */
void pages_fit(struct pages *pages, const struct layout *layout, cairo_t *nowhere, struct diags *diags);

void page_check_words(const struct pages *pages, size_t index, struct diags *diags);
/* Pictures that have no alternative text. */
void page_check_alts(const struct page *page, size_t index, const char *file, struct diags *diags);
/* What a layout would leave out is told, never dropped. */
void page_check_places(const struct page *page, size_t index, const char *file, struct diags *diags);

#endif
