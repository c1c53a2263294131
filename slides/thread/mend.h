/* mend.h - UTF-8 that was read as a character set of one byte, once or several times, becomes what it was. */
#ifndef SLIDES_THREAD_MEND_H
#define SLIDES_THREAD_MEND_H

#include "slides/thread/charset.h"
#include "slides/thread/finding.h"

/* Where bytes were lost on the way (control characters are dropped by many a page), and others beside them prove how
 * the text was misread: a sign is chosen from those that the bytes left over allow, by what stands around it; each
 * choice is a finding. A sign that nothing tells becomes MARK_POINTER. What came through whole is mended too. Fresh;
 * NULL when out of memory. Comes before mend_whole: what is mended can no longer be told from what is cut. */
char *mend_lost(const char *text, const struct charset *charsets, size_t count, struct findings *findings);

/* What came through whole: each run of characters whose bytes in one of the sets are UTF-8 becomes its character, up to
 * three times over. A letter that its own script explains is left alone. Fresh; NULL when out of memory. */
char *mend_whole(const char *text, const struct charset *charsets, size_t count, struct findings *findings);

/* The character whose UTF-8 the bytes from `at` on are in this set, and *next behind it; 0: none. */
gunichar mend_character(const struct charset *charset, const char *at, const char **next);

#endif
