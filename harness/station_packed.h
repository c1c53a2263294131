/* station_packed.h - stacks over packed sequences on a station's device: their tensors, judged runs, timed runs.
 *
 * All ways to run a stack (packed, padded, every mask) use one set of tensors, made for the largest of them and kept
 * from question to question. Runs in the worker's process, beside its station. */
#ifndef HARNESS_STATION_PACKED_H
#define HARNESS_STATION_PACKED_H

#include "harness/device.h"
#include "kernels/oracle.h"

enum { STATION_PACKED_PIECES = 9 };

struct station_pack {
    const struct kernel *kernel;
    const struct attention_problem *problem; /* batch 1, len_q = len_kv = all tokens */
    struct packed packed;
    int64_t most_tokens; /* of the largest of those that share the tensors, at least the problem's */
    int64_t longest;     /* tokens of the longest sequence among them */
    const char *name;
    uint64_t seed;
    int threads; /* for the inputs and the oracle */
};

/* Starts with its device and session; the rest zero. */
struct station_packed {
    const struct device *device; /* one that has `packed` */
    void *session;
    void *pieces[STATION_PACKED_PIECES];
    struct attention_problem made; /* what the pieces are for; layers 0: there are none */
    int64_t longest, sequences;
    uint64_t seed;
};

/* One run on poisoned outputs. RoPE is held against its formula, attention, on the Q and K that RoPE turned, against
 * float64: in the first, second and last layer, the first and the last sequence, up to `rows` rows in each. STATUS_OK
 * also when the verdict is a fail. */
enum status station_packed_verify(struct station_packed *station, const struct station_pack *pack, int64_t rows,
                                  struct verdict *verdict, struct device_fault *fault);
enum status station_packed_repeat(struct station_packed *station, const struct station_pack *pack, double min_time,
                                  struct device_packed_times *times, struct device_fault *fault);
void station_packed_free(struct station_packed *station);

#endif
