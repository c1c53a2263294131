#include "kernels/cpu/tiled.h"

#include <omp.h>

#include "kernels/cpu/tile.h"

enum { LINE = 16 }; /* floats in 64 bytes */

/* Where a sequence's parts lie in the workspace, in floats. */
struct layout {
    int64_t padded_keys;
    int64_t k_head, v_head; /* packed floats of one head */
    int64_t v_at, scratch_at;
    int64_t scratch; /* of one thread */
};

static int64_t to_line(int64_t floats)
{
    return (floats + LINE - 1) / LINE * LINE;
}

static struct layout layout_of(const struct attention_problem *problem, const struct tile_ops *ops)
{
    struct layout layout;
    layout.padded_keys = (problem->len_kv + ops->keys - 1) / ops->keys * ops->keys;
    layout.k_head = to_line(layout.padded_keys * problem->head_dim);
    layout.v_head = to_line(ops->packed_v(problem->head_dim, layout.padded_keys));
    layout.v_at = layout.k_head * problem->kv_heads;
    layout.scratch_at = layout.v_at + layout.v_head * problem->kv_heads;
    layout.scratch = to_line(ops->scratch(problem->head_dim));
    return layout;
}

size_t tiled_workspace(const struct attention_problem *problem, int threads)
{
    struct layout layout = layout_of(problem, tile_ops());
    return (size_t)(layout.scratch_at + layout.scratch * threads) * sizeof(float);
}

/* Packs all heads of one sequence: `chunk` keys of one head are a work item. */
static void pack(const struct attention_problem *problem, const struct tile_ops *ops, const struct layout *layout,
                 const float *k, const float *v, float *workspace, int threads)
{
    int64_t chunk = KEY_TILE, chunks = (layout->padded_keys + chunk - 1) / chunk;
    int64_t stride = problem->kv_heads * problem->head_dim;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t item = 0; item < problem->kv_heads * chunks; item++) {
        int64_t head = item / chunks, first = item % chunks * chunk;
        int64_t last = first + chunk < layout->padded_keys ? first + chunk : layout->padded_keys;
        ops->pack_k(k + head * problem->head_dim, stride, problem->len_kv, problem->head_dim, first, last,
                    workspace + head * layout->k_head);
        ops->pack_v(v + head * problem->head_dim, stride, problem->len_kv, problem->head_dim, first, last,
                    layout->padded_keys, workspace + layout->v_at + head * layout->v_head);
    }
}

static void attend_sequence(const struct kernel_launch *launch, const struct tile_ops *ops, const struct layout *layout,
                            int64_t layer, int64_t sequence)
{
    const struct attention_problem *p = launch->problem;
    const struct attention_tensors *t = launch->tensors;
    float *workspace = launch->workspace;
    int64_t tiles = (p->len_q + QUERY_TILE - 1) / QUERY_TILE, stride = p->heads * p->head_dim;
    /* Head by head, so that one head's packed keys serve all threads from the shared cache; within a head the last
     * tiles first, since under a causal mask they are the longest. */
#pragma omp parallel for num_threads(launch->threads) schedule(dynamic, 1)
    for (int64_t item = 0; item < p->heads * tiles; item++) {
        int64_t head = item / tiles, first = (tiles - 1 - item % tiles) * QUERY_TILE;
        int64_t group = head / (p->heads / p->kv_heads);
        int64_t q_at = ((sequence * p->len_q + first) * p->heads + head) * p->head_dim;
        struct tile_head packed = {
            .k = workspace + group * layout->k_head,
            .v = workspace + layout->v_at + group * layout->v_head,
            .padded_keys = layout->padded_keys,
            .head_dim = p->head_dim,
        };
        struct tile_job job = {
            .problem = p,
            .layer = layer,
            .head = &packed,
            .q = (const float *)t->q + q_at,
            .o = (float *)t->o + q_at,
            .stride = stride,
            .log_sum_exp = t->log_sum_exp ? t->log_sum_exp + (sequence * p->heads + head) * p->len_q + first : NULL,
            .first = first,
            .count = p->len_q - first < QUERY_TILE ? p->len_q - first : QUERY_TILE,
            .scratch = workspace + layout->scratch_at + layout->scratch * omp_get_thread_num(),
        };
        ops->attend(&job);
    }
}

enum status tiled_run(const struct kernel_launch *launch, int64_t first_layer, int64_t last_layer)
{
    const struct attention_problem *p = launch->problem;
    const struct tile_ops *ops = tile_ops();
    struct layout layout = layout_of(p, ops);
    int64_t kv_sequence = p->len_kv * p->kv_heads * p->head_dim;
    for (int64_t layer = first_layer; layer < last_layer; layer++)
        for (int64_t sequence = layer * p->batch; sequence < (layer + 1) * p->batch; sequence++) {
            pack(p, ops, &layout, (const float *)launch->tensors->k + sequence * kv_sequence,
                 (const float *)launch->tensors->v + sequence * kv_sequence, launch->workspace, launch->threads);
            attend_sequence(launch, ops, &layout, layer, sequence);
        }
    return STATUS_OK;
}

void tiled_stage(const struct attention_problem *problem, int64_t layer, struct kernel_stage *stage)
{
    double batch = (double)problem->batch, d = (double)problem->head_dim;
    double rows = batch * (double)problem->heads * (double)problem->len_q;
    double keys = batch * (double)problem->kv_heads * (double)problem->len_kv;
    stage->flops += 4.0 * d * (double)attention_pairs(problem, layer) * batch * (double)problem->heads;
    stage->bytes_read += 4.0 * (rows * d + 4.0 * keys * d); /* Q; K and V, then their packed copies */
    stage->bytes_written += 4.0 * (rows * d + rows + 2.0 * keys * d);
}
