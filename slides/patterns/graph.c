#include "slides/patterns/plane.h"

enum { FINE = 36, EVERY = 5 };

/* Fine lines, and every fifth one bold. */
static void draw(const struct plane *plane)
{
    for (int bold = 0; bold < 2; bold++) {
        double step = FINE * (bold ? EVERY : 1) * plane->unit;
        long last = plane_last(plane, step, step);
        for (long x = plane_first(plane, step, step); x <= last; x++)
            plane_column(plane, (double)x * step);
        for (double y = 0; y < plane->height; y += step)
            plane_row(plane, y);
        cairo_set_line_width(plane->cairo, (bold ? 3 : 1) * plane->unit);
        cairo_stroke(plane->cairo);
    }
}

const struct pattern pattern_graph = {"graph", "graph paper: fine squares, every fifth line bold", draw};
