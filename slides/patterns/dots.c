#include <math.h>

#include "slides/patterns/plane.h"

static void draw(const struct plane *plane)
{
    double step = 40 * plane->unit, radius = 2.2 * plane->unit;
    long last = plane_last(plane, step, step);
    for (double y = step / 2; y < plane->height + radius; y += step)
        for (long x = plane_first(plane, step, step); x <= last; x++) {
            cairo_new_sub_path(plane->cairo);
            cairo_arc(plane->cairo, ((double)x + 0.5) * step, y, radius, 0, 2 * M_PI);
        }
    cairo_fill(plane->cairo);
}

const struct pattern pattern_dots = {"dots", "a dot every 40 pixels", draw};
