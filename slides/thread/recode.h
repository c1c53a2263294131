/* recode.h - the bytes of a pasted thread become UTF-8. */
#ifndef SLIDES_THREAD_RECODE_H
#define SLIDES_THREAD_RECODE_H

#include "base/diag.h"
#include "base/status.h"
#include "slides/thread/finding.h"

/* UTF-8, UTF-16 and UTF-32 with or without a byte order mark, else Windows-1252. A few bytes that are no UTF-8 in a
 * text that else is become U+FFFD. Line ends become \n, letters and their marks one character (NFC). Nothing but
 * blanks, or bytes that are no text: an error. *text is fresh. */
enum status recode(const char *bytes, size_t length, const char *name, char **text, struct findings *findings,
                   struct diags *diags);

#endif
