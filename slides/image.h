/* image.h - a picture from a file, ![alt](file): SVG stays vectors, PNG stays pixels. */
#ifndef SLIDES_IMAGE_H
#define SLIDES_IMAGE_H

#include "slides/paint.h"

struct image; /* opaque */

/* Looks `name` up from `folder`. Missing, empty, broken or of another kind: an error at file:line. */
enum status image_open(const char *name, const char *folder, const char *file, int line, struct image **image,
                       struct diags *diags);
void image_close(struct image *image);
double image_aspect(const struct image *image);  /* width over height */
bool image_is_pixels(const struct image *image); /* else vectors */
/* Whole and undistorted in the middle of the box. Several threads may draw one image. */
void image_draw(struct image *image, struct paint *paint, struct box box);

#endif
