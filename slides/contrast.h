/* contrast.h - which colours of a theme meet as text and ground, and what they must keep (WCAG 2.1, 1.4.3, AA). */
#ifndef SLIDES_CONTRAST_H
#define SLIDES_CONTRAST_H

#include "slides/style.h"

/* WCAG 2's contrast ratio, 1 to 21. */
double color_contrast(struct color a, struct color b);

#define CONTRAST_LEAST 4.5

struct contrast_pair {
    enum role ink, ground;
};
enum { CONTRAST_PAIRS = 9 };
extern const struct contrast_pair contrast_pairs[CONTRAST_PAIRS];

/* Every pair below the least is an error that names it. */
enum status contrast_check(const struct theme *theme, const char *file, struct diags *diags);

#endif
