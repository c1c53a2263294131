/* format.h - a value in words: the unit that a filter names, no more digits than the interval supports. */
#ifndef SLIDES_FORMAT_H
#define SLIDES_FORMAT_H

#include "harness/metric.h"

/* What stands behind the bar: "ms 3sig", "x 1", "low ms". */
struct format {
    const char *filter; /* a row's name in the table of format.c; NULL: by the value's unit */
    int decimals;       /* -1: not given */
    int significant;    /* -1: not given; 0 with decimals -1: automatic */
    enum { SHOW_MIDDLE, SHOW_LOW, SHOW_HIGH } end;
    char *otherwise; /* else "..."; owned */
};

/* Reads the filters of one expression; faults (unknown filter with the nearest, bad digits) to diags. */
enum status format_read(const char *filters, const char *file, int line, struct format *format, struct diags *diags);
void format_free(struct format *format);

/* The value in words, fresh; NULL after a fault (unit that does not fit, digits that the interval does not carry). */
char *format_value(const struct value *value, const struct format *format, const char *expression, const char *file,
                   int line, struct diags *diags);

#endif
