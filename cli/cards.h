/* cards.h - the graphics cards of this machine, for flashdeck devices. */
#ifndef CLI_CARDS_H
#define CLI_CARDS_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/gpu.h"
#include "harness/machine.h"

/* Each is looked at by a worker of its own. */
struct cards {
    struct gpus gpus; /* what the driver says */
    struct machine_gpu items[GPUS_MOST];
    char reasons[GPUS_MOST][200]; /* why a card could not be opened, or "" */
};

/* With `roofs` about a second a card. */
void cards_look(struct cards *cards, bool roofs);
void cards_print(const struct cards *cards, bool roofs, int width);
json_t *cards_json(const struct cards *cards); /* an array; the caller's */

/* A line of the table: a name, and words from column 12 on. */
void device_row(const char *name, int width, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
