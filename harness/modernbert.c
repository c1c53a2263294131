#include "harness/modernbert_stack.h"

#include <stdlib.h>

#include "harness/memory.h"
#include "kernels/workload.h"

static const struct kernel *choose(const struct attention_problem *part)
{
    bool window = part->mask.window_left >= 0 || part->mask.window_right >= 0;
    return kernel_find(window ? "sliding" : "flash", "cpu");
}

/* Everything that is taken for one row; the padded ways are the largest, and all ways share it. */
struct room {
    float *q, *k, *v, *o;
    void *workspace;
    struct packed_rope rope;
    float *angles; /* its tables */
};

static void room_free(struct room *room)
{
    free(room->q);
    free(room->k);
    free(room->v);
    free(room->o);
    free(room->workspace);
    free(room->rope.q);
    free(room->rope.k);
    free(room->angles);
}

/* Both tables of angles; the copies of Q and K that are turned hold one layer. */
static bool room_take_rope(struct room *room, const struct attention_problem *problem, int64_t longest)
{
    size_t layer = (size_t)(attention_q_elements(problem) / problem->layers) * sizeof(float);
    int64_t table = longest * MODERNBERT_DIM;
    room->rope.q = memory_take(layer);
    room->rope.k = memory_take(layer);
    room->angles = memory_take((size_t)(2 * table) * sizeof(float));
    if (!room->rope.q || !room->rope.k || !room->angles)
        return false;
    struct rope global = rope_make(MODERNBERT_DIM, MODERNBERT_GLOBAL_THETA);
    struct rope local = rope_make(MODERNBERT_DIM, MODERNBERT_LOCAL_THETA);
    room->rope.global = rope_table(&global, longest, room->angles);
    room->rope.local = rope_table(&local, longest, room->angles + table);
    return true;
}

static bool room_take(struct room *room, const struct modernbert_stack *ways, int count, int64_t longest, int threads,
                      uint64_t seed)
{
    const struct attention_problem *largest = &ways[0].problem;
    size_t workspace = 0;
    for (int w = 0; w < count; w++) {
        size_t bytes = packed_workspace(&ways[w].problem, &ways[w].packed, choose, threads);
        workspace = bytes > workspace ? bytes : workspace;
        if (ways[w].problem.len_q > largest->len_q)
            largest = &ways[w].problem;
    }
    size_t bytes = (size_t)attention_q_elements(largest) * sizeof(float);
    if ((double)memory_available() * 0.9 < 4.0 * (double)bytes + (double)workspace)
        return false;
    *room = (struct room){memory_take(bytes), memory_take(bytes), memory_take(bytes), memory_take(bytes),
                          memory_take(workspace)};
    if (!room->q || !room->k || !room->v || !room->o || !room->workspace || !room_take_rope(room, largest, longest))
        return false;
    return workload_fill(largest, room->q, room->k, room->v, seed, threads) == STATUS_OK;
}

/* What ended since the last look is RoPE's, or attention's. */
struct parted_clock {
    struct stage_clock clock;
    const struct clock_source *source;
    int64_t layers;
    double last, attention, rope;
};

static void part_ends(struct stage_clock *clock, int stage)
{
    struct parted_clock *parted = (struct parted_clock *)clock;
    double now = parted->source->wall(parted->source->context);
    *(stage < parted->layers ? &parted->attention : &parted->rope) += now - parted->last;
    parted->last = now;
}

static enum status run(const struct modernbert_stack *way, const struct room *room, int threads,
                       const struct clock_source *clock, struct parted_clock *parted)
{
    struct attention_tensors tensors = {room->q, room->k, room->v, room->o, NULL};
    *parted = (struct parted_clock){.clock = {part_ends}, .source = clock, .layers = way->problem.layers};
    struct kernel_launch launch = {&way->problem, &tensors, room->workspace, threads, &parted->clock};
    parted->last = clock->wall(clock->context);
    return packed_run(&launch, &way->packed, choose, &room->rope);
}

enum status modernbert_measure(const struct modernbert *model, const struct modernbert_lengths *lengths, int64_t heads,
                               uint64_t seed, int rounds, int threads, const struct clock_source *clock,
                               modernbert_tell *tell, void *context, struct modernbert_result *result)
{
    struct modernbert_stack ways[MODERNBERT_WAYS];
    struct room room = {0};
    int count = modernbert_stacks_make(ways, model, lengths, heads, DTYPE_F32, seed), done = 0;
    enum status status = modernbert_begin(result, ways, count, lengths, rounds);
    if (status == STATUS_OK && !room_take(&room, ways, count, lengths->most, threads, seed))
        status = STATUS_NO_MEMORY;
    /* One round more than is kept: the first warms up. */
    for (int round = -1; round < rounds && status == STATUS_OK; round++)
        for (int w = 0; w < count && status == STATUS_OK; w++) {
            struct parted_clock parted;
            status = run(&ways[w], &room, threads, clock, &parted);
            if (round >= 0) {
                result->seconds[w][round] = parted.attention;
                result->rope[w][round] = parted.rope;
            }
            if (status == STATUS_OK && tell && !tell(context, ++done, count * (rounds + 1)))
                status = STATUS_INTERRUPTED;
        }
    room_free(&room);
    if (status != STATUS_OK)
        modernbert_free(result);
    return status;
}
