#include "kernels/cpu/tiled.h"

#include <omp.h>
#include <stdio.h>

#include "kernels/block_mask.h"
#include "kernels/cpu/tile.h"

enum {
    LINE = 16,          /* floats in 64 bytes */
    BAND_MOST = 512,    /* keys to either side: wider windows are packed whole, as what has no window */
    BAND_QUERIES = 768, /* about so many queries share a stretch: its overlap with the next stays small, and with a
                           window of 256 keys and head_dim 64 it fills half a megabyte */
};

/* Where a sequence's parts lie in the workspace, in floats. */
struct layout {
    int64_t padded_keys;
    int64_t k_head, v_head; /* packed floats of one head */
    int64_t v_at, scratch_at;
    int64_t scratch; /* of one thread, with its stretch of packed keys and values behind it */
    int64_t stretch_at;
};

/* A layer with a narrow window: a work item packs the stretch of keys that its queries see into a buffer of its thread,
 * so that what is packed stays in that core's cache at any length. */
struct band {
    int64_t queries; /* of a work item, whole query tiles; 0: no band, the whole sequence is packed first */
    int64_t keys;    /* that such an item sees at most, whole groups */
};

static int64_t up_to(int64_t number, int64_t step)
{
    return (number + step - 1) / step * step;
}

static struct band band_of(const struct attention_problem *problem, int64_t layer, const struct tile_ops *ops)
{
    const struct attention_mask *mask = &problem->mask;
    int64_t left = mask->window_left, right = mask->causal ? 0 : mask->window_right;
    bool global = mask->global_every > 0 && layer % mask->global_every == 0;
    if (mask->blocks || global || left < 0 || right < 0 || left > BAND_MOST || right > BAND_MOST)
        return (struct band){0};
    int64_t items = (problem->len_q + BAND_QUERIES - 1) / BAND_QUERIES;
    int64_t queries = up_to((problem->len_q + items - 1) / items, QUERY_TILE);
    int64_t most = up_to(problem->len_kv, ops->keys), keys = up_to(queries + left + right, ops->keys) + ops->keys;
    return (struct band){queries, keys < most ? keys : most};
}

static struct layout layout_of(const struct attention_problem *problem, const struct tile_ops *ops)
{
    struct layout layout = {.padded_keys = up_to(problem->len_kv, ops->keys)};
    int64_t stretch = 0;
    bool whole = false;
    for (int64_t layer = 0; layer < problem->layers; layer++) {
        struct band band = band_of(problem, layer, ops);
        stretch = band.keys > stretch ? band.keys : stretch;
        whole |= band.queries == 0;
    }
    layout.k_head = up_to(layout.padded_keys * problem->head_dim, LINE);
    layout.v_head = up_to(ops->packed_v(problem->head_dim, layout.padded_keys), LINE);
    layout.v_at = layout.k_head * problem->kv_heads;
    layout.scratch_at = whole ? layout.v_at + layout.v_head * problem->kv_heads : 0;
    layout.stretch_at = up_to(ops->scratch(problem->head_dim), LINE);
    layout.scratch = layout.stretch_at + up_to(stretch * problem->head_dim, LINE) +
                     up_to(ops->packed_v(problem->head_dim, stretch), LINE);
    return layout;
}

size_t tiled_workspace(const struct attention_problem *problem, int threads)
{
    struct layout layout = layout_of(problem, tile_ops());
    return (size_t)(layout.scratch_at + layout.scratch * threads) * sizeof(float);
}

/* One sequence of one layer. */
struct sequence {
    const struct kernel_launch *launch;
    const struct tile_ops *ops;
    const struct layout *layout;
    int64_t layer, index; /* of the batch, over all layers */
    const float *k, *v;
};

/* Packs all heads of one sequence: KEY_TILE keys of one head are a work item, and all heads of the same keys, which lie
 * in the same pages, come one after the other. */
static void pack(const struct sequence *s)
{
    const struct attention_problem *p = s->launch->problem;
    const struct layout *layout = s->layout;
    float *workspace = s->launch->workspace;
    int64_t chunks = (layout->padded_keys + KEY_TILE - 1) / KEY_TILE, stride = p->kv_heads * p->head_dim;
#pragma omp parallel for num_threads(s->launch->threads) schedule(static)
    for (int64_t item = 0; item < p->kv_heads * chunks; item++) {
        int64_t head = item % p->kv_heads, first = item / p->kv_heads * KEY_TILE;
        int64_t last = first + KEY_TILE < layout->padded_keys ? first + KEY_TILE : layout->padded_keys;
        s->ops->pack_k(s->k + head * p->head_dim, stride, p->len_kv, p->head_dim, first, last,
                       workspace + head * layout->k_head);
        s->ops->pack_v(s->v + head * p->head_dim, stride, p->len_kv, p->head_dim, first, last, layout->padded_keys,
                       workspace + layout->v_at + head * layout->v_head);
    }
}

