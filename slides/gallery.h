/* gallery.h - everything that slides can look like, on a few sheets: whatever layouts, themes, canvases, patterns and
 * type pairs there are, the user's own among them. */
#ifndef SLIDES_GALLERY_H
#define SLIDES_GALLERY_H

#include "base/diag.h"
#include "base/status.h"
#include "base/text.h"

struct gallery; /* opaque: one specimen slide of every layout */

/* A layout without a slide in slides/decks/gallery.md gets one made from what it has places for. */
enum status gallery_open(struct gallery **gallery, struct diags *diags);
void gallery_close(struct gallery *gallery);

/* What cannot be drawn here (a font that is not installed, a canvas that does not take the words) is an empty place on
 * the sheet with the reason, and a warning. */
struct gallery_sheet {
    const char *name; /* "layouts" */
    const char *idea; /* one line for help */
    enum status (*draw)(struct gallery *gallery, struct text *png, struct diags *diags);
};
enum { GALLERY_SHEETS = 4 };
extern const struct gallery_sheet gallery_sheets[GALLERY_SHEETS];

#endif
