/* flash_rows.cuh - what flash_tiled, sliding and alternating share above the loop (flash.cuh): the launch over whole
 * layers. */
#pragma once

#include "kernels/cuda/flash.cuh"

namespace
{

/* All layers of a problem: one launch, a block for 64 queries of a head. */
struct flash_work {
    device_problem problem;
    int64_t tiles; /* a head */
};

/* Under a causal mask the last tiles are the longest: they come first. */
template <int D> __global__ void __launch_bounds__(FLASH_THREADS, 1) flash_rows(flash_work work)
{
    const device_problem &p = work.problem;
    int64_t head = blockIdx.x / work.tiles, tile = work.tiles - 1 - blockIdx.x % work.tiles;
    flash_place place = place_of_rows(p, head, tile * BLOCK_Q, BLOCK_Q);
    flash_block<D>(p, place, range_of_rows(p, place.first_key, place.last_key, place.rows));
}

/* What every kernel on this loop refuses. */
inline const char *flash_rows_unsupported(const struct attention_problem *p)
{
    double blocks = (double)(p->layers * p->batch * p->heads) * (double)ceil_div(p->len_q, BLOCK_Q);
    const char *reason = plain_unsupported(p, blocks);
    return reason ? reason : too_long(p);
}

inline enum status flash_rows_launch(const device_problem &p, void *stream)
{
    flash_work work = {p, ceil_div(p.len_q, BLOCK_Q)};
    dim3 blocks((unsigned)(p.layers * p.batch * p.heads * work.tiles));
    int d = flash_columns(p.head_dim);
    size_t sram = flash_sram(d);
    switch (d) {
    case 32:
        return LAUNCH(flash_rows<32>, blocks, FLASH_THREADS, sram, stream, work);
    case 64:
        return LAUNCH(flash_rows<64>, blocks, FLASH_THREADS, sram, stream, work);
    case 128:
        return LAUNCH(flash_rows<128>, blocks, FLASH_THREADS, sram, stream, work);
    default:
        return LAUNCH(flash_rows<256>, blocks, FLASH_THREADS, sram, stream, work);
    }
}

} // namespace
