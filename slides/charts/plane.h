/* plane.h - named points between two scales: what tradeoff and roofline share. */
#ifndef SLIDES_CHARTS_PLANE_H
#define SLIDES_CHARTS_PLANE_H

#include "slides/charts/bound.h"
#include "slides/charts/fit.h"
#include "slides/charts/plot.h"

enum { PLANE_POINTS = 8, PLANE_EDGES = 3 };

struct plane_point {
    const char *name;
    double x, y;
    double y_low, y_high; /* interval; equal when there is none to draw */
    enum role role;
};

/* A line over the plane, as the roof of a roofline, with words beside one of its points. */
struct plane_edge {
    double x[2], y[2];
    const char *words;
    bool words_below; /* under the middle of the line and to its right; else above its right end */
};

struct plane {
    struct plane_point points[PLANE_POINTS];
    size_t count;
    struct plane_edge edges[PLANE_EDGES];
    size_t edge_count;
    double x_least; /* the x scale begins at it or below; 0: where the points say */
    bool x_log, y_log;
    enum unit x_unit, y_unit;
    const char *x_words, *y_words; /* what the scales measure */
};

/* Names stand beside their points, where they touch no other name, point or edge; no such place is an error. */
enum status plane_draw(const struct plane *plane, struct plot_cache *cache, struct paint *paint, struct box box);
double plane_height(const struct paint *paint, double width);

#endif
