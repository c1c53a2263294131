/* bound.h - the numbers of a chart: looked up, with their label, and what may be said of all of them together. */
#ifndef SLIDES_CHARTS_BOUND_H
#define SLIDES_CHARTS_BOUND_H

#include "base/text.h"
#include "slides/picture_kind.h"

enum { BOUND_MOST_SERIES = 5 };

/* One number with the name that stands beside it. */
struct bound {
    char *name;
    struct value value;
    char *shown;  /* "627 ms", or the `else` words */
    bool missing; /* only the words of `else`: never drawn as a number */
    enum role role;
    int line; /* in the deck */
};

/* Binds an expression ("{{ }}" around it is allowed). Faults name the line on which the fence says `where`: the
 * expression itself when NULL, something else when the expression was put together. */
enum status bound_make(const struct picture_input *input, const char *name, const char *expression, const char *where,
                       struct bound *bound);
void bound_free(struct bound *bound);
void bounds_free(struct bound *bounds, size_t count);

/* Every number in the unit of the first; for a logarithmic scale also above zero. Faults name the row. */
enum status bound_check_alike(const struct picture_input *input, const struct bound *bounds, size_t count,
                              bool positive);
/* No more series than can be told apart. */
enum status bound_check_series(const struct picture_input *input, unsigned count);
/* "accent", "accent2", "muted", "text". Unknown: an error with the nearest. NULL leaves *role. */
enum status bound_role(const struct picture_input *input, const char *name, enum role *role);
/* The row of that name (NULL: the last); -1 after an error with the nearest. */
int bound_named(const struct picture_input *input, const struct bound *bounds, size_t count, const char *name);

/* How rows are coloured: the one of the name `highlight` (NULL: the last), and the others; a row's own choice wins:
 * `own`, names of roles, NULL where a row made none. */
struct row_roles {
    enum role highlighted, others;
};
enum status bounds_give_roles(const struct picture_input *input, struct bound *bounds, size_t count,
                              struct row_roles roles, const char *highlight, const char *const *own);

bool bound_has_interval(const struct value *value);
/* "median of 15 · bars show the 99 % interval": of what is measured; `marks` names what shows it ("bars"). Nothing
 * is added when nothing was measured. */
void bound_add_statistics(struct text *text, const struct bound *bounds, size_t count, const char *marks);
/* " · " between parts that are there. */
void bound_add_part(struct text *text, const char *part);
/* "time", "bytes", "tokens": what a unit measures, in words. */
const char *bound_quantity(enum unit unit);
/* "naive 627 ms, flash 26.1 ms" */
void bound_add_list(struct text *text, const struct bound *bounds, size_t count);

#endif
