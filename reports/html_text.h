/* html_text.h - words as HTML: nothing in them acts as markup, in an element or between quotes. */
#ifndef REPORTS_HTML_TEXT_H
#define REPORTS_HTML_TEXT_H

#include "base/text.h"

/* NULL adds nothing. Control characters become U+FFFD, which HTML does not allow by themselves. */
void html_words(struct text *out, const char *words);

#endif
