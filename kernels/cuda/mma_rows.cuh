/* mma_rows.cuh - what flash_mma, and sliding and alternating in 16 bits, share above the loop (mma.cuh): the launch
 * over whole layers. Heads run in groups whose K and V fit into L2 together, of each the longest blocks first: under a
 * causal mask the short ones fill the last wave. */
#pragma once

#include "kernels/cuda/mma.cuh"

namespace
{

/* All layers of a problem: one launch, a block for MMA_ROWS queries of a head. */
struct mma_work {
    device_problem problem;
    unsigned tiles;          /* blocks a head */
    unsigned heads_together; /* of the launch's heads, over all sequences */
};

/* Block b's work. All products are below 2^31, the most blocks of a launch. */
template <class S> static __device__ __forceinline__ mma_place place_of(const mma_work &work)
{
    const device_problem &p = work.problem;
    unsigned all = (unsigned)(p.layers * p.batch * p.heads), together = work.heads_together;
    unsigned group = blockIdx.x / (together * work.tiles), rest = blockIdx.x % (together * work.tiles);
    unsigned first_head = group * together, here = all - first_head < together ? all - first_head : together;
    unsigned head = first_head + rest % here, layer = head / (unsigned)(p.batch * p.heads);
    int len_q = (int)p.len_q, first_row = (int)(work.tiles - 1 - rest / here) * S::ROWS;
    int rows = len_q - first_row < S::ROWS ? len_q - first_row : (int)S::ROWS;
    int own_key = first_row + (int)p.len_kv - len_q; /* where first_row itself stands */
    struct window window = window_of_layer(p, layer);
    return {head, first_row, rows, own_key - (int)window.left, own_key + (int)window.right + 1};
}

template <class S> __global__ void __launch_bounds__(S::THREADS, S::WARPS == 4 ? 2 : 1) flash_mma(mma_work work)
{
    mma_place place = place_of<S>(work);
    mma_block<S>(work.problem, place, range_of_rows(work.problem, place.first_key, place.last_key, place.rows));
}

inline const char *mma_rows_unsupported(const struct attention_problem *p)
{
    if (p->mask.blocks)
        return "this kernel knows no block masks: use block_sparse";
    return mma_unsupported(p, (double)(p->layers * p->batch * p->heads) * (double)ceil_div(p->len_q, MMA_ROWS));
}

template <class S> enum status mma_rows_launch_shape(const device_problem &p, void *stream)
{
    static_assert(S::ROWS == MMA_ROWS, "the stages' bytes are for blocks of so many queries");
    int64_t heads = p.layers * p.batch * p.heads;
    unsigned together = heads_together(p.heads / p.kv_heads, p.head_dim, p.len_kv, heads);
    mma_work work = {p, (unsigned)ceil_div(p.len_q, S::ROWS), together};
    return LAUNCH(flash_mma<S>, dim3((unsigned)heads * work.tiles), S::THREADS, mma_sram<S>(), stream, work);
}

template <enum dtype E> enum status mma_rows_launch_type(const device_problem &p, void *stream)
{
    return p.head_dim <= 32    ? mma_rows_launch_shape<mma_shape_32<E>>(p, stream)
           : p.head_dim <= 64  ? mma_rows_launch_shape<mma_shape_64<E>>(p, stream)
           : p.head_dim <= 128 ? mma_rows_launch_shape<mma_shape_128<E>>(p, stream)
                               : mma_rows_launch_shape<mma_shape_256<E>>(p, stream);
}

/* `dtype` is DTYPE_BF16 or DTYPE_F16. */
inline enum status mma_rows_launch(const device_problem &p, enum dtype dtype, void *stream)
{
    return dtype == DTYPE_BF16 ? mma_rows_launch_type<DTYPE_BF16>(p, stream)
                               : mma_rows_launch_type<DTYPE_F16>(p, stream);
}

} // namespace
