/* block_sparse.cu - only the blocks of keys that a list names: one kernel for learned, local, A-shape and random masks.
 *
 * Idea: whoever selects keys selects them by blocks (block_mask.h), a list for each block of queries. A thread block
 * takes 64 queries that share a list and walks along it (key_tiles.cuh) through the loop of flash_tiled in float32
 * (flash.cuh), of flash_mma in 16 bits (mma.cuh): what is not listed is never touched. A tile that the mask keeps whole
 * is computed without a compare; only one that the causal edge, a window or the end of the keys crosses is compared key
 * by key.
 * Any block sizes will do: queries of a mask's block are cut into tiles of 64, the last perhaps shorter (its idle warps
 * wait), keys into tiles of 32 or 64, neighbouring blocks as one run. Multiples of 64 waste nothing.
 * Data movement, a head, in elements: Q in and O out once, N d each; K and V of the listed blocks once for every 64
 * queries, 2 d N^2 density / 64; and the list, once a warp: 16 + 4 entries bytes.
 * Cost: 4 d FLOPs a kept pair: density times dense attention's.
 * Source: FlashInfer 2501.01005, section 3.1 (block-sparse rows); FlexAttention 2412.05496, section 4.2 (full and
 * partial blocks). */
#include "kernels/cuda/flash.cuh"
#include "kernels/cuda/mma.cuh"

extern "C" {
#include "kernels/block_mask.h"
}

