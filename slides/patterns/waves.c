#include <math.h>

#include "slides/patterns/plane.h"

/* Lines that swing together, each a little behind the one above, wider and narrower over the slides. */
static double height_at(const struct plane *plane, double x, double line)
{
    double u = plane->unit, slow = sin(x / (780 * u) + 0.21 * line);
    return 44 * u * sin(x / (132 * u) + 0.34 * line) * (0.66 + 0.34 * slow) + 22 * u * slow;
}

static void draw(const struct plane *plane)
{
    double apart = 44 * plane->unit, step = 12 * plane->unit;
    long last = plane_last(plane, step, 2 * step);
    for (double line = -2; line * apart < plane->height + 2 * apart; line++) {
        for (long i = plane_first(plane, step, 2 * step); i <= last; i++)
            cairo_line_to(plane->cairo, (double)i * step, line * apart + height_at(plane, (double)i * step, line));
        cairo_new_sub_path(plane->cairo);
    }
    cairo_set_line_width(plane->cairo, 2 * plane->unit);
    cairo_set_line_join(plane->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(plane->cairo);
}

const struct pattern pattern_waves = {"waves", "lines that swing together", draw};
