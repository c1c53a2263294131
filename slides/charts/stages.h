/* stages.h - what stages.c reads and binds, and stages_draw.c draws. */
#ifndef SLIDES_CHARTS_STAGES_H
#define SLIDES_CHARTS_STAGES_H

#include "slides/charts/bound.h"
#include "slides/charts/plot.h"

enum { STAGES_MOST = 5 };

struct stage_row {
    struct bound total;
    struct bound pieces[STAGES_MOST]; /* none for a row of one piece */
    size_t count;
    char *label; /* of one piece; may be NULL */
};

struct stages {
    struct stage_row *rows;
    size_t count;
    struct plot_cache *cache; /* of the picture */
};

enum status stages_draw(void *data, struct paint *paint, struct box box);

#endif
