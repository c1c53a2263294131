#include <math.h>
#include <stdbool.h>

#include "slides/patterns/plane.h"

/* Heights of a landscape: gradient noise (K. Perlin, "Improving noise", 2002), two sizes of hills. */
static double slope(const struct plane *plane, long x, long y, uint32_t what, double dx, double dy)
{
    double angle = 2 * M_PI * plane_chance(plane, x, y, what);
    return cos(angle) * dx + sin(angle) * dy;
}

static double fade(double t)
{
    return t * t * t * (t * (t * 6 - 15) + 10);
}

static double mix(double a, double b, double share)
{
    return a + (b - a) * share;
}

static double hills(const struct plane *plane, double x, double y, uint32_t what)
{
    long i = (long)floor(x), j = (long)floor(y);
    double dx = x - (double)i, dy = y - (double)j, u = fade(dx);
    double top = mix(slope(plane, i, j, what, dx, dy), slope(plane, i + 1, j, what, dx - 1, dy), u);
    double low = mix(slope(plane, i, j + 1, what, dx, dy - 1), slope(plane, i + 1, j + 1, what, dx - 1, dy - 1), u);
    return mix(top, low, fade(dy));
}

enum { CELL = 15, LEVELS = 9 };

static double height_at(const struct plane *plane, long i, long j)
{
    double x = (double)(i * CELL), y = (double)(j * CELL);
    return hills(plane, x / 430, y / 430, 1) + 0.28 * hills(plane, x / 170, y / 170, 2);
}

/* Where a level crosses the four sides of a cell, in order; a line joins them two by two. */
static int crossings(const double corners[4], double level, double points[4][2])
{
    static const int sides[4][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 0}};
    static const double at[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    int count = 0;
    for (int s = 0; s < 4; s++) {
        int a = sides[s][0], b = sides[s][1];
        if ((corners[a] < level) == (corners[b] < level))
            continue;
        double share = (level - corners[a]) / (corners[b] - corners[a]);
        points[count][0] = mix(at[a][0], at[b][0], share);
        points[count][1] = mix(at[a][1], at[b][1], share);
        count++;
    }
    return count;
}

/* The marching squares of one level. */
static void draw_level(const struct plane *plane, double level)
{
    double step = CELL * plane->unit, points[4][2];
    long last = plane_last(plane, step, step), low = (long)ceil(plane->height / step);
    for (long i = plane_first(plane, step, step); i < last; i++)
        for (long j = 0; j < low; j++) {
            const double corners[4] = {height_at(plane, i, j), height_at(plane, i + 1, j),
                                       height_at(plane, i + 1, j + 1), height_at(plane, i, j + 1)};
            int count = crossings(corners, level, points);
            for (int p = 0; p + 1 < count; p += 2) {
                cairo_move_to(plane->cairo, ((double)i + points[p][0]) * step, ((double)j + points[p][1]) * step);
                cairo_line_to(plane->cairo, ((double)i + points[p + 1][0]) * step,
                              ((double)j + points[p + 1][1]) * step);
            }
        }
}

static void draw(const struct plane *plane)
{
    for (int level = 0; level < LEVELS; level++)
        draw_level(plane, 0.115 * (level - (LEVELS - 1) / 2.0) + 0.003);
    cairo_set_line_width(plane->cairo, 2 * plane->unit);
    cairo_set_line_cap(plane->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_stroke(plane->cairo);
}

const struct pattern pattern_contours = {"contours", "a landscape on a map, seeded", draw};
