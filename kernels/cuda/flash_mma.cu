/* flash_mma.cu - exact attention on tensor cores: flash_tiled's idea, with every step of the way made fast. Its loop is
 * mma.cuh.
 *
 * Idea: the products are mma.sync m16n8k16 in bf16 or f16 with float32 sums; scores, weights and outputs never leave
 * the registers. The ladder, all of it climbed here: 16-byte cp.async; swizzled tiles, no bank met twice; ldmatrix.x4
 * for Q, K and V; the next K and this V on their way under the products; Q in registers (where head_dim leaves room);
 * exp2 with the scale folded in; rescaling only when it is needed; only tiles on an edge of the mask compare; a warp
 * skips tiles that its own rows do not see; O in 16-byte stores. Data movement, a head, in elements: Q in and O out
 * once, N d each; K and V once for every 128 queries, 2 d N^2 / 128 without a mask; tiles that the mask hides from all
 * 128 queries are never touched. Heads run in groups whose K and V fit into L2 together, of each the longest blocks
 * first: under a causal mask the short ones fill the last wave. Cost: 4 d FLOPs a pair in tiles of 128 x 64, on tensor
 * cores; one exp2 a pair beside them. Source: FlashAttention-2 2307.08691, section 3; the order of blocks as
 * FlashAttention-3's longest-first scheduler. */
#include <cstdio>

#include "kernels/cuda/mma.cuh"

namespace
{

enum {
    L2_SHARE = 16 << 20
}; /* bytes of K and V that blocks which run together may ask for: less than half of any L2 */

struct mma_launch {
    device_problem problem;
    unsigned tiles;          /* blocks a head */
    unsigned heads_together; /* of the launch's heads, over all sequences */
};

/* Block b's work. All products are below 2^31, the most blocks of a launch. */
template <class S> static __device__ __forceinline__ mma_place place_of(const mma_launch &l)
{
    const device_problem &p = l.problem;
    unsigned all = (unsigned)(p.layers * p.batch * p.heads), together = l.heads_together;
    unsigned group = blockIdx.x / (together * l.tiles), rest = blockIdx.x % (together * l.tiles);
    unsigned first_head = group * together, here = all - first_head < together ? all - first_head : together;
    unsigned head = first_head + rest % here, layer = head / (unsigned)(p.batch * p.heads);
    int len_q = (int)p.len_q, first_row = (int)(l.tiles - 1 - rest / here) * S::ROWS;
    int rows = len_q - first_row < S::ROWS ? len_q - first_row : (int)S::ROWS;
    int own_key = first_row + (int)p.len_kv - len_q; /* where first_row itself stands */
    struct window window = window_of_layer(p, layer);
    return {head, first_row, rows, own_key - (int)window.left, own_key + (int)window.right + 1};
}

template <class S> __global__ void __launch_bounds__(S::THREADS, S::WARPS == 4 ? 2 : 1) flash_mma(mma_launch l)
{
    mma_place place = place_of<S>(l);
    int len_kv = (int)l.problem.len_kv, last = place.last_key + place.rows - 1;
    last = last < 0 ? 0 : last > len_kv ? len_kv : last;
    int first = place.first_key < 0 ? 0 : place.first_key > last ? last : place.first_key;
    mma_block<S>(l.problem, place, tiles_of_range{first, last});
}

int rows_of_block(const struct attention_problem *)
{
    return 128;
}

double blocks_of(const struct attention_problem *p)
{
    return (double)(p->layers * p->batch * p->heads) * (double)ceil_div(p->len_q, rows_of_block(p));
}

const char *unsupported(const struct attention_problem *p)
{
    if (p->mask.blocks)
        return "this kernel knows no block masks: use block_sparse";
    return mma_unsupported(p, blocks_of(p));
}

size_t workspace(const struct attention_problem *)
{
    return 0;
}

/* As flash_tiled's, with blocks of 128 queries and elements of 2 bytes. */
void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    double heads = (double)(p->batch * p->heads), d = (double)p->head_dim, rows = (double)p->len_q;
    int64_t block = rows_of_block(p);
    *stages = {};
    struct kernel_stage *stage = &stages->items[0];
    snprintf(stage->name, sizeof stage->name, "flash_mma");
    stages->count = 1;
    for (int64_t layer = 0; layer < p->layers; layer++) {
        double keys = 0;
        for (int64_t first = 0; first < p->len_q; first += block) {
            int64_t last = first + block < p->len_q ? first + block - 1 : p->len_q - 1;
            keys += (double)(attention_keys(p, layer, last).last - attention_keys(p, layer, first).first);
        }
        stage->flops += 4 * d * (double)attention_layer_pairs(p, layer);
        stage->bytes_read += heads * 2 * d * (rows + 2 * keys);
        stage->bytes_written += heads * (2 * d + 4) * rows;
    }
}

template <class S> enum status launch_shape(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    int64_t heads = p->layers * p->batch * p->heads, group = p->heads / p->kv_heads;
    int64_t together = L2_SHARE / (4 * p->head_dim * p->len_kv) * group;
    together = together < group ? group : together > heads ? heads : together;
    mma_launch argument = {device_problem_of(launch), (unsigned)ceil_div(p->len_q, S::ROWS), (unsigned)together};
    return LAUNCH(flash_mma<S>, dim3((unsigned)heads * argument.tiles), S::THREADS, mma_sram<S>(), launch->stream,
                  argument);
}

template <enum dtype E> enum status launch_type(const struct cuda_launch *launch)
{
    int64_t d = launch->problem->head_dim;
    return d <= 32    ? launch_shape<mma_shape_32<E>>(launch)
           : d <= 64  ? launch_shape<mma_shape_64<E>>(launch)
           : d <= 128 ? launch_shape<mma_shape_128<E>>(launch)
                      : launch_shape<mma_shape_256<E>>(launch);
}

enum status launch(const struct cuda_launch *launch)
{
    enum status status =
        launch->problem->dtype == DTYPE_BF16 ? launch_type<DTYPE_BF16>(launch) : launch_type<DTYPE_F16>(launch);
    stage_ends(launch, 0);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(flash_mma);
const struct cuda_kernel CUDA_ROW(flash_mma) = {
    "flash_mma",
    "flash",
    "flash, on tensor cores",
    "16-bit products on tensor cores, all of the softmax in registers, the next tile on its way",
    "FlashAttention-2 2307.08691, section 3",
    unsupported,
    workspace,
    stages,
    launch,
};
}
