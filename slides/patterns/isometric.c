#include <math.h>

#include "slides/patterns/plane.h"

/* Columns, and lines that rise and fall by 30 degrees through the same points. */
static void draw(const struct plane *plane)
{
    double step = 52 * plane->unit, rise = tan(M_PI / 6), down = 2 * step * rise, reach = plane->height / rise;
    long first = plane_first(plane, step, 0), last = plane_last(plane, step, 0);
    for (long x = first; x <= last; x++)
        plane_column(plane, (double)x * step);
    first = plane_first(plane, 2 * step, reach);
    last = plane_last(plane, 2 * step, reach);
    for (long i = first; i <= last; i++) { /* all start at the top: up to two widths beside the window */
        double x = (double)i * 2 * step, low = ceil(plane->height / down) * down;
        for (int side = -1; side <= 1; side += 2) {
            cairo_move_to(plane->cairo, x, 0);
            cairo_line_to(plane->cairo, x + side * low / rise, low);
        }
    }
    cairo_set_line_width(plane->cairo, 1.5 * plane->unit);
    cairo_stroke(plane->cairo);
}

const struct pattern pattern_isometric = {"isometric", "paper for drawing in three dimensions", draw};
