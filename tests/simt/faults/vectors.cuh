/* vectors.cuh - what the small kernels here work on: `in` holds 0, 1, 2 ..., `out` nothing yet. */
#pragma once

#include "kernels/cuda/instructions.cuh"
#include "simt/faults/faults.h"

struct vectors {
    const float *in;
    float *out;
    int n;
};

static inline vectors make_vectors(struct simt *simt, int in, int out)
{
    float *from = static_cast<float *>(simt_alloc(simt, "in", sizeof(float), in));
    for (int i = 0; i < in; i++) {
        float value = static_cast<float>(i);
        simt_upload(simt, from + i, &value, sizeof value);
    }
    return {from, static_cast<float *>(simt_alloc(simt, "out", sizeof(float), out)), in};
}
