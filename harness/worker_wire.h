/* worker_wire.h - what goes through a worker's pipes: both ends are the same program, so plain structs do. Shared by
 * worker.c and worker_serve.c only. */
#ifndef HARNESS_WORKER_WIRE_H
#define HARNESS_WORKER_WIRE_H

#include "harness/worker.h"
#include "kernels/select/choice.h"

/* A question; with `has_blocks` the two arrays of `blocks` follow, with `has_choice` then the gate's weights; with
 * `sequences` their starts. */
struct wire_question {
    uint32_t size; /* of this struct: two programs that differ find out */
    enum worker_task task;
    char kernel[64], name[320], path[512];
    struct attention_problem problem; /* pointers in it mean nothing here */
    struct block_mask blocks;
    struct block_choice choice; /* pointers in it, too */
    bool has_blocks, has_choice;
    uint64_t seed;
    int threads;
    int64_t rows;
    double min_time;
    int64_t sequences, most_tokens, longest;
};

/* The first comes unasked, when the device is open (or is not). */
struct wire_answer {
    uint32_t size;
    bool ending; /* the worker ends after this one: its device is of no more use */
    struct worker_answer answer;
};

static inline size_t wire_first_bytes(const struct block_mask *mask)
{
    return (size_t)(mask->count * mask->rows + 1) * sizeof *mask->first;
}

static inline size_t wire_gate_bytes(const struct gate *gate)
{
    return (size_t)gate_weights(gate->heads, gate->head_dim) * sizeof *gate->weights;
}

static inline size_t wire_starts_bytes(int64_t sequences)
{
    return (size_t)(sequences + 1) * sizeof(int64_t);
}

static inline size_t wire_list_bytes(const struct block_mask *mask)
{
    return (size_t)mask->entries * sizeof *mask->block;
}

#endif
