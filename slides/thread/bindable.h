/* bindable.h - numbers of a thread that a record or a published figure has too.
 *
 * Only what can be looked up is proposed: each expression is bound before it is named, and a published figure must
 * agree with the author's number to its last digit and be about something that the words around it name. */
#ifndef SLIDES_THREAD_BINDABLE_H
#define SLIDES_THREAD_BINDABLE_H

#include "base/text.h"
#include "slides/bind.h"
#include "slides/thread/number.h"

struct bindable; /* opaque */

/* Reads slides/published.yml; the records are borrowed. */
enum status bindable_open(struct bindable **bindable, const struct record *const *records, size_t count,
                          struct diags *diags);
void bindable_close(struct bindable *bindable);

/* Lines of a comment, one for each proposal about a number of `text`; `around` is the slide's whole text. Returns how
 * many numbers have one. */
int bindable_propose(struct bindable *bindable, struct slice text, struct slice around, struct text *comment);

#endif
