/* strip.h - rows along one scale: names at the left, marks, numbers beside them, grid lines with their words below.
 * What points, dumbbell and samples share. */
#ifndef SLIDES_CHARTS_STRIP_H
#define SLIDES_CHARTS_STRIP_H

#include "slides/charts/fit.h"
#include "slides/charts/plot.h"

enum { STRIP_ROWS = 8 };

struct strip_row {
    const char *name;
    const char *before, *after; /* numbers left of the first mark and right of the last; NULL: none */
    double last;                /* where the last mark is, in data; NAN: the row has none */
};

struct strip {
    struct chart_styles styles;
    struct axis x;
    double ticks[AXIS_TICKS];
    int tick_count;
    double radius, gap; /* of marks; between a mark and its number */
    double pitch, top, bottom;
};

/* Where everything lies. `range`: low, high and log. `head`: pixels kept free above the first row. What cannot fit is
 * an error in paint->diags. */
enum status strip_plan(struct strip *strip, const struct strip_row *rows, size_t count, struct axis range, double head,
                       struct paint *paint, struct box box);
/* The middle of a row. */
double strip_row_y(const struct strip *strip, size_t row);
void strip_draw_grid(const struct strip *strip, struct plot *plot, enum unit unit);
void strip_draw_name(const struct strip *strip, struct plot *plot, const char *name, double y);
/* `words` instead of marks. */
void strip_draw_missing(const struct strip *strip, struct plot *plot, const char *words, double y);
/* A number to the right of (side > 0) or left of pixel x. */
void strip_draw_number(const struct strip *strip, struct plot *plot, const char *words, double x, int side, double y);
double strip_height(const struct paint *paint, size_t count, double head);

#endif
