/* diag.h - faults and warnings for a person: where, what, and how to go on.
 *
 * Every function that can fail takes a `struct diags *` and adds to it; only a command prints them.
 * Faults are collected, not thrown: a deck with nine faults reports all nine at once. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag {
    enum diag_level level;
    char *file;   /* may be NULL: no file is involved */
    int line;     /* 1-based; 0 when no line is known */
    char *what;   /* one sentence: what is wrong */
    char *remedy; /* may be NULL: what to do next */
};

struct diags {
    struct diag *items; /* owned */
    size_t count, capacity;
    size_t errors; /* how many errors were added; the same one twice is listed once */
};

/* Zero-initialise a `struct diags` to start; diags_free to end (leaves it empty and usable). */
void diags_free(struct diags *diags);

/* Adds one. `file` and `remedy` may be NULL; all strings are copied. Never fails visibly: out of
 * memory drops the text but still counts the error. */
void diags_error(struct diags *diags, const char *file, int line, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void diags_warn(struct diags *diags, const char *file, int line, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* "file:line: error: what\n    remedy\n" for each, in the order in which they were added. */
void diags_print(const struct diags *diags, FILE *stream);

#endif
