/* traces.h - lines between two scales, each with its name at its end: what line and curves share. */
#ifndef SLIDES_CHARTS_TRACES_H
#define SLIDES_CHARTS_TRACES_H

#include "slides/charts/bound.h"
#include "slides/charts/fit.h"
#include "slides/charts/plot.h"

enum { TRACE_POINTS = 64 };

struct trace_point {
    double x, y;
    double low, high; /* of y's interval; equal when there is none to draw */
};

struct trace {
    char *name; /* markup */
    struct trace_point points[TRACE_POINTS];
    size_t count; /* 1 at least */
    enum role role;
};

struct traces {
    struct trace items[BOUND_MOST_SERIES];
    size_t count;
    struct axis x, y; /* low, high and log are given; from and to are planned */
    double x_ticks[AXIS_TICKS], y_ticks[AXIS_TICKS];
    int x_count, y_count; /* where x_count is 0, the ticks of the scale are taken */
    enum unit x_unit, y_unit;
    const char *x_words, *y_words; /* what the scales measure */
    double head;                   /* pixels over the plane, for the words of y and what else stands there */
    double beside;                 /* pixels that are needed right of the plane, also where names are shorter */

    struct chart_styles styles;
    struct text_style label;
    double label_left, spread[BOUND_MOST_SERIES]; /* of the names: left edge and middles */
};

/* The values of a bound point; its interval if it has one. */
struct trace_point trace_point_of(double x, const struct value *y);

/* Measured first: the names at the ends decide how much width is left for the plane. What cannot fit is an error in
 * paint->diags. */
enum status traces_plan(struct traces *traces, struct paint *paint, struct box box);
/* The axes of the plot, grid lines and the words of the scales. */
void traces_draw_grid(const struct traces *traces, struct plot *plot);
/* Lines, marks, intervals and names; what is muted lies below. */
void traces_draw(const struct traces *traces, struct plot *plot);
void traces_free(struct traces *traces);

#endif
