/* heat.h - what heat.c reads and binds, and heat_draw.c draws. */
#ifndef SLIDES_CHARTS_HEAT_H
#define SLIDES_CHARTS_HEAT_H

#include "slides/charts/bound.h"
#include "slides/charts/plot.h"

enum { HEAT_ROWS = 8, HEAT_COLUMNS = 6 };

struct heat {
    char *rows[HEAT_ROWS], *columns[HEAT_COLUMNS]; /* names */
    size_t row_count, column_count;
    struct bound *cells; /* [row_count * column_count], a row after the other; their words without the unit */
    char *unit;          /* that all cells share: "ms"; NULL: each says its own */
    bool log;
    struct plot_cache *cache; /* of the picture */
};

enum status heat_draw(void *data, struct paint *paint, struct box box);

#endif