static float *thread_scratch(const struct sequence *s)
{
    return (float *)s->launch->workspace + s->layout->scratch_at + s->layout->scratch * omp_get_thread_num();
}

/* The queries [first, last) of a head: at most a query tile, of one row of blocks. */
struct queries {
    int64_t head, first, last;
};

static int64_t query_at(const struct sequence *s, const struct queries *queries)
{
    const struct attention_problem *p = s->launch->problem;
    return ((s->index * p->len_q + queries->first) * p->heads + queries->head) * p->head_dim;
}

/* `next`: what this thread may attend to next; none: its `first` and `last` are the same. */
static void attend_tile(const struct sequence *s, const struct tile_head *packed, const struct queries *queries,
                        const struct queries *next)
{
    const struct attention_problem *p = s->launch->problem;
    const struct attention_tensors *t = s->launch->tensors;
    int64_t q_at = query_at(s, queries), head = queries->head, first = queries->first;
    struct tile_job job = {
        .problem = p,
        .layer = s->layer,
        .head = packed,
        .q = (const float *)t->q + q_at,
        .o = (float *)t->o + q_at,
        .stride = p->heads * p->head_dim,
        .log_sum_exp = t->log_sum_exp ? t->log_sum_exp + (s->index * p->heads + head) * p->len_q + first : NULL,
        .first = first,
        .count = queries->last - first,
        .next_q = next->first < next->last ? (const float *)t->q + query_at(s, next) : NULL,
        .next_count = next->last - next->first,
        .scratch = thread_scratch(s),
    };
    const struct block_mask *mask = p->mask.blocks;
    if (mask) {
        struct block_row row = block_mask_row(mask, p, s->layer, s->index % p->batch, head, first / mask->block_q);
        job.blocks = row.block;
        job.block_count = row.count;
        job.block_keys = mask->block_kv;
    }
    s->ops->attend(&job);
}

/* How the queries of a head are cut: rows of blocks (without a block mask, query tiles), each in even pieces. */
struct cut {
    int64_t row, rows;     /* queries of a row, rows */
    int64_t piece, pieces; /* queries of a piece, pieces of a row */
};

static struct cut cut_of(const struct attention_problem *problem)
{
    const struct block_mask *mask = problem->mask.blocks;
    struct cut cut = {.row = mask ? mask->block_q : QUERY_TILE};
    cut.rows = (problem->len_q + cut.row - 1) / cut.row;
    cut.pieces = (cut.row + QUERY_TILE - 1) / QUERY_TILE;
    cut.piece = (cut.row + cut.pieces - 1) / cut.pieces;
    return cut;
}

/* The queries of a work item; past the last item, and in a short last row, none. Head by head, so that one head's
 * packed keys serve all threads from the shared cache; within a head the last tiles first, since under a causal mask
 * they are the longest. */
static struct queries queries_of(const struct attention_problem *p, const struct cut *cut, int64_t item)
{
    int64_t tiles = cut->rows * cut->pieces, tile = tiles - 1 - item % tiles, start = tile / cut->pieces * cut->row;
    int64_t end = start + cut->row < p->len_q ? start + cut->row : p->len_q;
    int64_t first = start + tile % cut->pieces * cut->piece, last = first + cut->piece < end ? first + cut->piece : end;
    if (item >= p->heads * tiles || first >= last)
        return (struct queries){0};
    return (struct queries){item / tiles, first, last};
}

static void attend_whole(const struct sequence *s)
{
    const struct attention_problem *p = s->launch->problem;
    const struct layout *layout = s->layout;
    const float *workspace = s->launch->workspace;
    struct cut cut = cut_of(p);
    pack(s);
#pragma omp parallel for num_threads(s->launch->threads) schedule(dynamic, 1)
    for (int64_t item = 0; item < p->heads * cut.rows * cut.pieces; item++) {
        struct queries queries = queries_of(p, &cut, item), next = queries_of(p, &cut, item + s->launch->threads);
        int64_t group = queries.head / (p->heads / p->kv_heads);
        struct tile_head packed = {
            .k = workspace + group * layout->k_head,
            .v = workspace + layout->v_at + group * layout->v_head,
            .padded_keys = layout->padded_keys,
            .head_dim = p->head_dim,
        };
        if (queries.first < queries.last)
            attend_tile(s, &packed, &queries, &next);
    }
}

