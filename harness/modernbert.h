/* modernbert.h - the attention of ModernBERT's whole stack, alternating against all-global, packed against padded.
 *
 * Source: ModernBERT 2412.13663, section 2.1 and table 2: layers 0, 3, 6 ... global, the others 64 keys to either side;
 * base: 22 layers of 12 heads of 64, large: 28 of 16. RoPE turns Q and K of each layer, a stage of its own in every
 * way. Lengths are drawn as its efficiency table draws them: fixed at the most, or normal around the half of it, cut to
 * [16, most]. */
#ifndef HARNESS_MODERNBERT_H
#define HARNESS_MODERNBERT_H

#include "harness/clock.h"
#include "harness/places.h"
#include "harness/record.h"
#include "kernels/packed.h"

struct modernbert {
    const char *name;
    int64_t layers, heads;
};
extern const struct modernbert modernbert_models[2]; /* base, large */

enum { MODERNBERT_EVERY = 3, MODERNBERT_SIDE = 64, MODERNBERT_DIM = 64 };
/* RoPE's theta in global and in local layers. */
enum { MODERNBERT_GLOBAL_THETA = 160000, MODERNBERT_LOCAL_THETA = 10000 };

/* A table row of the paper: sequences of some lengths. */
struct modernbert_lengths {
    const char *name;       /* "fixed 512" */
    int64_t most, count;    /* longest, and how many sequences are drawn */
    double mean, deviation; /* 0: fixed at `most` */
};
extern const struct modernbert_lengths modernbert_lengths[4];
/* What a device that gives no times (the simulator) runs in their place: the base model cut to four layers, two of them
 * global, and lengths that take seconds. The same way is gone, and nothing is measured. */
extern const struct modernbert modernbert_rehearsed;
extern const struct modernbert_lengths modernbert_rehearsed_lengths[4];

/* starts[count + 1]; the same seed gives the same lengths. */
void modernbert_draw(const struct modernbert_lengths *lengths, uint64_t seed, int64_t *starts);

/* How a stack is run. */
enum modernbert_way { ALL_GLOBAL, ALTERNATING, ALL_GLOBAL_PADDED, ALTERNATING_PADDED, MODERNBERT_WAYS };

struct modernbert_result {
    int64_t tokens, padded_tokens;    /* real ones, and with padding */
    double pairs[MODERNBERT_WAYS];    /* kept (query, key) pairs of all layers and heads, by formula */
    double *seconds[MODERNBERT_WAYS]; /* [rounds] of attention alone, interleaved; NULL where padding changes nothing */
    double *rope[MODERNBERT_WAYS];    /* [rounds] of turning Q and K, in the same runs; the stack takes both */
    int rounds;                       /* 0: rehearsed, and right */
};

/* Measures one row, RoPE and attention of each layer: `heads` of the model's heads (they are independent). The call
 * back is asked after each run; false stops with STATUS_INTERRUPTED. STATUS_NO_MEMORY; else a kernel's. */
typedef bool modernbert_tell(void *context, int done, int of);
enum status modernbert_measure(const struct modernbert *model, const struct modernbert_lengths *lengths, int64_t heads,
                               uint64_t seed, int rounds, int threads, const struct clock_source *clock,
                               modernbert_tell *tell, void *context, struct modernbert_result *result);
/* The same on the device of a place that has a worker: bf16, each layer in a launch of its own, every way verified
 * before any is timed. A round takes as many runs of each way as fill `min_time` seconds. STATUS_WRONG: a result is
 * wrong; STATUS_OK with 0 rounds: the device gives no times. With any other status the fault says what and where. */
struct modernbert_request {
    const struct modernbert *model;
    const struct modernbert_lengths *lengths;
    int64_t heads, rows; /* rows: held against float64 in a sequence of a layer */
    uint64_t seed;
    int rounds;
    double min_time;
};
enum status modernbert_measure_on(struct place *place, const struct modernbert_request *request, modernbert_tell *tell,
                                  void *context, struct modernbert_result *result, struct device_fault *fault);
void modernbert_free(struct modernbert_result *result);

#endif
