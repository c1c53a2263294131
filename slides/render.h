/* render.h - the whole way from a deck and records to files. */
#ifndef SLIDES_RENDER_H
#define SLIDES_RENDER_H

#include "harness/record.h"
#include "slides/deck.h"

struct render_options {
    const char *size, *theme, *type, *brand; /* NULL: as the deck says, else the defaults */
    const char *pdf;                         /* file to write, or NULL */
    const char *png_folder;                  /* gets slide-01.png ...; or NULL */
    bool allow_stale;
    bool fix_contrast; /* mend colours that cannot be read, and say how */
    bool guides;       /* draw the canvas's insets over every slide */
    bool check_only;   /* everything but drawing and writing */
    int threads;       /* slides drawn side by side; 0: all cores */
};

/* Parses nothing: takes a deck that was read. Checks everything first (bindings, styles, fonts, fit, contrast,
 * pictures); writes nothing when anything is wrong. Files are written to temporary names and renamed. */
enum status deck_render(const struct deck *deck, const struct record *const *records, size_t record_count,
                        const struct render_options *options, struct diags *diags);

/* Prints every number on every slide: slide, text shown, key, kind, record, device, date, commit, samples. */
enum status deck_explain(const struct deck *deck, const struct record *const *records, size_t record_count,
                         bool allow_stale, FILE *stream, struct diags *diags);

#endif
