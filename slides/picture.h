/* picture.h - what a ```chart or ```figure fence draws: one row in one table a kind.
 *
 * A picture is made once (YAML read, keys bound) and drawn any number of times into any box. */
#ifndef SLIDES_PICTURE_H
#define SLIDES_PICTURE_H

#include "slides/bind.h"
#include "slides/charts/plotter.h"
#include "slides/deck.h"
#include "slides/paint.h"

struct picture;

/* Reads a BLOCK_CHART's or BLOCK_FIGURE's body and binds its keys. All faults (unknown kind or field with the nearest,
 * missing keys, wrong units, NaN) go to diags with the deck's file and line. The plotter is borrowed; figures need
 * none. Caller: picture_free. */
enum status picture_make(const struct block *block, int slide, struct binder *binder, struct plotter *plotter,
                         struct picture **picture, struct diags *diags);
/* Draws into the box; never outside it. What cannot fit above the legibility floors is an error in paint->diags. The
 * Figure tag around it is the caller's, with picture_alt. */
enum status picture_draw(struct picture *picture, struct paint *paint, struct box box);
/* The height that the picture likes at a width (it accepts others). */
double picture_height(struct picture *picture, struct paint *paint, double width);
/* Alt text: the author's, else made from the data; plain text. Owned by the picture. */
const char *picture_alt(const struct picture *picture);
/* What stands beside the badge of its kind: "median of 15, bars show the 99 % interval"; plain text; may
 * be NULL. */
const char *picture_caption(const struct picture *picture);
void picture_free(struct picture *picture);

/* Every kind there is, charts first: names and ideas for help and for "did you mean". */
struct picture_kind;
const struct picture_kind *const *picture_kinds(size_t *count);

#endif
