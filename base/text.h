/* text.h - a string that grows. Zero-initialise to start, text_free to end. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *bytes; /* owned; NUL-terminated once anything was added, else NULL */
    size_t length, capacity;
    bool failed; /* an allocation failed: the content is incomplete */
};

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the string over to the caller (free it) and empties `text`; "" when nothing was added; NULL
 * when out of memory. */
char *text_take(struct text *text);
void text_free(struct text *text);

#endif
