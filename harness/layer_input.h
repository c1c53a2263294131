/* layer_input.h - Q, K and V of one real layer, as a user has them: named tensors in a safetensors file, or three .npy
 * files. Float32, bf16, f16 (safetensors only) and float64 become float32.
 *
 * Axes are [tokens, heads, head_dim], or [heads, tokens, head_dim] when told so; with a batch in front of them if there
 * are four. K and V may have fewer heads than Q (grouped heads) and another length. */
#ifndef HARNESS_LAYER_INPUT_H
#define HARNESS_LAYER_INPUT_H

#include "kernels/attention.h"

struct layer_request {
    const char *path;     /* "layer.safetensors", or "q.npy,k.npy,v.npy" */
    const char *names[3]; /* of q, k and v in a safetensors file */
    bool heads_first;
    double theta; /* the base of the model's RoPE; 0: the model has none */
    bool turn;    /* Q and K are from before RoPE: turn them (theta is above 1) */
};

struct layer_input {
    /* One layer, float32, full mask, scale 1 / sqrt(head_dim); checked. */
    struct attention_problem problem;
    float *q, *k, *v;  /* owned, as struct attention_tensors, after RoPE */
    float *angles;     /* owned: of positions 0 to len_kv - 1, [len_kv, head_dim / 2] cosines, then sines; of no turn
                          where theta is 0 */
    char words[3][96]; /* what was read: "'q' [1024, 8, 64] bf16" */
};

/* Files that cannot be read, tensors that are missing, of integers, of other than 3 or 4 axes, that do not go together
 * or hold what is no finite number, a theta that head_dim does not fit: refused, all that can be said at once.
 * STATUS_OK, STATUS_BAD_INPUT, STATUS_NO_MEMORY. Free with layer_input_free also after a failure. */
enum status layer_input_read(const struct layer_request *request, struct layer_input *input, struct diags *diags);
/* The same from a safetensors file's bytes, which are taken over (malloc'd) in every case; request->path names them. */
enum status layer_input_parse(char *bytes, size_t length, const struct layer_request *request,
                              struct layer_input *input, struct diags *diags);
void layer_input_free(struct layer_input *input);

#endif
