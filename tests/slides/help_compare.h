/* help_compare.h - are two pictures the same to an eye? */
#ifndef TESTS_HELP_COMPARE_H
#define TESTS_HELP_COMPARE_H

#include <cairo.h>

/* Share of pixels (0 to 1) that an eye would call different; 1 when the sizes differ. Both are RGB24 images. A pixel is
 * seen with its neighbours (mean of 3 x 3, so that another rasteriser's edges are forgiven) and compared in YIQ with
 * the eye's weights, as pixelmatch does. Fills `difference` (may be NULL), of the same size: red where they differ, the
 * rest faded. */
double pictures_differ(cairo_surface_t *one, cairo_surface_t *other, cairo_surface_t *difference);

/* More than this is another picture. */
#define PICTURES_TOLERANCE 0.002

#endif
