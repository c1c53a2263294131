/* expression.h - keys, numbers and the four operations between them, with units, kinds and intervals. */
#ifndef SLIDES_EXPRESSION_H
#define SLIDES_EXPRESSION_H

#include "slides/deck.h"
#include "slides/published.h"

/* Where an expression's keys are looked up. All borrowed. */
struct scope {
    const struct record *const *records;
    size_t record_count;
    const struct published *published;
    const struct deck *deck; /* its names, and the file for messages */
    bool allow_stale;
};

/* expression = term { ("+" | "-" | "*" | "/") term }, left to right with the usual precedence;
 * term = number | key | name | "(" expression ")". A ratio of two measured times of one record uses the paired
 * repetitions. Refused: values of unlike units (but for * and /), of unlike kinds, of different devices, and results
 * that differ in more than the kernel, the mask or N, each with its reason: STATUS_BAD_INPUT. STATUS_FAILED where a key
 * has no result: missing, failed, stale, not finite. */
enum status expression_value(const struct scope *scope, const char *text, int line, struct value *value,
                             struct diags *diags);

#endif
