/* figures.h - the kinds of ```figure fences: one file and one line each. */
#ifndef SLIDES_FIGURES_FIGURES_H
#define SLIDES_FIGURES_FIGURES_H

#include "slides/picture_kind.h"

extern const struct picture_kind figure_matrix;
extern const struct picture_kind figure_layers;
extern const struct picture_kind figure_memory;
extern const struct picture_kind figure_tiles;
extern const struct picture_kind figure_squares;
extern const struct picture_kind figure_threads;
extern const struct picture_kind figure_book;

#endif
