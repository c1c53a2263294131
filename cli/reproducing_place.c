/* reproducing_place.c - the device on which ModernBERT's table is made. */
#include <stdio.h>
#include <string.h>

#include "cli/reproducing.h"

/* Seconds that an answer may take: the largest inputs are made within it, and no kernel takes so long. */
enum { ANSWER_SECONDS = 600 };

enum status reproducing_choose(struct reproducing *reproducing, struct places *places, const char *words,
                               struct diags *diags)
{
    if (strchr(words, ',')) {
        diags_error(diags, NULL, 0, "One after another: a record can hold both.", "--device takes one device here");
        return STATUS_BAD_INPUT;
    }
    struct diags own = {0};
    enum status status = places_choose(places, device_table, device_count, words, ANSWER_SECONDS, &own);
    if (status == STATUS_NO_DEVICE) /* bench's remedy is another one */
        diags_error(diags, NULL, 0, "Without --device it is run on the processor.", "no device: %s", places->missing);
    for (size_t i = 0; status != STATUS_NO_DEVICE && i < own.count; i++)
        diags_error(diags, NULL, 0, own.items[i].remedy, "%s", own.items[i].what);
    diags_free(&own);
    if (status == STATUS_OK && places->items[0].device->apart)
        reproducing->place = &places->items[0];
    return status;
}

enum status reproducing_look(const struct reproducing *reproducing, struct places *places, const char *out,
                             struct record *record, struct diags *diags)
{
    const struct place *place = reproducing->place;
    if (!place)
        return STATUS_OK;
    struct machine_gpu *gpu = &record->machine.gpu;
    places_look(places, place->device->times && !gpu->name[0]);
    if (place->worker.gone[0]) {
        diags_error(diags, NULL, 0, NULL, "%s: %s", place->name, place->worker.gone);
        return STATUS_FAILED;
    }
    if (!place->device->times)
        return STATUS_OK;
    if (gpu->name[0] && strcmp(gpu->name, place->gpu.name) != 0) {
        diags_error(diags, out, 0, "Name another file, or take this one away.",
                    "this record is of another card (%s): nothing of %s is added", gpu->name, place->gpu.name);
        return STATUS_BAD_INPUT;
    }
    if (!gpu->name[0])
        *gpu = place->gpu;
    return STATUS_OK;
}
