/* rope.h - rotary position embedding (RoFormer 2104.09864, section 3.4), the layout that rotates halves (GPT-NeoX,
 * Llama, ModernBERT): elements j and j + d/2 of a row are turned by position * theta^(-2j/d).
 *
 * Angles, sines and cosines are made from +, *, / and sqrt in float64, so the same bits come out everywhere. */
#ifndef KERNELS_ROPE_H
#define KERNELS_ROPE_H

#include <stdint.h>

#include "kernels/attention.h"

/* Frequencies of the head_dim / 2 pairs. head_dim is a power of two or 3 times one (32, 48, 64, 96, 128, 192, 256). */
struct rope {
    int64_t head_dim;
    double frequency[MAX_HEAD_DIM / 2]; /* radians a token */
};
struct rope rope_make(int64_t head_dim, double theta);

/* cos and sin of the pairs at a position (which may be a fraction): [head_dim / 2] each. */
void rope_angles(const struct rope *rope, double position, float *cosine, float *sine);
/* Turns one row in place by these, and back. */
void rope_turn(int64_t head_dim, const float *cosine, const float *sine, float *row);
void rope_turn_back(int64_t head_dim, const float *cosine, const float *sine, float *row);

/* Angles of positions 0, 1, 2 ...: [length, head_dim / 2] each. */
struct angles {
    const float *cosine, *sine;
};

/* Those of `length` positions, made once for all heads, in `room`: length * head_dim floats, the caller's. */
struct angles rope_table(const struct rope *rope, int64_t length, float *room);

#endif
