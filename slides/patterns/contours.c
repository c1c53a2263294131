#include <math.h>
#include <stdlib.h>

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

/* The heights at the corners of all cells that reach into the window. */
struct land {
    const struct plane *plane;
    long left, columns, rows; /* cells */
    double *heights;          /* [columns + 1][rows + 1] */
};

static double corner(const struct land *land, long i, long j)
{
    return land->heights[i * (land->rows + 1) + j];
}

/* The marching squares of one level. */
static void draw_level(const struct land *land, double level)
{
    cairo_t *cairo = land->plane->cairo;
    double step = CELL * land->plane->unit, points[4][2];
    for (long i = 0; i < land->columns; i++)
        for (long j = 0; j < land->rows; j++) {
            const double corners[4] = {corner(land, i, j), corner(land, i + 1, j), corner(land, i + 1, j + 1),
                                       corner(land, i, j + 1)};
            int count = crossings(corners, level, points);
            double x = (double)(land->left + i), y = (double)j;
            for (int p = 0; p + 1 < count; p += 2) {
                cairo_move_to(cairo, (x + points[p][0]) * step, (y + points[p][1]) * step);
                cairo_line_to(cairo, (x + points[p + 1][0]) * step, (y + points[p + 1][1]) * step);
            }
        }
}

static void draw(const struct plane *plane)
{
    double step = CELL * plane->unit;
    struct land land = {.plane = plane, .left = plane_first(plane, step, step)};
    land.columns = plane_last(plane, step, step) - land.left;
    land.rows = (long)ceil(plane->height / step);
    land.heights = malloc((size_t)(land.columns + 1) * (size_t)(land.rows + 1) * sizeof *land.heights);
    for (long i = 0; land.heights && i <= land.columns; i++)
        for (long j = 0; j <= land.rows; j++)
            land.heights[i * (land.rows + 1) + j] = height_at(plane, land.left + i, j);
    for (int level = 0; land.heights && level < LEVELS; level++)
        draw_level(&land, 0.115 * (level - (LEVELS - 1) / 2.0) + 0.003);
    free(land.heights);
    cairo_set_line_width(plane->cairo, 2 * plane->unit);
    cairo_set_line_cap(plane->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_stroke(plane->cairo);
}

const struct pattern pattern_contours = {"contours", "a landscape on a map, seeded", draw};
