/* contact.h - slides side by side on one sheet, with labels: for a deck's contact sheet and for the gallery. */
#ifndef SLIDES_CONTACT_H
#define SLIDES_CONTACT_H

#include "base/text.h"
#include "slides/pages.h"

struct contact_cell {
    const struct pages *pages; /* NULL: an empty place, with its label */
    size_t index;
    const char *label; /* under the slide; may be NULL */
};

struct contact {
    const char *title, *subtitle; /* subtitle may be NULL */
    const struct contact_cell *cells;
    size_t count, columns;
    double cell_width, cell_height; /* pixels in which every slide is shown whole, at the scale that fits; a row is only
                                     * as high as its highest slide */
    const char *const *heads;       /* [columns] over the columns; or NULL */
    const struct style *style;      /* colours and fonts of the sheet itself */
};

/* Drawn as vectors at the small size, not shrunk from pixels. A PNG. */
enum status contact_png(const struct contact *contact, struct text *png, struct diags *diags);

#endif
