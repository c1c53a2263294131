/* published.h - figures that others published, each with its source: slides/published.yml. */
#ifndef SLIDES_PUBLISHED_H
#define SLIDES_PUBLISHED_H

#include "harness/metric.h"

struct published; /* opaque */

enum status published_open(struct published **published, struct diags *diags);
void published_close(struct published *published);
/* The figure of "published.KEY" (key without the prefix); source is set. Unknown: the nearest. */
enum status published_find(const struct published *published, const char *key, const char *file, int line,
                           struct value *value, struct diags *diags);
/* All keys, without the prefix. */
size_t published_count(const struct published *published);
const char *published_key(const struct published *published, size_t i);
/* Title and address behind a figure's short source, for the outro and --explain; NULL when unknown. */
const char *published_reference(const struct published *published, const char *source);

#endif
