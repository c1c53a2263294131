/* pattern.h - quiet vector patterns behind words: deterministic, never over 1.25:1 to the ground, and never so strong
 * that a text on them would fall below 4.5:1. One file each in patterns/.
 *
 * As it is written in front matter, directives, themes and kits: a name, and words behind it in any order:
 *   pattern: contours continuous seed=7
 * `continuous`: the next slide's goes on where this one's ends, and every slide has it; without, every slide begins
 * anew and only hook, quote, outro and the like have it. In both cases slides with code, charts or tables have none. */
#ifndef SLIDES_PATTERN_H
#define SLIDES_PATTERN_H

#include "slides/paint.h"
#include "slides/patterns/plane.h"

struct pattern_wish {
    const struct pattern *pattern;
    bool continuous;
    uint32_t seed;
};

/* An unknown name or word is an error with the nearest. */
enum status pattern_read(const char *text, const char *file, int line, struct pattern_wish *wish, struct diags *diags);

/* Over the whole canvas of slide `index` (0-based). */
void pattern_draw(struct paint *paint, const struct pattern_wish *wish, int index);
const struct pattern *const *pattern_table(size_t *count);

/* The colour that a pattern is drawn in: text over background, thinned until the contrast is at most PATTERN_MOST and
 * every text keeps its own. */
#define PATTERN_MOST 1.25
struct color pattern_color(const struct style *style);

#endif
