/* any_rows.cuh - the launch over whole layers in any type: float32 on the plain loop (flash_rows.cuh), 16 bits on
 * tensor cores (mma_rows.cuh). */
#pragma once

#include "kernels/cuda/flash_rows.cuh"
#include "kernels/cuda/mma_rows.cuh"

namespace
{

inline int64_t rows_of_block(const struct attention_problem *p)
{
    return p->dtype == DTYPE_F32 ? (int64_t)BLOCK_Q : (int64_t)MMA_ROWS;
}

inline const char *rows_unsupported(const struct attention_problem *p)
{
    return p->dtype == DTYPE_F32 ? flash_rows_unsupported(p) : mma_rows_unsupported(p);
}

/* One layer as a problem of its own: its tensors, and the window that holds in it. */
inline device_problem device_problem_of_layer(const struct cuda_launch *launch, int64_t layer)
{
    const struct attention_problem *p = launch->problem;
    device_problem d = device_problem_of(launch);
    int64_t q = attention_q_elements(p) / p->layers * layer, kv = attention_kv_elements(p) / p->layers * layer;
    if (p->dtype == DTYPE_F32) {
        d.q += q, d.o += q;
        d.k += kv, d.v += kv;
    } else {
        d.q16 += q, d.o16 += q;
        d.k16 += kv, d.v16 += kv;
    }
    if (d.log_sum_exp)
        d.log_sum_exp += attention_rows(p) / p->layers * layer;
    struct window window = window_of_layer(d, layer);
    d.left = window.left;
    d.right = window.right;
    d.layers = 1;
    d.global_every = 0;
    return d;
}

inline enum status rows_launch(const device_problem &p, enum dtype dtype, void *stream)
{
    return dtype == DTYPE_F32 ? flash_rows_launch(p, stream) : mma_rows_launch(p, dtype, stream);
}

} // namespace
