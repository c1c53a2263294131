/* prepare.h - a deck with everything looked up: texts bound, pictures made. Nothing is drawn yet. */
#ifndef SLIDES_PREPARE_H
#define SLIDES_PREPARE_H

#include "slides/bind.h"
#include "slides/image.h"
#include "slides/picture.h"

struct ready_block {
    const struct block *block; /* of the deck */
    char *text;                /* bound markup, or NULL */
    char *code;                /* of a fence: highlighted markup (highlight.h); else NULL */
    struct picture *picture;   /* charts and figures, or NULL */
    struct image *image;       /* images, or NULL */
};

struct ready_slide {
    const struct slide *slide;
    struct ready_block *blocks;
    size_t count;
};

struct prepared {
    const struct deck *deck;
    struct plotter *plotter;
    bool own_plotter;
    struct binder *binder;
    struct ready_slide *slides;
    size_t count;
};

/* All faults of all slides at once; but texts and fences that are far too long are told alone, and nothing else
 * of the deck is looked at. Free with prepared_free also after a failure. */
enum status prepare_deck(const struct deck *deck, const struct record *const *records, size_t record_count,
                         bool allow_stale, struct prepared *prepared, struct diags *diags);
/* The same with a plotter of the caller's, which outlives it: charts that it has drawn are not drawn again. */
enum status prepare_deck_by(struct plotter *plotter, const struct deck *deck, const struct record *const *records,
                            size_t record_count, bool allow_stale, struct prepared *prepared, struct diags *diags);
void prepared_free(struct prepared *prepared);

#endif
