/* attend_input.h - a user's own Q, K and V: read, held against each other, made a problem. */
#ifndef CLI_ATTEND_INPUT_H
#define CLI_ATTEND_INPUT_H

#include "harness/npy.h"
#include "kernels/attention.h"

/* q: [layers, batch, len, heads, head_dim], or without layers, or without layers and batch; k and v alike. */
struct attend_input {
    const char *paths[3]; /* of q, k, v */
    struct npy arrays[3];
};

/* Reads the three and fills the problem's lengths (mask and scale are the caller's). Shapes that do not go together and
 * elements that are not finite are refused by name, all at once. Free with attend_input_free also after a failure. */
enum status attend_input_read(struct attend_input *input, struct attention_problem *problem, struct diags *diags);
void attend_input_free(struct attend_input *input);

/* "(1, 128, 8, 64)" */
void attend_shape_words(const struct npy *array, char *words, size_t size);

#endif
