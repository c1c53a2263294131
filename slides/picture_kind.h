/* picture_kind.h - one kind of chart or figure: a row of the table in picture.c.
 *
 * Adding a kind is one file in charts/ or figures/ and one row. A kind reads its own YAML by its own schema (every
 * schema also takes `kind`, `alt` and `caption`), binds its keys once, and then draws into any box. */
#ifndef SLIDES_PICTURE_KIND_H
#define SLIDES_PICTURE_KIND_H

#include <cyaml/cyaml.h>

#include "slides/bind.h"
#include "slides/deck.h"
#include "slides/paint.h"

struct plot_cache;

/* What a kind is made from. All borrowed. */
struct picture_input {
    const struct block *block;
    const char *file; /* the deck's, for messages; the line is block->line */
    int slide;
    struct binder *binder;
    struct plot_cache *cache; /* the picture's own, for a chart to keep */
    struct diags *diags;
};

struct picture_kind {
    enum block_kind fence;              /* BLOCK_CHART or BLOCK_FIGURE */
    const char *name;                   /* `kind:` of the fence: "bar" */
    const char *idea;                   /* one line for the list of kinds */
    const cyaml_schema_value_t *schema; /* of the fence's body, a mapping behind a pointer */

    /* The kind's own data: `size` zeroed bytes, which picture.c makes and frees. */
    size_t size;
    /* `fields` is what the schema made (freed by the caller after this). Adds every fault to input->diags. */
    enum status (*make)(const struct picture_input *input, const void *fields, void *data);
    enum status (*draw)(void *data, struct paint *paint, struct box box);
    double (*height)(void *data, struct paint *paint, double width); /* that it likes */
    char *(*alt)(const void *data);                                  /* from the data, fresh */
    char *(*caption)(const void *data);                              /* beside the badge, fresh; may return NULL */
    /* What make has put into `data`, also when it failed halfway; not `data` itself. */
    void (*free)(void *data);
};

/* Fields that picture.c itself reads: first in every schema. */
#define PICTURE_FIELDS                                                                                                 \
    CYAML_FIELD_IGNORE("kind", CYAML_FLAG_OPTIONAL), CYAML_FIELD_IGNORE("alt", CYAML_FLAG_OPTIONAL),                   \
        CYAML_FIELD_IGNORE("caption", CYAML_FLAG_OPTIONAL)

/* The line of the deck on which `part` of the fence stands (the fence's own when it is nowhere in it). */
int picture_line(const struct picture_input *input, const char *part);
/* Plain text of a field becomes markup with its {{ }} bound; fresh, or NULL after a fault. "" for NULL. */
char *picture_markup(const struct picture_input *input, const char *text);
/* Markup becomes plain text, for alt texts; fresh. */
char *picture_plain(const char *markup);

#endif
