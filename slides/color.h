/* color.h - colours: as "#0F141B", mixed, and as OKLCH, whose lightness is the one that eyes see. */
#ifndef SLIDES_COLOR_H
#define SLIDES_COLOR_H

#include <stdbool.h>

struct color {
    double r, g, b; /* sRGB, 0..1 */
};

/* "#" and six hexadecimal digits, nothing else. */
bool color_read(const char *text, struct color *color);
/* Writes "#0F141B". */
void color_write(struct color color, char text[8]);

struct color color_mix(struct color a, struct color b, double share); /* of b */

/* Lightness 0..1, chroma 0..about 0.37, hue in radians (Ottosson, "A perceptual color space for image processing",
 * 2020). */
struct oklch {
    double l, c, h;
};
struct oklch color_to_oklch(struct color color);
/* Rounded to eight bits a channel; chroma gives way where sRGB has no such colour. */
struct color color_from_oklch(struct oklch oklch);

#endif
