/* help_pages.h - a deck laid out for a test, and a drawing beside it. */
#ifndef TESTS_SLIDES_HELP_PAGES_H
#define TESTS_SLIDES_HELP_PAGES_H

#include "help_slides.h"
#include "slides/geometry.h"
#include "slides/pages.h"

struct laid_out {
    struct desk desk;
    struct prepared prepared;
    struct pages pages;
    enum status status; /* of laying out: preparing must succeed without a word */
};

void lay_out(struct laid_out *out, const char *source, struct pages_look look);
void put_away(struct laid_out *out);

/* A slide in the canvas's pixels, its colours as 0xrrggbb, and that of its ground. */
cairo_surface_t *drawn(struct laid_out *out, size_t index);
uint32_t pixel(cairo_surface_t *surface, int x, int y);
uint32_t ground_of(const struct style *style);

/* What stands on a slide. Free with placed_free. */
struct placed_list rehearsed(struct laid_out *out, size_t index);
/* The n-th box of a slot, from 0; there must be one. */
struct box nth_box(const struct placed_list *placed, const char *slot, int n);

/* A group's set-up and clean-up: a small SVG of this name in the folder that the test runs in. */
int drawing_make(const char *name);
int drawing_remove(const char *name);

#endif
