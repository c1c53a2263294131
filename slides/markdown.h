/* markdown.h - one run of Markdown (no fences, no comments) becomes blocks with Pango markup. */
#ifndef SLIDES_MARKDOWN_H
#define SLIDES_MARKDOWN_H

#include "slides/deck.h"

/* Appends the blocks of `text` (md4c, CommonMark) to the slide; `line` is its first in the file. Bindings stay literal:
 * {{ ... }} is not read as Markdown; inside `code` they become \{{ so that they are never bound. */
enum status markdown_add(struct slide *slide, const char *text, const char *file, int line, struct diags *diags);

/* A zeroed block at the end of the slide; NULL when out of memory. */
struct block *slide_add_block(struct slide *slide);

#endif
