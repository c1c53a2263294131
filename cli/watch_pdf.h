/* watch_pdf.h - the PDF of a watched deck, drawn anew by a program beside this one once its author pauses: pictures
 * never wait for it. */
#ifndef CLI_WATCH_PDF_H
#define CLI_WATCH_PDF_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/status.h"

struct watch_pdf; /* opaque */

/* The flags and the deck of `deck watch` as they were given: the PDF is `deck export`'s with the same. Borrowed. NULL:
 * out of memory. */
struct watch_pdf *watch_pdf_open(int argc, char **argv);
/* One that is being drawn is finished first: it takes about a second. */
void watch_pdf_close(struct watch_pdf *pdf);

/* The deck was drawn, and `changed` says whether a slide looks different; or it could not be: there is no PDF of it
 * until it can. */
void watch_pdf_drawn(struct watch_pdf *pdf, bool drawn, bool changed);
/* How many seconds to wait for changes before watch_pdf_quiet is to be called; less than 0: for as long as it takes. */
double watch_pdf_patience(const struct watch_pdf *pdf);
/* Nothing was saved for so long: begins the PDF, or sees how far it is, and says when it is there. */
void watch_pdf_quiet(struct watch_pdf *pdf);

#endif