namespace
{

struct sparse_work {
    device_problem problem;
    int64_t rows;          /* of one mask: blocks of queries */
    int block_q, block_kv; /* at most the lengths */
    int pieces;            /* tiles of 64 queries a block of queries is cut into */
    int one_mask;          /* for all heads */
};

enum { SPARSE_ROWS = 64, SPARSE_WARPS = 4 }; /* in 16 bits; a warp has 16 queries */
static_assert((int)BLOCK_Q == (int)SPARSE_ROWS, "both loops cut a block of queries alike");

/* A thread block's queries, and the row of all masks' rows that lists their blocks. */
struct sparse_piece {
    int64_t head, list, first_row, rows;
};

/* Under a causal mask the last rows are the longest: they come first. No rows: the last block of queries is shorter
 * than the others. */
__device__ __forceinline__ sparse_piece piece_of(const sparse_work &work)
{
    int64_t block = blockIdx.x, piece = block % work.pieces, row = work.rows - 1 - block / work.pieces % work.rows;
    int64_t head = block / (work.pieces * work.rows);
    int64_t first_row = row * work.block_q + piece * SPARSE_ROWS, rows = work.block_q - piece * SPARSE_ROWS;
    rows = rows < SPARSE_ROWS ? rows : (int64_t)SPARSE_ROWS;
    int64_t left = work.problem.len_q - first_row;
    return {head, (work.one_mask ? 0 : head) * work.rows + row, first_row, left < rows ? left : rows};
}

template <int D> __global__ void __launch_bounds__(FLASH_THREADS, 1) block_sparse(sparse_work work)
{
    const device_problem &p = work.problem;
    sparse_piece piece = piece_of(work);
    if (piece.rows <= 0)
        return;
    flash_place place = place_of_rows(p, piece.head, piece.first_row, piece.rows);
    tiles_of_range seen = range_of_rows(p, place.first_key, place.last_key, place.rows);
    flash_block<D>(p, place, list_of_row(p, piece.list, work.block_kv, seen.next, seen.last));
}

template <class S> __global__ void __launch_bounds__(S::THREADS, 2) block_sparse_mma(sparse_work work)
{
    const device_problem &p = work.problem;
    sparse_piece piece = piece_of(work);
    if (piece.rows <= 0)
        return;
    struct window window = window_of_layer(p, piece.head / (p.batch * p.heads));
    int own_key = (int)(piece.first_row + p.len_kv - p.len_q);
    mma_place place = {(unsigned)piece.head, (int)piece.first_row, (int)piece.rows, own_key - (int)window.left,
                       own_key + (int)window.right + 1};
    tiles_of_range seen = range_of_rows(p, place.first_key, place.last_key, place.rows);
    mma_block<S>(p, place, list_of_row(p, piece.list, work.block_kv, seen.next, seen.last));
}

/* The mask as this kernel cuts it. Blocks longer than the sequence are as long as it. */
struct sparse_work work_of(const struct attention_problem *p)
{
    const struct block_mask *mask = p->mask.blocks;
    struct sparse_work work = {};
    work.rows = mask->rows;
    work.block_q = (int)(mask->block_q < p->len_q ? mask->block_q : p->len_q);
    work.block_kv = (int)(mask->block_kv < p->len_kv ? mask->block_kv : p->len_kv);
    work.pieces = (int)ceil_div(work.block_q, SPARSE_ROWS);
    work.one_mask = mask->count == 1;
    return work;
}

double blocks_of(const struct attention_problem *p, const struct sparse_work &work)
{
    return (double)(p->layers * p->batch * p->heads) * (double)work.rows * work.pieces;
}

const char *unsupported(const struct attention_problem *p)
{
    if (!p->mask.blocks)
        return "there is no block mask: give one, or use flash_tiled";
    if (p->mask.blocks->choice)
        return "a gate chooses these blocks: use learned_sparse";
    struct attention_problem whole = *p;
    whole.mask.blocks = nullptr; /* which is all that the loops do not know */
    if (too_long(p))
        return too_long(p);
    double blocks = blocks_of(p, work_of(p));
    return p->dtype == DTYPE_F32 ? plain_unsupported(&whole, blocks) : mma_unsupported(&whole, blocks);
}

/* Keys that the listed blocks bring to queries [first, last], those that exist and that any of these sees. */
int64_t listed_keys(const struct attention_problem *p, const struct block_row &row, int64_t layer, int64_t first,
                    int64_t last)
{
    int64_t block = p->mask.blocks->block_kv, keys = 0;
    int64_t low = attention_keys(p, layer, first).first, high = attention_keys(p, layer, last).last;
    for (int64_t n = 0; n < row.count; n++) {
        int64_t from = row.block[n] * block, to = from + block;
        keys += (to < high ? to : high) > (from > low ? from : low)
                    ? (to < high ? to : high) - (from > low ? from : low)
                    : 0;
    }
    return keys;
}

/* Adds the keys and the lists of one head. */
void head_stage(const struct attention_problem *p, int64_t layer, int64_t head, struct kernel_stage *stage)
{
    const struct block_mask *mask = p->mask.blocks;
    struct sparse_work work = work_of(p);
    double warps = p->dtype == DTYPE_F32 ? (double)FLASH_WARPS : (double)SPARSE_WARPS,
           element = (double)dtype_size(p->dtype);
    for (int64_t r = 0; r < mask->rows; r++) {
        struct block_row row = block_mask_row(mask, p, layer, head / p->heads, head % p->heads, r);
        int64_t end = (r + 1) * work.block_q < p->len_q ? (r + 1) * work.block_q : p->len_q;
        for (int64_t first = r * work.block_q; first < end; first += SPARSE_ROWS) {
            int64_t last = first + SPARSE_ROWS < end ? first + SPARSE_ROWS - 1 : end - 1;
            stage->bytes_read += 2 * element * (double)(p->head_dim * listed_keys(p, row, layer, first, last));
            stage->bytes_read += warps * list_bytes(row.count);
        }
    }
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    double d = (double)p->head_dim, rows = (double)attention_rows(p), element = (double)dtype_size(p->dtype);
    *stages = {};
    stages->count = 1;
    struct kernel_stage *stage = &stages->items[0];
    snprintf(stage->name, sizeof stage->name, "block_sparse");
    stage->bytes_read = element * d * rows;
    stage->bytes_written = (element * d + 4) * rows;
    for (int64_t layer = 0; layer < p->layers; layer++) {
        stage->flops += 4 * d * (double)attention_layer_pairs(p, layer);
        for (int64_t head = 0; head < p->batch * p->heads; head++)
            head_stage(p, layer, head, stage);
    }
}

enum status launch_plain(const struct sparse_work &work, dim3 blocks, void *stream)
{
    int d = flash_columns(work.problem.head_dim);
    size_t sram = flash_sram(d);
    return d == 32    ? LAUNCH(block_sparse<32>, blocks, FLASH_THREADS, sram, stream, work)
           : d == 64  ? LAUNCH(block_sparse<64>, blocks, FLASH_THREADS, sram, stream, work)
           : d == 128 ? LAUNCH(block_sparse<128>, blocks, FLASH_THREADS, sram, stream, work)
                      : LAUNCH(block_sparse<256>, blocks, FLASH_THREADS, sram, stream, work);
}

template <class S> enum status launch_shape(const struct sparse_work &work, dim3 blocks, void *stream)
{
    static_assert(S::ROWS == SPARSE_ROWS && S::WARPS == SPARSE_WARPS, "the stages' bytes are for this cut");
    return LAUNCH(block_sparse_mma<S>, blocks, S::THREADS, mma_sram<S>(), stream, work);
}

/* 16 queries a warp, half of flash_mma's: lists are short, masks have blocks of 64, and walking needs registers. */
template <enum dtype E> enum status launch_mma(const struct sparse_work &work, dim3 blocks, void *stream)
{
    int d = work.problem.head_dim;
    return d <= 32    ? launch_shape<mma_shape<E, 32, SPARSE_WARPS, 1, 64, 2, true>>(work, blocks, stream)
           : d <= 64  ? launch_shape<mma_shape<E, 64, SPARSE_WARPS, 1, 64, 2, true>>(work, blocks, stream)
           : d <= 128 ? launch_shape<mma_shape<E, 128, SPARSE_WARPS, 1, 64, 2, true>>(work, blocks, stream)
                      : launch_shape<mma_shape<E, 256, SPARSE_WARPS, 1, 32, 1, false>>(work, blocks, stream);
}

enum status launch(const struct cuda_launch *launch)
{
    struct sparse_work work = work_of(launch->problem);
    dim3 blocks((unsigned)blocks_of(launch->problem, work));
    work.problem = device_problem_of(launch);
    enum status status = STATUS_FAILED;
    switch (launch->problem->dtype) {
    case DTYPE_F32:
        status = launch_plain(work, blocks, launch->stream);
        break;
    case DTYPE_BF16:
        status = launch_mma<DTYPE_BF16>(work, blocks, launch->stream);
        break;
    case DTYPE_F16:
        status = launch_mma<DTYPE_F16>(work, blocks, launch->stream);
        break;
    }
    stage_ends(launch, 0);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(block_sparse);
const struct cuda_kernel CUDA_ROW(block_sparse) = {
    "block_sparse",
    "block_sparse",
    "listed blocks of keys, tiled in SRAM",
    "only the blocks of keys that a list names are touched: cost is density times dense attention's",
    "FlashInfer 2501.01005, section 3.1",
    unsupported,
    no_workspace,
    stages,
    launch,
};
}
