/* reproducing.h - ModernBERT's table, measured into a record: shared by `reproduce` and `run`. */
#ifndef CLI_REPRODUCING_H
#define CLI_REPRODUCING_H

#include <stdio.h>

#include "harness/record.h"

struct reproducing {
    int64_t heads, rounds, seed, threads;
    bool large; /* ModernBERT-large, not base */
};
/* Base, 2 of its heads, 5 rounds, seed 1, all processors. */
struct reproducing reproducing_defaults(void);
enum status reproducing_check(const struct reproducing *reproducing, struct diags *diags);

/* Adds a row for each row of the paper's table, and prints it as it comes (`table` may be NULL). */
enum status reproducing_run(const struct reproducing *reproducing, FILE *table, struct record *record,
                            const char *command, struct diags *diags);

#endif
