/* pattern.h - quiet vector patterns behind hook, quote and outro: deterministic, never over 1.25:1 to the ground. */
#ifndef SLIDES_PATTERN_H
#define SLIDES_PATTERN_H

#include "slides/paint.h"

/* Draws the named pattern over the whole canvas. An unknown name is an error with the nearest. */
enum status pattern_draw(struct paint *paint, const char *name);
const char *const *pattern_names(size_t *count);

/* The colour that a pattern is drawn in: text over background, thinned until the contrast is at most PATTERN_MOST. */
#define PATTERN_MOST 1.25
struct color pattern_color(const struct style *style);

#endif
