/* line.h - what line.c reads and binds, and line_draw.c draws. */
#ifndef SLIDES_CHARTS_LINE_H
#define SLIDES_CHARTS_LINE_H

#include "slides/charts/bound.h"
#include "slides/charts/plot.h"

struct series {
    char *name, *slope; /* slope: "2.01", or NULL */
    struct bound *points;
    double *n;
    size_t count;
    enum role role;
};

struct lines {
    struct series series[BOUND_MOST_SERIES];
    size_t count;
    bool log;
    enum unit unit;
    struct plot_cache *cache; /* of the picture */
};

enum status line_draw(void *data, struct paint *paint, struct box box);

#endif
