/* figure.h - what the figures share: text that fits or says so, cells, and refusals with file and line.
 *
 * Measures are those of a 1080 canvas; multiply them by the style's unit. */
#ifndef SLIDES_FIGURES_FIGURE_H
#define SLIDES_FIGURES_FIGURE_H

#include "slides/picture_kind.h"

enum {
    FIGURE_APART = 24, /* nothing comes nearer than this to anything */
    FIGURE_FLOOR = 28  /* the smallest text */
};

struct text_style figure_style(const struct paint *paint, double size, int weight, enum role role, enum align align);

/* Lowers style->size, down to the floor, until each text fits `width` x `height` (0: no limit), wrapped when `wrap`.
 * False when one does not fit at the floor. Adds no fault. */
bool figure_fits(struct paint *paint, struct text_style *style, const char *const *markups, size_t count, double width,
                 double height, bool wrap);
/* The largest of the texts' sizes in each direction; wrapped at `width` when it is not 0. */
struct text_size figure_largest(struct paint *paint, const struct text_style *style, const char *const *markups,
                                size_t count, double width);

/* An error at draw: the figure wants more room. Pixels of a 1080 canvas; returns STATUS_BAD_INPUT. */
enum status figure_refuse(const struct paint *paint, const char *what, double needs_w, double needs_h, struct box box);
/* An error at make, at the line where `part` stands. */
void figure_fault(const struct picture_input *input, const char *part, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A square of a matrix: filled in `role`, or empty (surface with a thin outline) for ROLE_SURFACE. */
void figure_cell(struct paint *paint, struct box box, enum role role);
/* A box as the mock-ups draw them: surface, stroke 4 in `role`, corners 16. Never outside `box`. */
void figure_box(struct paint *paint, struct box box, double radius, double stroke, enum role fill, enum role outline);

/* Keeps x at least low, at most high. */
double figure_clamp(double x, double low, double high);

#endif
