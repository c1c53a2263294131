/* image.h - a picture from a file, ![alt](file): SVG stays vectors, PNG stays pixels. */
#ifndef SLIDES_IMAGE_H
#define SLIDES_IMAGE_H

#include "slides/paint.h"

struct image; /* opaque */

struct image_source {
    const char *name, *folder; /* looked up from the folder, and never outside of it ... */
    const char *file;          /* who names it, for messages */
    int line;
    bool outside; /* ... unless that is allowed (path_inside.h) */
};

/* Missing, empty, broken, of another kind or elsewhere: an error at file:line. So is what would take too long or too
 * much memory: more than 40 million pixels, files over 64 MB, SVGs over 8 MB, of more than 100,000 elements once
 * <use> is followed, or with pixels or filters inside (svg_check.h), or more than a second of drawing
 * (svg_trial.h). */
enum status image_open(const struct image_source *source, struct image **image, struct diags *diags);
void image_close(struct image *image);
double image_aspect(const struct image *image);  /* width over height */
bool image_is_pixels(const struct image *image); /* else vectors */
/* Whole and undistorted in the middle of the box. Several threads may draw one image. */
void image_draw(const struct image *image, struct paint *paint, struct box box);
/* Fills the box, with round corners; what stands over is cut off, the same at both sides. */
void image_draw_cover(const struct image *image, struct paint *paint, struct box box, double radius);
/* Fills the circle in the middle of a square box; what stands over is cut off. */
void image_draw_round(const struct image *image, struct paint *paint, struct box box);
/* From here on an SVG's `currentColor` is this one. Not while other threads draw it. */
void image_tint(const struct image *image, struct color color);

#endif
