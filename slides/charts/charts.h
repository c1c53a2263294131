/* charts.h - the kinds of ```chart fences: one file each, rows of the table in picture.c. */
#ifndef SLIDES_CHARTS_CHARTS_H
#define SLIDES_CHARTS_CHARTS_H

#include "slides/picture_kind.h"

extern const struct picture_kind chart_points;   /* one number a row on a scale, logarithmic by default */
extern const struct picture_kind chart_bar;      /* one number a row from zero */
extern const struct picture_kind chart_line;     /* a metric over N */
extern const struct picture_kind chart_stages;   /* where the time of a kernel goes */
extern const struct picture_kind chart_tradeoff; /* named points between two scales */
extern const struct picture_kind chart_curves;   /* trade-offs as curves, density by density */
extern const struct picture_kind chart_roofline; /* kernels under the measured roofs */
extern const struct picture_kind chart_dumbbell; /* before and after of several things */
extern const struct picture_kind chart_samples;  /* every repetition of some cases */

extern const struct picture_kind chart_heat; /* a number for every row and column */

#endif
