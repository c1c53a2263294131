/* content.h - a prepared slide by what its parts are: what layouts place. */
#ifndef SLIDES_CONTENT_H
#define SLIDES_CONTENT_H

#include "slides/prepare.h"

enum { CONTENT_BODY = 24, CONTENT_COLUMNS = 3 };

/* A run of body blocks and at most one visual; all borrowed from the prepared slide. */
struct content_part {
    const struct ready_block *name;               /* heading of level 3, or NULL */
    const struct ready_block *body[CONTENT_BODY]; /* paragraphs, items, quotes, code */
    size_t body_count;
    const struct ready_block *visual; /* chart, figure or image */
};

struct content {
    const struct ready_block *title;    /* the first heading of level 1 or 2 */
    const struct ready_block *subtitle; /* the second */
    struct content_part main;           /* what stands under no heading of level 3 */
    struct content_part after;          /* the body behind main's visual, as its author wrote it */
    struct content_part columns[CONTENT_COLUMNS];
    size_t column_count;
    const struct ready_block *background; /* ![bg], or NULL */
    const struct ready_block *extra;      /* the first block that no slide has room for, or NULL */
};

struct content content_of(const struct ready_slide *slide);

/* The layout that suits a slide whose author named none. */
const char *content_layout(const struct content *content, int index);

#endif
