/* chart.h - a report's charts: scripts for gnuplot, and its SVG made fit for a page.
 *
 * Scripts name colours by role; chart_svg replaces them by the page's CSS variables, so that one picture serves light
 * and dark. Words in a picture are labels at marks: there is no legend. */
#ifndef REPORTS_CHART_H
#define REPORTS_CHART_H

#include "base/text.h"
#include "reports/group.h"

enum { CHART_WIDTH = 430, CHART_FONT = 13 }; /* pixels; a page scales it */

enum colour {
    COLOUR_INK,
    COLOUR_MUTED,
    COLOUR_RULE,  /* grid */
    COLOUR_PAPER, /* the page itself */
    COLOUR_FLASH,
    COLOUR_NAIVE_BLAS,
    COLOUR_NAIVE,
    COLOUR_SLIDING,
    COLOUR_ALTERNATING,
    COLOUR_OTHER,
    COLOUR_PASS_1, /* of a kernel with several passes, in turns: not a kernel's own colour */
    COLOUR_PASS_2,
    COLOUR_PASS_3,
    COLOURS
};

/* A family's place in every chart: colour, and a point type of gnuplot's, so that shape tells them apart as well. */
struct series {
    const char *family;
    enum colour colour;
    int point;
};
const struct series *series_of(const char *family);

/* For `lc rgb`, `tc rgb`: "'#010104'". */
const char *colour_name(enum colour colour);

/* Time over N of a group, both axes logarithmic, intervals as bars. NULL when no line has two lengths, or out of
 * memory. `alt` is fresh too. */
char *chart_time(const struct group *group, char **alt);
/* FLOP/s of each kernel at one N against the roof probed beside it; bars from zero. */
char *chart_rate(const struct group *group, int64_t n, char **alt);
/* Where the time of kernels with several passes goes, at one N. NULL when there are none. */
char *chart_passes(const struct group *group, int64_t n, char **alt);

/* What is kept over time, for the choices of blocks that a reader compares. NULL when none has two points, or nothing
 * is known of needles. */
enum kept { KEPT_MASS, KEPT_NEEDLES };
char *chart_kept(const struct record_tradeoff *row, enum kept what, char **alt);

/* Opens a script: terminal, fonts, margins at these pixels, no border. */
void chart_start(struct text *script, int height, int left, int right, int top, int bottom);
/* A label at a place of gnuplot's words ("graph 1, graph 0.5"), its text quoted. `more`: "right", "center". */
void chart_label(struct text *script, const char *place, enum colour colour, const char *more, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Width that words will take, in pixels, a little more rather than less. */
double chart_text_width(const char *words);
/* "flash", or "sliding, causal_w255" where the mask is more than none or causal. Fresh. */
char *chart_line_name(const struct group_line *line);

/* The page's picture from gnuplot's: a role and a title, colours as CSS variables, ids that begin with `id`, a size
 * that the page decides. Fresh; NULL when out of memory. */
char *chart_svg(const char *svg, const char *id, const char *title, const char *alt);

#endif
