/* reproducing.h - ModernBERT's table, measured into a record: shared by `reproduce` and `run`. */
#ifndef CLI_REPRODUCING_H
#define CLI_REPRODUCING_H

#include <stdio.h>

#include "harness/places.h"
#include "harness/record.h"

/* 2 heads on the processor, all of the model's on a GPU, 1 in a rehearsal. */
enum { HEADS_OF_DEVICE = -1 };

struct reproducing {
    int64_t heads; /* of the model's, or HEADS_OF_DEVICE */
    int64_t rounds, seed, threads;
    bool large;          /* ModernBERT-large, not base */
    struct place *place; /* where; NULL: on the processor, in this process */
};
/* Base, 6 rounds, seed 1, all processors. */
struct reproducing reproducing_defaults(void);
enum status reproducing_check(const struct reproducing *reproducing, struct diags *diags);

/* The one device that `words` names, by the names of bench's --device, into `places` (places_close), and its place into
 * `reproducing`. None here: STATUS_NO_DEVICE, in one line. */
enum status reproducing_choose(struct reproducing *reproducing, struct places *places, const char *words,
                               struct diags *diags);
/* The card of that place stands in the record; a record of another card is refused. */
enum status reproducing_look(const struct reproducing *reproducing, struct places *places, const char *out,
                             struct record *record, struct diags *diags);

/* Adds a row for each row of the paper's table, and prints it as it comes (`table` may be NULL). */
enum status reproducing_run(const struct reproducing *reproducing, FILE *table, struct record *record,
                            const char *command, struct diags *diags);

#endif