/* The stretch of keys of one head that queries [first, last) see, into this thread's buffer. */
static struct tile_head pack_stretch(const struct sequence *s, int64_t head, int64_t first, int64_t last)
{
    const struct attention_problem *p = s->launch->problem;
    int64_t stride = p->kv_heads * p->head_dim;
    int64_t begin = attention_keys(p, s->layer, first).first / s->ops->keys * s->ops->keys;
    int64_t end = attention_keys(p, s->layer, last - 1).last;
    int64_t keys = end > begin ? up_to(end - begin, s->ops->keys) : 0;
    float *k = thread_scratch(s) + s->layout->stretch_at, *v = k + up_to(keys * p->head_dim, LINE);
    int64_t at = begin * stride + head * p->head_dim;
    if (keys > 0) {
        s->ops->pack_k(s->k + at, stride, p->len_kv - begin, p->head_dim, 0, keys, k);
        s->ops->pack_v(s->v + at, stride, p->len_kv - begin, p->head_dim, 0, keys, keys, v);
    }
    return (struct tile_head){.k = k, .v = v, .first_key = begin, .padded_keys = keys, .head_dim = p->head_dim};
}

/* All heads of a stretch one after the other: their rows lie side by side in the same pages. */
static void attend_band(const struct sequence *s, const struct band *band)
{
    const struct attention_problem *p = s->launch->problem;
    int64_t items = (p->len_q + band->queries - 1) / band->queries, group = p->heads / p->kv_heads;
#pragma omp parallel for num_threads(s->launch->threads) schedule(dynamic, 1)
    for (int64_t item = 0; item < p->kv_heads * items; item++) {
        int64_t kv_head = item % p->kv_heads, first = item / p->kv_heads * band->queries;
        int64_t last = first + band->queries < p->len_q ? first + band->queries : p->len_q;
        struct tile_head packed = pack_stretch(s, kv_head, first, last);
        for (int64_t head = kv_head * group; head < (kv_head + 1) * group; head++)
            for (int64_t tile = first; tile < last; tile += QUERY_TILE) {
                int64_t end = tile + QUERY_TILE < last ? tile + QUERY_TILE : last;
                attend_tile(s, &packed, &(struct queries){head, tile, end}, &(struct queries){0});
            }
    }
}

enum status tiled_run(const struct kernel_launch *launch, int64_t first_layer, int64_t last_layer)
{
    const struct attention_problem *p = launch->problem;
    struct layout layout = layout_of(p, tile_ops());
    int64_t kv_sequence = p->len_kv * p->kv_heads * p->head_dim;
    for (int64_t layer = first_layer; layer < last_layer; layer++) {
        struct band band = band_of(p, layer, tile_ops());
        for (int64_t index = layer * p->batch; index < (layer + 1) * p->batch; index++) {
            struct sequence sequence = {launch,
                                        tile_ops(),
                                        &layout,
                                        layer,
                                        index,
                                        (const float *)launch->tensors->k + index * kv_sequence,
                                        (const float *)launch->tensors->v + index * kv_sequence};
            if (band.queries)
                attend_band(&sequence, &band);
            else
                attend_whole(&sequence);
        }
    }
    return STATUS_OK;
}

enum status tiled_launch(const struct kernel_launch *launch)
{
    enum status status = tiled_run(launch, 0, launch->problem->layers);
    if (launch->clock)
        launch->clock->end(launch->clock, 0);
    return status;
}

void tiled_stage(const struct attention_problem *problem, int64_t layer, struct kernel_stage *stage)
{
    double batch = (double)problem->batch, d = (double)problem->head_dim;
    double rows = batch * (double)problem->heads * (double)problem->len_q;
    double keys = batch * (double)problem->kv_heads * (double)problem->len_kv;
    bool band = band_of(problem, layer, tile_ops()).queries > 0;
    stage->flops += 4.0 * d * (double)attention_layer_pairs(problem, layer);
    /* Q; K and V, then their packed copies, unless those never leave a core's cache. */
    stage->bytes_read += 4.0 * (rows * d + (band ? 2.0 : 4.0) * keys * d);
    stage->bytes_written += 4.0 * (rows * d + rows + (band ? 0.0 : 2.0) * keys * d);
}

void tiled_stages(const struct attention_problem *problem, const char *name, struct kernel_stages *stages)
{
    *stages = (struct kernel_stages){.count = 1};
    snprintf(stages->items[0].name, sizeof stages->items[0].name, "%s", name);
    for (int64_t layer = 0; layer < problem->layers; layer++)
        tiled_stage(problem, layer, &stages->items[0]);
}
