#include <math.h>

#include "slides/patterns/plane.h"

enum { SIZES = 3 };
static const double diameters[SIZES] = {2.2, 3.2, 4.6};

/* At most one speck a cell, anywhere in it: even, but without rows. A speck is a line of no length with round ends. */
static void draw(const struct plane *plane)
{
    double step = 17 * plane->unit;
    long last = plane_last(plane, step, step), low = (long)ceil(plane->height / step);
    cairo_set_line_cap(plane->cairo, CAIRO_LINE_CAP_ROUND);
    for (int size = 0; size < SIZES; size++) {
        for (long i = plane_first(plane, step, step); i <= last; i++)
            for (long j = 0; j < low; j++) {
                double draws = plane_chance(plane, i, j, 3);
                if (draws > 0.5 || (int)(SIZES * 2 * draws) != size)
                    continue;
                double x = ((double)i + plane_chance(plane, i, j, 1)) * step;
                double y = ((double)j + plane_chance(plane, i, j, 2)) * step;
                cairo_move_to(plane->cairo, x, y);
                cairo_line_to(plane->cairo, x, y);
            }
        cairo_set_line_width(plane->cairo, diameters[size] * plane->unit);
        cairo_stroke(plane->cairo);
    }
}

const struct pattern pattern_grain = {"grain", "fine specks, seeded", draw};
