/* help_figures.h - a deck of one fence, its binder, and a surface to draw the picture on. */
#ifndef TESTS_SLIDES_HELP_FIGURES_H
#define TESTS_SLIDES_HELP_FIGURES_H

#include <stdint.h>

#include "slides/picture.h"

struct fence {
    struct record record; /* naive at N 1024 with its three stages; owned */
    const struct record *records[1];
    struct deck deck;
    struct block block;
    struct binder *binder;
    struct style style;
    struct diags diags;
    struct picture *picture;
};

/* Opens binder and style, unit 1. The fence stands on line 10 of talk.md. */
void fence_open(struct fence *fence, const char *theme);
/* Replaces the picture; its faults are in fence->diags. */
enum status fence_make(struct fence *fence, enum block_kind kind, const char *yaml);
/* Draws at (40, 40) on magenta, the box itself on the theme's background. */
enum { FENCE_MARGIN = 40 };
cairo_surface_t *fence_draw(struct fence *fence, double w, double h);
void fence_close(struct fence *fence);

/* 0xrrggbb at a place of the box; a role's colour in the same form. */
uint32_t pixel_at(cairo_surface_t *surface, double x, double y);
uint32_t role_pixel(const struct fence *fence, enum role role);

#endif
