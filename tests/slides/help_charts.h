/* help_charts.h - a deck of one chart over a record made here, drawn, and what was said; a trial of every kind. */
#ifndef TESTS_SLIDES_HELP_CHARTS_H
#define TESTS_SLIDES_HELP_CHARTS_H

#include <cairo.h>
#include <stdint.h>

#include "slides/charts/plot.h"
#include "slides/picture_kind.h"

/* A fence of every kind that draws without a fault. Its body begins on line 4 of the deck. */
struct chart_trial {
    const struct picture_kind *kind;
    const char *fence;
};
enum { CHART_TRIALS = 10 };
extern const struct chart_trial chart_trials[CHART_TRIALS];
/* The fence of the kind of that name. */
const char *chart_trial(const char *kind);

/* A deck of one chart, a record made here, and whatever was said. */
struct bench {
    struct record record;
    const struct record *records[1];
    struct deck deck;
    struct block *block;
    struct binder *binder;
    const struct picture_kind *kind;
    void *data; /* of the kind; NULL after a fault */
    struct plot_cache cache;
    struct style style;
    struct diags diags;
};

/* naive (with stages), flash and sliding at N 1024 to 8192, and a trade-off of three choices at four densities. Reads
 * and binds; the kind's data is NULL after a fault. */
void bench_open(struct bench *bench, const char *fence, const char *theme);
void bench_close(struct bench *bench);
/* Some fault at this line (0: any) says these words, and its remedy those (NULL: any). */
void bench_says(const struct bench *bench, int line, const char *what, const char *remedy);

/* Opens it, and says so: such a fence has no data. */
void bench_refuses(const char *fence, int line, const char *what, const char *remedy);

/* The chart in a box of w x h, ground around it so that what leaves the box is seen. */
enum { BENCH_EDGE = 30 };
cairo_surface_t *bench_draw(struct bench *bench, double w, double h, enum status *status);
uint32_t bench_color(const struct bench *bench, enum role role);

/* The longest run of a colour on any line of an image. */
int longest_run(cairo_surface_t *image, uint32_t color);

#endif
