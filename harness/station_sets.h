/* station_sets.h - input sets of a station's cases on the device: shared by station.c and station_sets.c only. */
#ifndef HARNESS_STATION_SETS_H
#define HARNESS_STATION_SETS_H

#include "harness/station.h"
#include "harness/tensors.h"

/* At most so many sets take turns: small problems have many. */
enum { STATION_SETS = 256, STATION_KEPT = 64 };

struct station_set {
    struct tensor_set host; /* inputs, and where outputs are downloaded to */
    uint64_t seed;
    struct attention_tensors tensors[STATION_SETS]; /* on the device; the first is verified */
    int count;
    int64_t *block_first; /* on the device; of the block mask that came last, NULL without one */
    int32_t *block_list;
    float *gate, *angles; /* of the mask's choice, NULL without one */
    uint64_t used;        /* a count that grows: when it was last asked for */
};

struct station_sets {
    const struct device *device;
    void *session;
    struct station_set *kept[STATION_KEPT];
    int count;
    void *workspace; /* one for all cases */
    size_t workspace_bytes;
    uint64_t asked;
};

/* The case's set, made when it is not there; `rotate`: enough sets that together they pass what the device's cache
 * holds. `scratch` bytes of workspace. STATUS_NO_MEMORY when it does not fit even alone. Valid until the next call. */
enum status station_sets_get(struct station_sets *sets, const struct station_case *c, bool rotate, size_t scratch,
                             struct station_set **set, void **workspace, struct device_fault *fault);
void station_sets_free(struct station_sets *sets);

#endif
