/* block_sparse.cu - only the blocks of keys that a list names: one kernel for learned, local, A-shape and random masks.
 *
 * Idea: whoever selects keys selects them by blocks (block_mask.h), a list for each block of queries. A thread block
 * takes 64 queries that share a list and walks along it through flash_tiled's loop (flash.cuh, key_tiles.cuh): what is
 * not listed is never touched. A tile that the mask keeps whole is computed without a compare; only one that the causal
 * edge, a window or the end of the keys crosses is compared key by key.
 * Any block sizes will do: queries of a mask's block are cut into tiles of 64, the last perhaps shorter (its idle warps
 * wait), keys into tiles of 32, neighbouring blocks as one run. Multiples of 64 queries and 32 keys waste nothing.
 * Data movement, a head, in elements: Q in and O out once, N d each; K and V of the listed blocks once for every 64
 * queries, 2 d N^2 density / 64; and the list, once a warp: 16 + 4 entries bytes.
 * Cost: 4 d FLOPs a kept pair: density times dense attention's.
 * Source: FlashInfer 2501.01005, section 3.1 (block-sparse rows); FlexAttention 2412.05496, section 4.2 (full and
 * partial blocks). */
#include <cstdio>

#include "kernels/cuda/flash.cuh"

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

/* Under a causal mask the last rows are the longest: they come first. */
template <int D> __global__ void __launch_bounds__(FLASH_THREADS, 1) block_sparse(sparse_work work)
{
    const device_problem &p = work.problem;
    int64_t block = blockIdx.x, piece = block % work.pieces, row = block / work.pieces % work.rows;
    int64_t head = block / (work.pieces * work.rows), mask = work.one_mask ? 0 : head;
    row = work.rows - 1 - row;
    int64_t first_row = row * work.block_q + piece * BLOCK_Q, rows = work.block_q - piece * BLOCK_Q;
    if (first_row >= p.len_q)
        return; /* the last block of queries is shorter than the others */
    flash_place place = place_of_rows(p, head, first_row, rows < BLOCK_Q ? rows : (int64_t)BLOCK_Q);
    tiles_of_range seen = range_of_place(p, place);
    flash_block<D>(p, place, list_of_row(p, mask * work.rows + row, work.block_kv, seen.next, seen.last));
}

/* The mask as this kernel cuts it. Blocks longer than the sequence are as long as it. */
struct sparse_work work_of(const struct attention_problem *p)
{
    const struct block_mask *mask = p->mask.blocks;
    struct sparse_work work = {};
    work.rows = mask->rows;
    work.block_q = (int)(mask->block_q < p->len_q ? mask->block_q : p->len_q);
    work.block_kv = (int)(mask->block_kv < p->len_kv ? mask->block_kv : p->len_kv);
    work.pieces = (int)ceil_div(work.block_q, BLOCK_Q);
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
    struct attention_problem whole = *p;
    whole.mask.blocks = nullptr;
    const char *reason = too_long(p);
    return reason ? reason : plain_unsupported(&whole, blocks_of(p, work_of(p)));
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
    for (int64_t r = 0; r < mask->rows; r++) {
        struct block_row row = block_mask_row(mask, p, layer, head / p->heads, head % p->heads, r);
        int64_t end = (r + 1) * work.block_q < p->len_q ? (r + 1) * work.block_q : p->len_q;
        for (int64_t first = r * work.block_q; first < end; first += BLOCK_Q) {
            int64_t last = first + BLOCK_Q < end ? first + BLOCK_Q - 1 : end - 1;
            stage->bytes_read += 8.0 * (double)(p->head_dim * listed_keys(p, row, layer, first, last));
            stage->bytes_read += FLASH_WARPS * list_bytes(row.count);
        }
    }
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    double d = (double)p->head_dim, rows = (double)attention_rows(p);
    *stages = {};
    stages->count = 1;
    struct kernel_stage *stage = &stages->items[0];
    snprintf(stage->name, sizeof stage->name, "block_sparse");
    stage->bytes_read = 4 * d * rows;
    stage->bytes_written = 4 * (d + 1) * rows;
    for (int64_t layer = 0; layer < p->layers; layer++) {
        stage->flops += 4 * d * (double)attention_layer_pairs(p, layer);
        for (int64_t head = 0; head < p->batch * p->heads; head++)
            head_stage(p, layer, head, stage);
    }
}

enum status launch(const struct cuda_launch *launch)
{
    struct sparse_work work = work_of(launch->problem);
    dim3 blocks((unsigned)blocks_of(launch->problem, work));
    work.problem = device_problem_of(launch);
    int d = flash_columns(work.problem.head_dim);
    size_t sram = flash_sram(d);
    enum status status = d == 32    ? LAUNCH(block_sparse<32>, blocks, FLASH_THREADS, sram, launch->stream, work)
                         : d == 64  ? LAUNCH(block_sparse<64>, blocks, FLASH_THREADS, sram, launch->stream, work)
                         : d == 128 ? LAUNCH(block_sparse<128>, blocks, FLASH_THREADS, sram, launch->stream, work)
                                    : LAUNCH(block_sparse<256>, blocks, FLASH_THREADS, sram, launch->stream, work);
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
