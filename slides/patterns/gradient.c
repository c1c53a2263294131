#include <math.h>

#include "slides/patterns/plane.h"

enum { STOPS = 12 };

/* From the ground to its tint (grey over white looks like dirt) over one slide, slanted, and back over the next. */
static void draw(const struct plane *plane)
{
    struct color from = plane->ground, to = plane->tint;
    double width = plane->width, height = plane->height, slant = 0.6 * width / height;
    /* The colour is that of x + slant y, whose period must be two widths, so that it goes on from slide to slide. */
    double length = width / (1 + slant * slant);
    cairo_pattern_t *ramp = cairo_pattern_create_linear(0, 0, length, length * slant);
    for (int stop = 0; stop <= STOPS; stop++) { /* rounded at both ends: a ramp with corners shows ridges */
        struct color color = color_mix(from, to, 0.5 - 0.5 * cos(M_PI * stop / STOPS));
        cairo_pattern_add_color_stop_rgb(ramp, (double)stop / STOPS, color.r, color.g, color.b);
    }
    cairo_pattern_set_extend(ramp, CAIRO_EXTEND_REFLECT);
    cairo_set_source(plane->cairo, ramp);
    cairo_rectangle(plane->cairo, plane->left, 0, width, height);
    cairo_fill(plane->cairo);
    cairo_pattern_destroy(ramp);
}

const struct pattern pattern_gradient = {"gradient", "a slow change of tone from slide to slide", draw};
