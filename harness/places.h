/* places.h - the devices that a run uses, each with its worker: what --device chose. */
#ifndef HARNESS_PLACES_H
#define HARNESS_PLACES_H

#include "harness/plan.h"
#include "harness/worker.h"

enum { PLACES_MOST = 4, PLACE_WORDS = 24 };

struct place {
    const struct device *device;
    char name[PLACE_WORDS]; /* "cpu", "cuda:0" */
    const char *command[4]; /* of its worker; NULL at the end */
    struct worker worker;
    struct machine_gpu gpu; /* once places_look was here */
};

struct places {
    struct place items[PLACES_MOST];
    size_t count;
    char program[512]; /* this program, for workers */
    char missing[200]; /* why a device that was not asked for by name is not among them, or ""; one line to show */
    const struct kernel *kernels[PLACES_MOST * DEVICE_KERNELS];
    size_t kernel_count;
};

/* `words` as in "cpu,cuda:1"; NULL: every measuring device that exists. A device that is named and not there: left out
 * with a warning where others are left, else STATUS_NO_DEVICE. Unknown names: the nearest. `limit`: seconds that one
 * step of a case may take on a device that has a worker. */
enum status places_choose(struct places *places, const struct device *const *table, size_t count, const char *words,
                          double limit, struct diags *diags);
/* Their kernels, and as `elsewhere` those of the table's other devices. */
struct kernel_list places_kernels(const struct places *places);
/* Where a kernel runs; NULL when it is none of theirs. */
struct place *places_of(struct places *places, const struct kernel *kernel);
/* What stands there, and with `roofs` what it can do; a place without a worker is left as it is. A place that cannot be
 * opened keeps its reason in worker.gone. */
void places_look(struct places *places, bool roofs);
void places_close(struct places *places);

#endif
