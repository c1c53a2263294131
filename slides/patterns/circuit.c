#include <math.h>
#include <stdbool.h>

#include "slides/patterns/plane.h"

enum { STEP = 54, ACROSS = 6, DOWN = 3 };

/* Is there a trace from this crossing to its right, or to the one below? Traces run over several crossings. */
static bool runs_right(const struct plane *plane, long x, long y)
{
    long shift = (long)(ACROSS * plane_chance(plane, 0, y, 1));
    long run = (long)floor((double)(x + shift) / ACROSS);
    return plane_chance(plane, run, y, 2) < 0.42 && plane_chance(plane, x, y, 5) < 0.93;
}

static bool runs_down(const struct plane *plane, long x, long y)
{
    long shift = (long)(DOWN * plane_chance(plane, x, 0, 3));
    long run = (long)floor((double)(y + shift) / DOWN);
    return plane_chance(plane, x, run, 4) < 0.16;
}

/* The four arms of a crossing: right, down, left, up. */
static int arms_of(const struct plane *plane, long x, long y, bool arms[4])
{
    arms[0] = runs_right(plane, x, y);
    arms[1] = runs_down(plane, x, y);
    arms[2] = runs_right(plane, x - 1, y);
    arms[3] = runs_down(plane, x, y - 1);
    return arms[0] + arms[1] + arms[2] + arms[3];
}

static const int ways[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};

/* Half of each trace belongs to either crossing; a trace that ends stops at its pad's rim. */
static void draw_arms(const struct plane *plane, double x, double y, const bool arms[4], double from)
{
    double half = STEP * plane->unit / 2;
    for (int a = 0; a < 4; a++)
        if (arms[a]) {
            cairo_move_to(plane->cairo, x + ways[a][0] * from, y + ways[a][1] * from);
            cairo_line_to(plane->cairo, x + ways[a][0] * half, y + ways[a][1] * half);
        }
}

/* Two arms at a right angle are joined by a slanted piece. */
static void draw_corner(const struct plane *plane, double x, double y, const bool arms[4])
{
    double cut = STEP * plane->unit * 0.3;
    draw_arms(plane, x, y, arms, cut);
    for (int a = 0; a < 4; a++)
        if (arms[a] && arms[(a + 1) % 4]) {
            cairo_move_to(plane->cairo, x + ways[a][0] * cut, y + ways[a][1] * cut);
            cairo_line_to(plane->cairo, x + ways[(a + 1) % 4][0] * cut, y + ways[(a + 1) % 4][1] * cut);
        }
}

static void draw_crossing(const struct plane *plane, long i, long j)
{
    bool arms[4];
    double x = ((double)i + 0.5) * STEP * plane->unit, y = ((double)j + 0.5) * STEP * plane->unit;
    double pad = 7 * plane->unit;
    int count = arms_of(plane, i, j, arms);
    if (count == 0)
        return;
    if (count == 1) {
        draw_arms(plane, x, y, arms, pad);
        cairo_new_sub_path(plane->cairo);
        cairo_arc(plane->cairo, x, y, pad, 0, 2 * M_PI);
    } else if (count == 2 && arms[0] != arms[2]) {
        draw_corner(plane, x, y, arms);
    } else {
        draw_arms(plane, x, y, arms, 0);
    }
    cairo_stroke(plane->cairo);
    if (count > 2) {
        cairo_arc(plane->cairo, x, y, pad * 0.8, 0, 2 * M_PI);
        cairo_fill(plane->cairo);
    }
}

static void draw(const struct plane *plane)
{
    double step = STEP * plane->unit;
    long last = plane_last(plane, step, step), low = (long)ceil(plane->height / step);
    cairo_set_line_width(plane->cairo, 2.5 * plane->unit);
    cairo_set_line_cap(plane->cairo, CAIRO_LINE_CAP_ROUND);
    for (long i = plane_first(plane, step, step); i <= last; i++)
        for (long j = -1; j <= low; j++)
            draw_crossing(plane, i, j);
}

const struct pattern pattern_circuit = {"circuit", "traces and pads of a board, seeded", draw};
