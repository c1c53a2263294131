/* curves.h - what curves.c reads and binds, and curves_draw.c draws. */
#ifndef SLIDES_CHARTS_CURVES_H
#define SLIDES_CHARTS_CURVES_H

#include "slides/charts/bound.h"
#include "slides/charts/plot.h"

enum { CURVE_MOST_POINTS = 16 };

struct curve {
    char *name;
    struct bound *x, *y; /* [count] */
    double *density;     /* [count], rising */
    size_t count;
    enum role role;
};

struct curves {
    struct curve items[BOUND_MOST_SERIES];
    size_t count, highlighted;
    char *x_words, *y_words;
    struct plot_cache *cache; /* of the picture */
};

enum status curves_draw(void *data, struct paint *paint, struct box box);

#endif
