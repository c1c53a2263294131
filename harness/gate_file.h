/* gate_file.h - a gate, and where its training stands, in a file: safetensors with notes of what it is.
 *
 * Tensors: weights [heads, floats of a head], first, second (Adam's moments; left out of a finished gate). Notes:
 * format "flashdeck-gate", version, head_dim, theta, step, steps, length, documents, model_seed, seed, and hash: FNV-1a
 * over the weights' bits. */
#ifndef HARNESS_GATE_FILE_H
#define HARNESS_GATE_FILE_H

#include "base/diag.h"
#include "kernels/select/train.h"

/* How it was trained: what a resumed training must agree with. */
struct gate_origin {
    int64_t length, documents, steps;
    uint64_t model_seed, seed;
};

/* Written whole or not at all. */
enum status gate_write(const char *path, const struct trainer *trainer, const struct gate_origin *origin,
                       struct diags *diags);
/* Weights of another format, version or shape, a hash that does not fit, a NaN: refused with the reason. The moments
 * are NULL for a finished gate. Free with trainer_free. */
enum status gate_read(const char *path, struct trainer *trainer, struct gate_origin *origin, struct diags *diags);

/* FNV-1a over the bits of all weights: what names a gate in a record. */
uint64_t gate_hash(const struct gate *gate);

/* A trainer at its start. STATUS_NO_MEMORY. */
enum status trainer_make(struct trainer *trainer, int64_t heads, int64_t head_dim, double theta, uint64_t seed);
void trainer_free(struct trainer *trainer);

#endif
