/* keep.cuh - the best blocks of each row, by one warp and without sorting: which score is the k-th largest is found bit
 * by bit.
 *
 * A score becomes an unsigned number of the same order. From the highest bit on, a bit of the k-th largest is 1 if at
 * least k numbers are as large as the number so far with that bit: 32 counts over the row, whatever k is. Then one walk
 * from left to right writes what is above it, and of those equal to it the last, so that the list rises by itself.
 * Ballots say how many lanes keep theirs, and where each writes. */
#pragma once

#include "kernels/cuda/key_tiles.cuh"
#include "kernels/cuda/pool.cuh"

namespace
{

enum { KEEP_WARPS = 4, MOST_BLOCKS = 8192 }; /* a row's numbers lie in SRAM: 32 KB a warp at most */

/* Rising as the scores do; what is no number ranks below everything. */
static __device__ __forceinline__ unsigned rank_of(float score)
{
    unsigned bits = __float_as_uint(score);
    return score != score ? 0 : bits >> 31 ? ~bits : bits | 0x80000000u;
}

/* How many of the row's numbers are at least `least`; in every lane. */
static __device__ __forceinline__ int count_from(const unsigned *ranks, int seen, unsigned least, int lane)
{
    int count = 0;
    for (int j = lane; j < seen; j += 32)
        count += ranks[j] >= least;
    for (int distance = 16; distance > 0; distance /= 2)
        count += __shfl_xor_sync(0xffffffffu, count, distance);
    return count;
}

__global__ void __launch_bounds__(KEEP_WARPS * 32, 4) keep_best(select_work work)
{
    const device_problem &p = work.problem;
    SRAM_BEGIN;
    SRAM(unsigned, ranks_of_warps, KEEP_WARPS *work.blocks);
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    int64_t rows = p.batch * p.heads * work.blocks, row = (int64_t)blockIdx.x * KEEP_WARPS + warp;
    if (row >= rows)
        return; /* the whole warp */
    unsigned *ranks = ranks_of_warps + warp * work.blocks, below = (1u << lane) - 1;
    int own = (int)(row % work.blocks), seen = p.causal ? own + 1 : work.blocks;
    int64_t ends = lane < 2 ? p.block_first[row + lane] : 0, first = from_lane(ends, 0);
    int wanted = (int)(from_lane(ends, 1) - first);

    /* A lane reads again only what it wrote itself. The block of the row's own keys is always in. */
    for (int j = lane; j < seen; j += 32)
        ranks[j] = j == own ? 0xffffffffu : rank_of(work.scores[row * work.blocks + j]);
    unsigned least = 0;
    for (unsigned bit = 0x80000000u; bit > 0; bit /= 2)
        least = count_from(ranks, seen, least | bit, lane) >= wanted ? least | bit : least;
    int left_out = count_from(ranks, seen, least, lane) - wanted; /* of those that are equal to it, the first ones */

    int written = 0, met = 0;
    for (int begin = 0; begin < seen; begin += 32) {
        int j = begin + lane;
        unsigned rank = j < seen ? ranks[j] : 0;
        unsigned ties = __ballot_sync(0xffffffffu, j < seen && rank == least);
        bool tie = ties >> lane & 1,
             kept = j < seen && (rank > least || (tie && met + __popc(ties & below) >= left_out));
        unsigned keeps = __ballot_sync(0xffffffffu, kept);
        if (kept)
            work.list[first + written + __popc(keeps & below)] = j;
        met += __popc(ties);
        written += __popc(keeps);
    }
}

/* A row's scores once, its two places, and the list. */
inline void keep_stage(const struct attention_problem *p, struct kernel_stage *stage)
{
    double blocks = (double)select_blocks(p->len_kv), heads = (double)(p->batch * p->heads);
    double pairs = p->mask.causal ? blocks * (blocks - 1) / 2 : blocks * (blocks - 1);
    *stage = {"keep", 0, heads * (4 * pairs + 16 * blocks), 4 * (double)p->mask.blocks->entries};
}

inline enum status keep_launch(const select_work &work, void *stream)
{
    int64_t rows = work.problem.batch * work.problem.heads * work.blocks;
    size_t sram = SRAM_BYTES(0, unsigned, KEEP_WARPS *work.blocks);
    return LAUNCH(keep_best, dim3((unsigned)ceil_div(rows, KEEP_WARPS)), KEEP_WARPS * 32, sram, stream, work);
}

} // namespace
