/* packed.cu - sequences of unequal length in one launch, without padding: flash_tiled, flash_mma, sliding and
 * alternating over packed sequences (cuda_packed.h).
 *
 * Idea: padding makes every sequence as long as the longest, and a launch for each sequence leaves most of a GPU idle
 * where sequences are short. Here the grid is over the tiles of all sequences; a block looks up which sequence its tile
 * belongs to (packed.cuh), and then does what the kernels for one length do, on their loops (flash.cuh in float32,
 * mma.cuh in 16 bits), tile for tile: each sequence comes out bit by bit as if it stood alone.
 * Data movement, a head, in elements: as the kernel's own for each sequence; and the starts, read by every warp, 8
 * bytes for each of up to 32 sequences and 16 more.
 * Cost: 4 d FLOPs a kept pair, and no pair between sequences: sum of n^2 in place of (sum of n)^2.
 * Source: FlashAttention-2 2307.08691's variable lengths (cu_seqlens); Zhai et al. 2210.03052 on what padding costs. */
#include "kernels/cuda/flash.cuh"
#include "kernels/cuda/mma.cuh"
#include "kernels/cuda/packed.cuh"

extern "C" {
#include "kernels/cuda/cuda_packed.h"
}

#include <cstring>

namespace
{

/* What mma.cuh asks of a place; its own places work these out, a packed one knows them. */
__device__ __forceinline__ int64_t first_query(const device_problem &, const flash_place &place)
{
    return place.q;
}

__device__ __forceinline__ int64_t first_key(const device_problem &, const flash_place &place)
{
    return place.kv;
}

__device__ __forceinline__ int64_t first_lse(const device_problem &, const flash_place &place)
{
    return place.row;
}

template <int D> __global__ void __launch_bounds__(FLASH_THREADS, 1) packed_rows(packed_work work)
{
    packed_piece piece = piece_of_block(work, BLOCK_Q);
    if (piece.rows <= 0)
        return;
    flash_place place = place_of_piece<flash_place>(work, piece);
    flash_block<D>(work.problem, place, range_of_keys(piece.len, place.first_key, place.last_key, place.rows));
}

template <class S> __global__ void __launch_bounds__(S::THREADS, S::WARPS == 4 ? 2 : 1) packed_mma(packed_work work)
{
    packed_piece piece = piece_of_block(work, S::ROWS);
    if (piece.rows <= 0)
        return;
    flash_place place = place_of_piece<flash_place>(work, piece);
    mma_block<S>(work.problem, place, range_of_keys(piece.len, place.first_key, place.last_key, place.rows));
}

int rows_of_block(const struct attention_problem *p)
{
    return p->dtype == DTYPE_F32 ? (int)BLOCK_Q : (int)MMA_ROWS;
}

/* A launch for each layer, not one over all. */
bool in_layers(const struct cuda_kernel *kernel)
{
    return strcmp(kernel->name, "alternating") == 0;
}

bool knows_packed(const struct cuda_kernel *kernel)
{
    static const char *const names[] = {"flash_tiled", "flash_mma", "sliding", "alternating"};
    for (const char *name : names)
        if (strcmp(kernel->name, name) == 0)
            return true;
    return false;
}

/* The problem as long as its longest sequence: what a block sees of lengths and windows. */
struct attention_problem longest_part(const struct attention_problem *p, const struct packed *packed)
{
    struct attention_problem longest = *p;
    longest.len_q = longest.len_kv = packed_longest(packed);
    return longest;
}

int64_t tiles_of(const struct attention_problem *p, const struct packed *packed)
{
    return tiles_before(packed->starts[packed->count], packed->count, rows_of_block(p));
}

const char *unsupported(const struct cuda_kernel *kernel, const struct attention_problem *p,
                        const struct packed *packed)
{
    if (!knows_packed(kernel))
        return "this kernel knows no packed sequences: flash_tiled, flash_mma, sliding and alternating do";
    if (p->batch != 1 || p->len_q != p->len_kv)
        return "packed sequences are one batch, with as many keys as queries";
    if (packed->count >= 1 << 29)
        return "2^29 sequences and more";
    int64_t layers = in_layers(kernel) ? 1 : p->layers;
    if ((double)(layers * p->heads) * (double)tiles_of(p, packed) > 2147483647.0)
        return "more blocks than one launch can hold (2^31 - 1)";
    struct attention_problem longest = longest_part(p, packed);
    return kernel->unsupported(&longest);
}

/* Adds one layer: each sequence as a problem of its own, and what its blocks read of the starts. */
void add_layer(const struct attention_problem *p, const struct packed *packed, int64_t layer,
               struct kernel_stage *stage)
{
    int rows = rows_of_block(p), count = (int)packed->count;
    double warps = p->dtype == DTYPE_F32 ? (double)FLASH_WARPS : p->head_dim <= 128 ? 4.0 : 8.0;
    for (int s = 0; s < count; s++) {
        int64_t blocks = tiles_before(packed->starts[s + 1], s + 1, rows) - tiles_before(packed->starts[s], s, rows);
        stage->bytes_read += (double)(p->heads * blocks) * warps * search_bytes(count, s);
        struct attention_problem part = packed_part(p, packed, s, layer);
        range_stage(&part, 0, rows, stage);
    }
}

void stages(const struct cuda_kernel *kernel, const struct attention_problem *p, const struct packed *packed,
            struct kernel_stages *stages)
{
    *stages = {};
    stages->count = in_layers(kernel) ? (int)p->layers : 1;
    for (int layer = 0; layer < p->layers; layer++) {
        struct kernel_stage *stage = &stages->items[in_layers(kernel) ? layer : 0];
        if (in_layers(kernel))
            snprintf(stage->name, sizeof stage->name, "layer %d %s", layer,
                     layer % p->mask.global_every == 0 ? "global" : "local");
        else
            snprintf(stage->name, sizeof stage->name, "%s", kernel->name);
        add_layer(p, packed, layer, stage);
    }
}

enum status launch_plain(const struct packed_work &work, dim3 blocks, void *stream)
{
    int d = flash_columns(work.problem.head_dim);
    size_t sram = flash_sram(d);
    return d == 32    ? LAUNCH(packed_rows<32>, blocks, FLASH_THREADS, sram, stream, work)
           : d == 64  ? LAUNCH(packed_rows<64>, blocks, FLASH_THREADS, sram, stream, work)
           : d == 128 ? LAUNCH(packed_rows<128>, blocks, FLASH_THREADS, sram, stream, work)
                      : LAUNCH(packed_rows<256>, blocks, FLASH_THREADS, sram, stream, work);
}

template <class S> enum status launch_shape(const struct packed_work &work, dim3 blocks, void *stream)
{
    static_assert(S::ROWS == MMA_ROWS && S::WARPS == (S::D <= 128 ? 4 : 8), "the stages' bytes are for this cut");
    size_t sram = mma_sram<S, flash_place>();
    return LAUNCH(packed_mma<S>, blocks, S::THREADS, sram, stream, work);
}

template <enum dtype E> enum status launch_mma(const struct packed_work &work, dim3 blocks, void *stream)
{
    int d = work.problem.head_dim;
    return d <= 32    ? launch_shape<mma_shape_32<E>>(work, blocks, stream)
           : d <= 64  ? launch_shape<mma_shape_64<E>>(work, blocks, stream)
           : d <= 128 ? launch_shape<mma_shape_128<E>>(work, blocks, stream)
                      : launch_shape<mma_shape_256<E>>(work, blocks, stream);
}

/* `layers` layers from `first_layer` on. */
enum status launch_layers(const struct cuda_packed_launch *packed, int64_t first_layer, int64_t layers)
{
    const struct attention_problem *p = packed->launch.problem;
    struct attention_problem longest = longest_part(p, packed->packed);
    struct cuda_launch one = packed->launch;
    one.problem = &longest;
    struct packed_work work = {};
    work.problem = device_problem_of(&one);
    work.problem.layers = layers;
    work.starts = packed->starts;
    work.tokens = p->len_q;
    work.first_layer = first_layer;
    work.count = (int)packed->packed->count;
    work.tiles = (unsigned)tiles_of(p, packed->packed);
    work.heads_together = p->dtype == DTYPE_F32
                              ? 1
                              : heads_together(p->heads / p->kv_heads, p->head_dim, longest.len_kv, layers * p->heads);
    dim3 blocks((unsigned)(layers * p->heads) * work.tiles);
    return p->dtype == DTYPE_F32    ? launch_plain(work, blocks, one.stream)
           : p->dtype == DTYPE_BF16 ? launch_mma<DTYPE_BF16>(work, blocks, one.stream)
                                    : launch_mma<DTYPE_F16>(work, blocks, one.stream);
}

enum status launch(const struct cuda_kernel *kernel, const struct cuda_packed_launch *packed, struct diags *diags)
{
    const struct attention_problem *p = packed->launch.problem;
    enum status status = packed_check(packed->packed, p->len_q, diags);
    if (status == STATUS_OK && unsupported(kernel, p, packed->packed))
        status = STATUS_UNSUPPORTED;
    int64_t at_once = in_layers(kernel) ? 1 : p->layers;
    for (int64_t layer = 0; layer < p->layers && status == STATUS_OK; layer += at_once) {
        status = launch_layers(packed, layer, at_once);
        stage_ends(&packed->launch, (int)layer);
    }
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_packed CUDA_ROW(packed);
const struct cuda_packed CUDA_ROW(packed) = {unsupported, stages, launch};
}
