/* key_tiles.cuh - in which order a block walks past the keys: iterators that the inner loops take their tiles from.
 *
 * An iterator has take(most): the next tile, of at most that many keys; a tile of none when all were there. Every
 * thread of a block calls it alike and gets the same. Tokens are counted in 32 bits, which spares registers; offsets
 * are not. */
#pragma once

#include <cstdio>

#include "kernels/cuda/problem.cuh"

namespace
{

/* Keys [first, first + count) of a head. */
struct key_tile {
    int first, count;
};

/* A range, from left to right. */
struct tiles_of_range {
    int next, last;
    __device__ __forceinline__ struct key_tile take(int most)
    {
        struct key_tile tile = {next, last - next < most ? last - next : most};
        next += tile.count;
        return tile;
    }
};

/* The keys that exist, of `len`, and that any of `rows` rows sees, where the first of them sees [first, last) and each
 * the keys that are one further than those of the row above. */
static __device__ __forceinline__ tiles_of_range range_of_keys(int len, int first, int last, int rows)
{
    last += rows - 1;
    last = last < 0 ? 0 : last > len ? len : last;
    return {first < 0 ? 0 : first > last ? last : first, last};
}

static __device__ __forceinline__ tiles_of_range range_of_rows(const device_problem &p, int first, int last, int rows)
{
    return range_of_keys((int)p.len_kv, first, last, rows);
}

/* The blocks of keys of one row of a block mask, each cut to the keys [low, high) that the queries at hand see at all.
 * Every warp holds 32 entries of the list, one a lane, and hands them round: the list needs neither SRAM nor a barrier,
 * and is read once a warp. Neighbouring blocks become one run, so that small ones fill a tile. */
struct tiles_of_list {
    const int32_t *list; /* the entry after those held */
    int left;            /* entries from there on */
    int mine, at, held;  /* this lane's entry; the next to be used; how many are held */
    int low, high, block_kv;
    int next, last; /* what is left of the run at hand */

    __device__ __forceinline__ void hold()
    {
        int lane = threadIdx.x % 32;
        held = left < 32 ? left : 32;
        mine = lane < held ? list[lane] : 0;
        list += held;
        left -= held;
        at = 0;
    }

    __device__ __forceinline__ int entry() const
    {
        return __shfl_sync(0xffffffffu, mine, at);
    }

    __device__ __forceinline__ struct key_tile take(int most)
    {
        while (next >= last) {
            if (at == held && left == 0)
                return {0, 0};
            if (at == held)
                hold();
            int first = entry() * block_kv, end = first + block_kv;
            for (at++; at < held && entry() * block_kv == end; at++)
                end += block_kv;
            next = first > low ? first : low;
            last = end < high ? end : high;
        }
        struct key_tile tile = {next, last - next < most ? last - next : most};
        next += tile.count;
        return tile;
    }
};

/* A number of 64 bits that lane `lane` holds. */
static __device__ __forceinline__ int64_t from_lane(int64_t mine, int lane)
{
    unsigned low = __shfl_sync(0xffffffffu, (unsigned)mine, lane);
    unsigned high = __shfl_sync(0xffffffffu, (unsigned)((uint64_t)mine >> 32), lane);
    return (int64_t)((uint64_t)high << 32 | low);
}

/* Row `row` of the problem's block mask, over all its masks: its list is block_list[block_first[row]] up to, not
 * including, block_list[block_first[row + 1]]. */
static __device__ __forceinline__ tiles_of_list list_of_row(const device_problem &p, int64_t row, int block_kv, int low,
                                                            int high)
{
    int lane = threadIdx.x % 32;
    int64_t ends = lane < 2 ? p.block_first[row + lane] : 0;
    int64_t first = from_lane(ends, 0), last = from_lane(ends, 1);
    tiles_of_list tiles = {p.block_list + first, (int)(last - first), 0, 0, 0, low, high, block_kv, 0, 0};
    return tiles;
}

/* What a warp reads of the mask for one row, in bytes: two places, and each entry once. */
static inline double list_bytes(int64_t entries)
{
    return 2.0 * sizeof(int64_t) + (double)entries * sizeof(int32_t);
}

/* Longer sequences are refused: a token and a few tiles beyond it fit into 32 bits. */
static inline const char *too_long(const struct attention_problem *p)
{
    bool fits = p->len_q < 1 << 29 && p->len_kv < 1 << 29;
    return fits ? nullptr : "sequences of 2^29 tokens and more";
}

/* Adds one layer of a kernel whose blocks walk a range: Q in and O out once; for every `block` queries the keys that
 * any of them sees, from the first to the last, K and V each. */
static inline void range_stage(const struct attention_problem *p, int64_t layer, int64_t block,
                               struct kernel_stage *stage)
{
    double heads = (double)(p->batch * p->heads), d = (double)p->head_dim, rows = (double)p->len_q, keys = 0;
    double element = (double)dtype_size(p->dtype);
    for (int64_t first = 0; first < p->len_q; first += block) {
        int64_t last = first + block < p->len_q ? first + block - 1 : p->len_q - 1;
        keys += (double)(attention_keys(p, layer, last).last - attention_keys(p, layer, first).first);
    }
    stage->flops += 4 * d * (double)attention_layer_pairs(p, layer);
    stage->bytes_read += heads * element * d * (rows + 2 * keys);
    stage->bytes_written += heads * rows * (element * d + 4);
}

/* All layers in one pass. */
static inline void one_stage(const struct attention_problem *p, const char *name, int64_t block,
                             struct kernel_stages *stages)
{
    *stages = {};
    snprintf(stages->items[0].name, sizeof stages->items[0].name, "%s", name);
    stages->count = 1;
    for (int64_t layer = 0; layer < p->layers; layer++)
        range_stage(p, layer, block, &stages->items[0]);
}

static inline size_t no_workspace(const struct attention_problem *)
{
    return 0;
}

} // namespace
