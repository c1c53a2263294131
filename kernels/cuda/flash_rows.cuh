/* flash_rows.cuh - what flash_tiled, sliding and alternating share above the loop (flash.cuh): the launch over whole
 * layers, and its bytes. */
#pragma once

#include <cstdio>

#include "kernels/cuda/flash.cuh"

namespace
{

/* Layers [first, last) of a problem: one launch, a block for 64 queries of a head. */
struct flash_work {
    device_problem problem;
    int64_t first_head; /* over all sequences */
    int64_t tiles;      /* a head */
};

/* Under a causal mask the last tiles are the longest: they come first. */
template <int D> __global__ void __launch_bounds__(FLASH_THREADS, 1) flash_rows(flash_work work)
{
    const device_problem &p = work.problem;
    int64_t head = work.first_head + blockIdx.x / work.tiles, tile = work.tiles - 1 - blockIdx.x % work.tiles;
    flash_place place = place_of_rows(p, head, tile * BLOCK_Q, BLOCK_Q);
    flash_block<D>(p, place, range_of_place(p, place));
}

inline double flash_blocks(const struct attention_problem *p, int64_t layers)
{
    return (double)(layers * p->batch * p->heads) * (double)ceil_div(p->len_q, BLOCK_Q);
}

/* What every kernel on this loop refuses. */
inline const char *flash_unsupported(const struct attention_problem *p)
{
    const char *reason = plain_unsupported(p, flash_blocks(p, p->layers));
    return reason ? reason : too_long(p);
}

/* Adds one layer: Q in and O out once; for every tile of 64 queries the keys that any of them sees, from the first to
 * the last, K and V each. */
inline void flash_stage(const struct attention_problem *p, int64_t layer, struct kernel_stage *stage)
{
    double heads = (double)(p->batch * p->heads), d = (double)p->head_dim, rows = (double)p->len_q, keys = 0;
    for (int64_t first = 0; first < p->len_q; first += BLOCK_Q) {
        int64_t last = first + BLOCK_Q < p->len_q ? first + BLOCK_Q - 1 : p->len_q - 1;
        keys += (double)(attention_keys(p, layer, last).last - attention_keys(p, layer, first).first);
    }
    stage->flops += 4 * d * (double)attention_layer_pairs(p, layer);
    stage->bytes_read += heads * 4 * d * (rows + 2 * keys);
    stage->bytes_written += heads * 4 * rows * (d + 1);
}

/* All layers in one pass. */
inline void flash_stages(const struct attention_problem *p, const char *name, struct kernel_stages *stages)
{
    *stages = {};
    snprintf(stages->items[0].name, sizeof stages->items[0].name, "%s", name);
    stages->count = 1;
    for (int64_t layer = 0; layer < p->layers; layer++)
        flash_stage(p, layer, &stages->items[0]);
}

inline enum status flash_launch(const struct cuda_launch *launch, int64_t first_layer, int64_t last_layer)
{
    const struct attention_problem *p = launch->problem;
    flash_work work = {device_problem_of(launch), first_layer * p->batch * p->heads, ceil_div(p->len_q, BLOCK_Q)};
    dim3 blocks((unsigned)flash_blocks(p, last_layer - first_layer));
    int d = flash_columns(work.problem.head_dim);
    size_t sram = flash_sram(d);
    switch (d) {
    case 32:
        return LAUNCH(flash_rows<32>, blocks, FLASH_THREADS, sram, launch->stream, work);
    case 64:
        return LAUNCH(flash_rows<64>, blocks, FLASH_THREADS, sram, launch->stream, work);
    case 128:
        return LAUNCH(flash_rows<128>, blocks, FLASH_THREADS, sram, launch->stream, work);
    default:
        return LAUNCH(flash_rows<256>, blocks, FLASH_THREADS, sram, launch->stream, work);
    }
}

} // namespace
