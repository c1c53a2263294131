/* typeset.h - an author's words as Markdown: typographic signs, nothing read as markup, links kept. */
#ifndef SLIDES_THREAD_TYPESET_H
#define SLIDES_THREAD_TYPESET_H

#include "base/text.h"
#include "slides/thread/slice.h"

enum {
    TYPESET_HEADING = 1, /* a colon at the end goes */
    TYPESET_PLAIN = 2,   /* no Markdown: for titles in YAML and the like */
    TYPESET_LINE = 4     /* begins a line: what would make a list, a heading or a quote of it is escaped */
};

/* Quotes become curly, three dots an ellipsis, two hyphens a dash, "7.6x" "7.6×", "->" an arrow; never inside an
 * address, a handle or `code`. Blanks of any number become one. An address is shown without https:// and www., a long
 * one by its host, and leads where it led. */
void typeset(struct text *to, struct slice words, unsigned how);

/* A text in double quotes as YAML has them. */
void typeset_yaml(struct text *to, const char *plain);

#endif
