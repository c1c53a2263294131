/* contrast.h - which colours of a theme meet as text and ground, what they must keep (WCAG 2.1, 1.4.3, AA), and how
 * one that does not is mended. */
#ifndef SLIDES_CONTRAST_H
#define SLIDES_CONTRAST_H

#include "slides/style.h"

/* WCAG 2's contrast ratio, 1 to 21. */
double color_contrast(struct color a, struct color b);
/* Is it a ground for light text? */
bool color_is_dark(struct color color);

#define CONTRAST_LEAST 4.5

struct contrast_pair {
    enum role ink, ground;
};
enum { CONTRAST_PAIRS = 9 };
extern const struct contrast_pair contrast_pairs[CONTRAST_PAIRS];

/* "on_accent": the role's key in theme and kit. */
const char *role_name(enum role role);

/* Who said which colour, for messages. */
struct color_origin {
    const char *files[ROLES]; /* borrowed */
    int lines[ROLES];
};

/* The colour nearest to a role's own in lightness (OKLCH; hue and, where it can be, chroma stay) with which every pair
 * of that role holds. False when there is none: its grounds are too far apart. */
bool contrast_nearest(const struct theme *theme, enum role ink, struct color *nearest);

/* Every pair below the least is an error that names it, its ratio and the colour that would do. With `mend` it is no
 * error: the ink is replaced by that colour, and a warning says from what to what and what that gained. */
enum status contrast_check(struct theme *theme, const struct color_origin *origin, bool mend, struct diags *diags);

#endif
