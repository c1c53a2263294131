/* author.h - who wrote a thread, and in which language, as far as the thread says so. */
#ifndef SLIDES_THREAD_AUTHOR_H
#define SLIDES_THREAD_AUTHOR_H

#include "slides/thread/phrases.h"

/* The handle that stood over the posts, else the one that the last or the first post asks to follow; empty: none. */
struct slice author_handle(const struct lines *lines, const struct phrases *posts, size_t count);

/* A brand kit in YAML: name, initials and handle. Fresh; NULL when both are empty or out of memory. */
char *author_brand(struct slice person, struct slice handle);

/* BCP 47: by the script, and for Latin letters by the commonest words; "en" when nothing tells. Static. */
const char *author_language(const char *text);

#endif
