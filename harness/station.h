/* station.h - one device at work: cases' tensors on it, kernels judged there, repetitions timed there.
 *
 * Keeps the input sets of cases that share lengths, so that rounds over many cases do not upload anew; what has not
 * been used for longest goes first when memory is short. Runs in the worker's process; knows no pipes and no records.
 */
#ifndef HARNESS_STATION_H
#define HARNESS_STATION_H

#include "harness/device.h"
#include "kernels/oracle.h"

struct station;

struct station_case {
    const struct kernel *kernel;
    const struct attention_problem *problem;
    const char *name; /* as the record has it */
    uint64_t seed;
    int threads; /* for a CPU's kernel, and for the oracle and the inputs */
};

/* The device's session stays open until station_close. */
enum status station_open(const struct device *device, int index, struct station **station, struct device_fault *fault);
void station_close(struct station *station);
/* The session, for what the device alone answers (look, roofs, condition). */
void *station_session(const struct station *station);

/* One launch on poisoned outputs, held against float64. STATUS_OK also when the verdict is a fail. */
enum status station_verify(struct station *station, const struct station_case *c, int64_t rows, struct verdict *verdict,
                           struct device_fault *fault);

/* What a repetition took, and around what. */
struct station_times {
    struct repetition repetition;
    struct device_condition before, after;
    int sets;     /* input sets that took turns */
    double bytes; /* on the device for this case alone: one set and the scratch */
};
enum status station_repeat(struct station *station, const struct station_case *c, double min_time,
                           struct station_times *times, struct device_fault *fault);

/* One launch; O and log-sum-exp to a file, raw, one behind the other: for comparing devices. */
enum status station_output(struct station *station, const struct station_case *c, const char *path,
                           struct device_fault *fault);

#endif
