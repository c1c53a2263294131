/* utf8.h - is it text? */
#ifndef SLIDES_UTF8_H
#define SLIDES_UTF8_H

#include <stddef.h>

/* Strict UTF-8 without NUL: returns the 1-based line of the first fault, or 0. */
int utf8_bad_line(const char *text, size_t length);

#endif
