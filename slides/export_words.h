/* export_words.h - a slide in words, for formats that hold none of its drawing, and for those who cannot see it. */
#ifndef SLIDES_EXPORT_WORDS_H
#define SLIDES_EXPORT_WORDS_H

#include "base/text.h"
#include "slides/pages.h"

/* The heading without its markup; "Slide 3" without one. Fresh. */
char *export_title(const struct pages *pages, size_t index);
/* All that the slide says and shows in one paragraph: heading, words, the alt text of its picture. Fresh. */
char *export_alt(const struct pages *pages, size_t index);
/* What a post says above the pictures: title, description, who made it, and the sources of all numbers. Fresh. */
char *export_caption(const struct pages *pages);

#endif
