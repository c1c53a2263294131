#include "slides/patterns/plane.h"

static void draw(const struct plane *plane)
{
    double step = 36 * plane->unit, height = plane->height;
    long last = plane_last(plane, step, height);
    for (long i = plane_first(plane, step, height); i <= last; i++) {
        cairo_move_to(plane->cairo, (double)i * step, height);
        cairo_line_to(plane->cairo, (double)i * step + height, 0);
    }
    cairo_set_line_width(plane->cairo, 1.5 * plane->unit);
    cairo_stroke(plane->cairo);
}

const struct pattern pattern_diagonals = {"diagonals", "parallel lines, rising", draw};
