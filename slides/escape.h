/* escape.h - plain text becomes Pango's markup. */
#ifndef SLIDES_ESCAPE_H
#define SLIDES_ESCAPE_H

#include "base/text.h"

/* &, < and > become entities, so that nothing in the text is read as a tag. */
void escape_markup(struct text *markup, const char *text, size_t length);

/* The same of a whole string, fresh; "" for NULL; NULL when out of memory. */
char *escaped_markup(const char *text);

/* An entity as Markdown has it ("&mdash;", "&#8212;"): its character. What is not known stays as it was written. */
void escape_entity(struct text *markup, const char *entity, size_t length);

/* Pango knows no links: <a href="..."> and </a>, as blocks hold them, become <u> and </u>. Fresh; NULL when out of
 * memory. */
char *escape_links(const char *markup);

#endif
