/* pages.h - a prepared deck, laid out: every slide knows its style, its layout and the scale of its type.
 *
 * Opening rehearses every slide once on a surface that draws nowhere, so that whatever is wrong is known before
 * anything is written. */
#ifndef SLIDES_PAGES_H
#define SLIDES_PAGES_H

#include "slides/layout.h"
#include "slides/pattern.h"
#include "slides/prepare.h"
#include "slides/style.h"

struct page {
    const struct ready_slide *slide;
    struct content content;
    const struct style *style; /* of pages->styles */
    const struct layout *layout;
    struct outro *outro;         /* owned; NULL unless it is one */
    struct pattern_wish pattern; /* without one: plain ground */
    struct source_line sources[4];
    char *source_texts[4]; /* owned */
    int source_count;
    double type_scale, gap_scale;
    bool too_high; /* and told so */
};

struct pages {
    struct page *items;
    size_t count;
    const struct deck *deck;
    struct style **styles; /* one a theme that the deck uses; the first is the deck's */
    size_t style_count;
    double text_scale; /* of the deck's text size: 1 for M */
    double text_eager; /* the canvas's, where the deck names no text size; else 1 */
    bool guides;       /* draw them over every slide */
};

struct pages_look {
    const char *size, *theme, *type, *brand; /* NULL: as the deck says, else the defaults */
    bool fix_contrast;                       /* style.h */
    bool guides;                             /* show what the platform covers (guides.h) */
    const char *text_size;                   /* S, M, L or XL: where the search for a size that fits begins */
};

/* All faults at once: styles, layouts, patterns, texts that do not fit, glyphs, pictures, too many words or slides.
 * Close also after a failure. */
enum status pages_open(const struct prepared *prepared, const struct pages_look *look, struct pages *pages,
                       struct diags *diags);
void pages_close(struct pages *pages);

/* Draws slide `index` where nobody sees it, and notes what stands where: sizes, colours and boxes (paint.h). */
void pages_rehearse(const struct pages *pages, size_t index, cairo_t *nowhere, struct placed_list *placed,
                    struct diags *diags);

/* Draws slide `index`. `alts` not NULL: a PDF, with structure tags. */
void pages_draw(const struct pages *pages, size_t index, cairo_t *cairo, struct paint_alts *alts, struct diags *diags);

#endif
