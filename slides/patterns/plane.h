/* plane.h - what a pattern draws on: a window on an endless plane, so that it goes on where the slide beside it ends.
 *
 * A pattern is a function of the plane alone: it draws whatever reaches into the window, at places that are multiples
 * of its own step from the plane's origin, and chooses by hashes of those places, never by a running random number. */
#ifndef SLIDES_PATTERNS_PLANE_H
#define SLIDES_PATTERNS_PLANE_H

#include <cairo.h>
#include <stdint.h>

#include "slides/color.h"

struct plane {
    cairo_t *cairo;       /* source colour set; user space is the plane: (left, 0) is the slide's top left corner */
    double left;          /* where the window begins */
    double width, height; /* of the window, pixels */
    double unit;          /* pixels of a measure for a 1080 short side */
    uint32_t seed;
    struct color ink, ground;
    struct color tint; /* as quiet as ink, of an accent's hue */
};

struct pattern {
    const char *name, *idea;
    void (*draw)(const struct plane *plane);
};

extern const struct pattern pattern_none, pattern_dots, pattern_grid, pattern_graph, pattern_diagonals, pattern_waves,
    pattern_contours, pattern_circuit, pattern_isometric, pattern_grain, pattern_gradient;

/* The numbers of the first and the last multiple of `step` that may reach into the window, with `reach` around each. */
long plane_first(const struct plane *plane, double step, double reach);
long plane_last(const struct plane *plane, double step, double reach);

/* 0 <= . < 1, the same for the same seed and place; `what` tells apart what is asked there. */
double plane_chance(const struct plane *plane, long x, long y, uint32_t what);

/* A vertical line at `x`, a horizontal one at `y`: paths over the whole window. */
void plane_column(const struct plane *plane, double x);
void plane_row(const struct plane *plane, double y);

#endif
