/* packed.cuh - how the blocks of one launch find their queries among packed sequences of unequal length.
 *
 * A sequence is cut into tiles of R queries, from its own start on. Tile starts[s] / R + s is the first of sequence s:
 * these numbers rise with s, also past empty sequences, and leave each sequence as many tiles as it needs, or one more,
 * whose block has nothing to do. So the starts alone say which sequence a tile belongs to, the grid has tokens / R +
 * sequences tiles a head, and no list is made or sent. (FlashAttention's variable lengths launch the longest
 * sequence's tiles for every sequence; of 8 sequences of which one is long, seven eighths of those do nothing.) */
#pragma once

#include "kernels/cuda/key_tiles.cuh"

namespace
{

struct packed_work {
    device_problem problem; /* batch 1; lengths are the longest sequence's */
    const int64_t *starts;  /* in HBM, count + 1 */
    int64_t tokens;
    int64_t first_layer;     /* of this launch */
    int count;               /* sequences, at least 1 */
    unsigned tiles;          /* a head */
    unsigned heads_together; /* of the launch's heads, over its layers */
};

/* Tiles before sequence s. */
static __host__ __device__ __forceinline__ int64_t tiles_before(int64_t start, int64_t sequence, int rows)
{
    return start / rows + sequence;
}

/* How many of the warp's lanes say yes. */
static __device__ __forceinline__ int count_of_warp(bool yes)
{
    int count = yes;
    for (int distance = 16; distance > 0; distance /= 2)
        count += __shfl_xor_sync(0xffffffffu, count, distance);
    return count;
}

/* How many sequences of `count` lie between two probes of a warp's 32. */
static __host__ __device__ __forceinline__ int probe_step(int count)
{
    return (count + 31) / 32;
}

/* The sequence that `tile` belongs to: the last that has no more than `tile` tiles before it. Each warp looks for
 * itself, 32 places at a time: one look for 32 sequences, two for 1024. */
static __device__ __forceinline__ int sequence_of_tile(const packed_work &work, int64_t tile, int rows)
{
    int lane = threadIdx.x % 32, first = 0, count = work.count;
    while (count > 1) {
        int step = probe_step(count), probe = lane * step;
        bool before = probe < count && tiles_before(work.starts[first + probe], first + probe, rows) <= tile;
        int last = (count_of_warp(before) - 1) * step;
        first += last;
        count = count - last < step ? count - last : step;
    }
    return first;
}

/* What the search for sequence `sequence` reads of the starts, and the two ends of the sequence, in bytes, a warp. */
static inline double search_bytes(int count, int sequence)
{
    int64_t read = 2;
    for (int first = 0; count > 1;) {
        int step = probe_step(count), last = (sequence - first) / step * step;
        read += ceil_div(count, step);
        first += last;
        count = count - last < step ? count - last : step;
    }
    return (double)read * (double)sizeof(int64_t);
}

/* A block's queries: [first_row, first_row + rows) of a sequence of `len` tokens that begins at token `start`. No rows:
 * the sequence needs one tile less than it has. */
struct packed_piece {
    int64_t layer, head, start;
    int len, first_row, rows;
};

/* Tile `tile` of all sequences'. */
static __device__ __forceinline__ packed_piece piece_of_tile(const packed_work &work, int64_t tile, int rows)
{
    int sequence = sequence_of_tile(work, tile, rows), lane = threadIdx.x % 32;
    int64_t ends = lane < 2 ? work.starts[sequence + lane] : 0;
    int64_t start = from_lane(ends, 0), end = from_lane(ends, 1);
    packed_piece piece = {0, 0, start, (int)(end - start), 0, 0};
    piece.first_row = (int)(tile - tiles_before(start, sequence, rows)) * rows;
    piece.rows = piece.len - piece.first_row < rows ? piece.len - piece.first_row : rows;
    return piece;
}

/* Block b's work, in the order of mma_rows.cuh: heads in groups whose K and V fit into L2 together, of each sequence
 * the last tile first, which under a causal mask is the longest. */
static __device__ __forceinline__ packed_piece piece_of_block(const packed_work &work, int rows)
{
    const device_problem &p = work.problem;
    unsigned all = (unsigned)(p.layers * p.heads), together = work.heads_together;
    unsigned group = blockIdx.x / (together * work.tiles), rest = blockIdx.x % (together * work.tiles);
    unsigned first_head = group * together, here = all - first_head < together ? all - first_head : together;
    unsigned head = first_head + rest % here;
    packed_piece piece = piece_of_tile(work, work.tiles - 1 - rest / here, rows);
    piece.layer = work.first_layer + head / (unsigned)p.heads;
    piece.head = head % (unsigned)p.heads;
    return piece;
}

/* A block's place in the tensors: what flash_place has, and mma.cuh asks for by first_query, first_key and first_lse.
 * Offsets are in elements. */
template <class Place>
static __device__ __forceinline__ Place place_of_piece(const packed_work &work, const packed_piece &piece)
{
    const device_problem &p = work.problem;
    int64_t token = piece.layer * work.tokens + piece.start, kv_head = piece.head / (p.heads / p.kv_heads);
    struct window window = window_of_layer(p, piece.layer);
    Place place;
    place.rows = piece.rows;
    place.first_key = (int)(piece.first_row - window.left);
    place.last_key = (int)(piece.first_row + window.right + 1);
    place.row = token * p.heads + piece.head * piece.len + piece.first_row;
    place.q = ((token + piece.first_row) * p.heads + piece.head) * p.head_dim;
    place.kv = (token * p.kv_heads + kv_head) * p.head_dim;
    return place;
}

} // namespace
