/* store.h - a memory as a figure shows it: a box with its name at the left, what it is like and its size at the right.
 * */
#ifndef SLIDES_FIGURES_STORE_H
#define SLIDES_FIGURES_STORE_H

#include "slides/figures/figure.h"

/* As in the fence: `{name: HBM, note: "large, slow", size: "{{ machine.memory | GB }}"}`. */
struct store_fields {
    char *name, *note, *size;
};
extern const cyaml_schema_field_t store_fields[];

struct store {
    char *name, *right; /* markup; right: note and size */
};

/* Binds the texts; faults go to input->diags. `fields` may be NULL: the names that stand in for it are given. */
struct store store_make(const struct picture_input *input, const struct store_fields *fields, const char *name,
                        const char *note);
void store_free(struct store *store);

/* Draws it whole inside the box, outline and name in `role`; refuses when the texts do not fit. `what` names the figure
 * in that fault. */
enum status store_draw(const struct store *store, struct paint *paint, struct box box, enum role role,
                       const char *what);
/* The least height of a store's box. */
double store_height(const struct paint *paint);
/* "HBM (large, slow, 80 GB)", fresh. */
char *store_plain(const struct store *store);

#endif
