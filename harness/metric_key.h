/* metric_key.h - a key of metric.h, taken apart and held against the keys of cases. */
#ifndef HARNESS_METRIC_KEY_H
#define HARNESS_METRIC_KEY_H

#include <stdbool.h>
#include <stddef.h>

/* SEGMENTS [.stage.NAME] .METRIC. The parts point into `text`, which the caller frees. */
struct parsed_key {
    char *text;
    const char *segments[24];
    size_t count;
    const char *stage, *metric;
};

/* False when it is no key; `text` is to be freed all the same. */
bool key_parse(const char *key, struct parsed_key *parsed);
/* Whether a case's key has this segment. */
bool key_has(const char *key, const char *segment);
/* The first segment is the kernel's name; all must occur. */
bool key_matches(const char *key, const char *const *segments, size_t count);
/* "Measure it: flashdeck bench ...", the command that would measure these segments; NULL when there is no such kernel.
 * Fresh string. */
char *key_command(const struct parsed_key *parsed);

#endif
