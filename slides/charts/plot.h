/* plot.h - one chart being drawn: gnuplot makes the marks, Pango the words, both to the same pixel.
 *
 * A chart first measures its words (paint_text_size), which decides where its axes lie; then it gives gnuplot the
 * marks and this file the words. gnuplot's first axes (x1y1) carry the data, its second ones (x2y2) the pixels of the
 * box, so that bars of a given height and marks of a given size need no arithmetic in the data's
 * units. The SVG goes through librsvg as vectors; words stay out of it, because only paint_text knows the deck's
 * weights, tabular figures and missing glyphs. */
#ifndef SLIDES_CHARTS_PLOT_H
#define SLIDES_CHARTS_PLOT_H

#include "base/text.h"
#include "slides/charts/axis.h"
#include "slides/charts/plotter.h"
#include "slides/paint.h"

enum scale { SCALE_PIXELS, SCALE_DATA };
enum shape { SHAPE_CIRCLE, SHAPE_SQUARE, SHAPE_TRIANGLE, SHAPE_DIAMOND, SHAPE_TURNED, SHAPES };
enum corners { CORNERS_NONE, CORNERS_LEFT, CORNERS_RIGHT, CORNERS_ALL };

struct plot_word {
    struct text_style style;
    char *markup;
    double x, y;
};

struct plot {
    struct paint *paint;
    struct box box;
    double unit;                     /* pixels of a measure written for 1080 */
    double left, right, top, bottom; /* of the axes' area */
    struct text setup, data, clauses;
    int objects, blocks;
    struct plot_word *words;
    size_t word_count;
    bool failed; /* out of memory */
};

/* A chart's last picture, kept as long as the script that made it is the same. plot_cache_free to end. Used by one
 * thread at a time, as librsvg's handles are; the plotter behind it may be shared. */
struct plot_cache {
    struct plotter *plotter; /* borrowed */
    char *script;
    void *picture; /* librsvg's handle */
};
void plot_cache_free(struct plot_cache *cache);

/* All coordinates from here on are pixels from the box's top left, y downward, or (SCALE_DATA) the axes' units. */
void plot_begin(struct plot *plot, struct paint *paint, struct box box);
/* Once, before any mark: where the axes lie. Their from and to are pixels. */
void plot_area(struct plot *plot, const struct axis *x, const struct axis *y);
/* Thin lines between the axes' ends at a number of x or of y. */
void plot_grid_x(struct plot *plot, double at);
void plot_grid_y(struct plot *plot, double at);

/* `dashed`: every other. Widths and radii are pixels. */
void plot_path(struct plot *plot, enum scale scale, enum role role, double width, bool dashed, const double *x,
               const double *y, size_t count);
void plot_segment(struct plot *plot, enum scale scale, enum role role, double width, double x0, double y0, double x1,
                  double y1);
void plot_mark(struct plot *plot, enum scale scale, enum shape shape, enum role role, double radius, double x,
               double y);
void plot_bar(struct plot *plot, struct box bar, double radius, enum corners corners, enum role role);
/* The same with round corners all over, in any colour. */
void plot_tile(struct plot *plot, struct box tile, double radius, struct color color);
/* Ground for words, over grid lines and what was drawn so far. */
void plot_blank(struct plot *plot, struct box box);
/* An interval with caps, over a halo of the background so that it shows on any colour. `across`: along x, at `at` of
 * the other axis; else along y. All in pixels. */
void plot_interval(struct plot *plot, bool across, enum role role, double low, double high, double at);

/* Words with their first baseline at y; drawn after all marks. Takes plain text and escapes it. */
void plot_words(struct plot *plot, const struct text_style *style, const char *plain, double x, double y);
void plot_markup(struct plot *plot, const struct text_style *style, const char *markup, double x, double y);

/* Draws all of it and frees the plot, also after a failure. */
enum status plot_end(struct plot *plot, struct plot_cache *cache);
/* Frees without drawing. */
void plot_drop(struct plot *plot);

#endif
