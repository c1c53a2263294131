/* fit.h - words in a chart: the sizes that they take, and the place that they need, measured before anything is
 * drawn. */
#ifndef SLIDES_CHARTS_FIT_H
#define SLIDES_CHARTS_FIT_H

#include "slides/paint.h"

/* At 1080: names 36/500, values 40/700, grid words 28. `shrink` 1 .. 0 takes names and values down to the floor
 * of 28, never below. */
struct chart_styles {
    struct text_style name, value, tick;
};
struct chart_styles fit_styles(const struct paint *paint, double shrink);
enum { FIT_STEPS = 5 };
/* The shrinks to try, largest first: 1, .75, .5, .25, 0. */
double fit_shrink(int step);

double fit_width(struct paint *paint, const struct text_style *style, const char *plain);

/* Moves the centres of labels, each of its own size, so that there is a gap between any two and all lie in
 * [low, high]; keeps the order of the centres and moves as little as it can (crowds stand around the mean of their
 * wishes). False, with nothing moved, when there is no room. At most 64. */
bool fit_spread(double *centres, const double *sizes, size_t count, double gap, double low, double high);

/* An error in paint->diags: by how many pixels, and what to do. */
enum status fit_refuse(struct paint *paint, const char *what, double pixels, const char *remedy);

#endif
