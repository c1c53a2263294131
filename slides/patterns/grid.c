#include "slides/patterns/plane.h"

static void draw(const struct plane *plane)
{
    double step = 90 * plane->unit;
    long last = plane_last(plane, step, step);
    for (long x = plane_first(plane, step, step); x <= last; x++)
        plane_column(plane, ((double)x + 0.5) * step);
    for (double y = step / 2; y < plane->height; y += step)
        plane_row(plane, y);
    cairo_set_line_width(plane->cairo, 1.5 * plane->unit);
    cairo_stroke(plane->cairo);
}

const struct pattern pattern_grid = {"grid", "wide squares", draw};
