/* mma.cuh - the inner loop of attention on tensor cores: one block carries the queries of its warps past the tiles of
 * keys that an iterator names.
 *
 * Who does what: a warp owns 16 or 32 queries (M_TILES times 16), and all of their scores, weights and sums lie in its
 * registers, spread over the lanes as mma.sync m16n8k16 wants them (instructions.cuh). S = Q K^T leaves its tile in the
 * layout of sums; rounded to 16 bits, pairs of such tiles are just what P V takes as its first operand, so weights
 * never see SRAM. Larger M_TILES means fewer bytes from SRAM: each fragment of K and V serves that many products.
 *
 * SRAM, in elements of 16 bits: Q rows x D, K stages x KEYS x D, V KEYS x D. Rows are swizzled (tile_at), so that
 * neither ldmatrix nor the copies meet a bank twice.
 *
 * When: while this tile's scores are computed its V is on the way, and so is the next tile's K (with one stage of K:
 * while the values are added). Two barriers a tile.
 *
 *     barrier | copy V(j), K(j+1)   S = Q K(j)^T   mask?   softmax | barrier | O += P V(j) | barrier ...
 *
 * Softmax: base 2, scale and log2(e) folded into one multiply-add. The base of the exponents is raised only where a
 * logit exceeds it by more than 2^8: weights of at most 256 lose nothing in 16 bits, sums and outputs share the base,
 * and at the end it cancels. So rescaling, exact either way, is a rare branch.
 * Source: FlashAttention-2 2307.08691, sections 3.1 to 3.3; the swizzle as CUTLASS's Swizzle<3, 3, 3>; the lazy base as
 * FlashAttention-4's conditional rescaling. */
#pragma once

#include <climits>

#include "kernels/cuda/instructions.cuh"
#include "kernels/cuda/key_tiles.cuh"

namespace
{

/* How a head dimension is cut: D columns (head_dim rounded up), WARPS of M_TILES * 16 queries, KEYS a tile. Q_STAYS:
 * its fragments stay in registers, else they are read again for each tile. */
template <enum dtype TYPE, int D_, int WARPS_, int M_TILES_, int KEYS_, int K_STAGES_, bool Q_STAYS_> struct mma_shape {
    static constexpr enum dtype E = TYPE;
    static constexpr int D = D_, WARPS = WARPS_, M_TILES = M_TILES_, KEYS = KEYS_, K_STAGES = K_STAGES_;
    static constexpr bool Q_STAYS = Q_STAYS_;
    static constexpr int THREADS = WARPS * 32, WARP_ROWS = M_TILES * 16, ROWS = WARPS * WARP_ROWS;
    static constexpr int N_TILES = KEYS / 8, D_TILES = D / 8, D_STEPS = D / 16, KEY_STEPS = KEYS / 16;
    /* Columns that are swizzled together: 128 or 64 bytes. */
    static constexpr int SPAN = D % 64 == 0 ? 64 : 32, SPAN_CHUNKS = SPAN / 8, SPAN_STEPS = SPAN / 16;
    static_assert(D % 32 == 0 && KEYS % 16 == 0 && THREADS % (8 * SPAN_CHUNKS) == 0, "tiles are whole");
};

/* What one block works on. Little of it, since it stays in registers; the rest is worked out from it where needed. */
struct mma_place {
    unsigned head; /* over all sequences */
    int first_row;
    int rows;                /* of the block's that exist, at least 1 */
    int first_key, last_key; /* first_row sees keys [first_key, last_key), which may lie outside; row r below it those
                                that are r further */
};

/* Offset of the place's first row in Q and O, in elements. */
static __device__ __forceinline__ int64_t first_query(const device_problem &p, const mma_place &place)
{
    unsigned heads = (unsigned)p.heads, sequence = place.head / heads, h = place.head % heads;
    return ((sequence * p.len_q + place.first_row) * p.heads + h) * p.head_dim;
}

/* Offset of its head's first key in K and V. */
static __device__ __forceinline__ int64_t first_key(const device_problem &p, const mma_place &place)
{
    unsigned heads = (unsigned)p.heads, sequence = place.head / heads, h = place.head % heads;
    unsigned kv_head = h / (heads / (unsigned)p.kv_heads);
    return (sequence * p.len_kv * p.kv_heads + kv_head) * p.head_dim;
}

/* Index of the first row's log-sum-exp. */
static __device__ __forceinline__ int64_t first_lse(const device_problem &p, const mma_place &place)
{
    return place.head * p.len_q + place.first_row;
}

/* What a lane knows of its queries: rows lane / 4 and lane / 4 + 8 of each of the warp's tiles of 16. */
template <class S> struct mma_state {
    float base[S::M_TILES][2]; /* of the exponents: a logit, before the scale; -inf while no key was seen */
    float sum[S::M_TILES][2];  /* this lane's keys only; added up over the four lanes of a row at the end */
    float out[S::M_TILES][S::D_TILES][4];
};

/* Where chunk `chunk` (8 elements) of row `row` lies in a tile: chunks of eight neighbouring rows fall into different
 * banks, whether ldmatrix asks for a column of them or a copy for a row. */
template <class S> static __device__ __forceinline__ int tile_at(int row, int chunk)
{
    int twist = S::SPAN == 64 ? row & 7 : row / 2 & 3;
    return row * S::D + (chunk ^ twist) * 8;
}

/* From a lane's place in columns 0 to 15 to the same in columns 16 step to 16 step + 15: the twist is the row's. */
template <class S> static __device__ __forceinline__ int tile_step(int at, int step)
{
    return (at ^ step % S::SPAN_STEPS * 16) + step / S::SPAN_STEPS * S::SPAN;
}

/* TILE_ROWS tokens on their way into a tile, of which `rows` exist; what does not, and columns beyond head_dim, becomes
 * zero. */
template <class S, int TILE_ROWS>
static __device__ __forceinline__ void copy_rows(uint16_t *tile, const uint16_t *from, int stride, int rows,
                                                 int head_dim)
{
    constexpr int PASS = S::THREADS / S::SPAN_CHUNKS;
    int chunk = threadIdx.x % S::SPAN_CHUNKS, row = threadIdx.x / S::SPAN_CHUNKS;
    from += (int64_t)row * stride + chunk * 8;
    tile += tile_at<S>(row, chunk);
#pragma unroll
    for (int r = 0; r < TILE_ROWS; r += PASS, from += (int64_t)PASS * stride) {
#pragma unroll
        for (int c = 0; c < S::D; c += S::SPAN)
            copy_async16_or_zero(tile + r * S::D + c, from + c, row + r < rows && chunk * 8 + c < head_dim);
    }
}

/* A negative scale turns the order of logits round: Q changes sign instead. Each thread its own chunks, which have
 * come; others see them after the barrier. */
template <class S> static __device__ __forceinline__ void negate_rows(uint16_t *tile)
{
    constexpr int PASS = S::THREADS / S::SPAN_CHUNKS;
    int at = tile_at<S>(threadIdx.x / S::SPAN_CHUNKS, threadIdx.x % S::SPAN_CHUNKS);
    for (int r = 0; r < S::ROWS; r += PASS)
        for (int c = 0; c < S::D; c += S::SPAN) {
            uint4 w = load_words(tile + at + r * S::D + c);
            w.x ^= 0x80008000u, w.y ^= 0x80008000u, w.z ^= 0x80008000u, w.w ^= 0x80008000u;
            store_words(tile + at + r * S::D + c, w);
        }
}

/* The first operand of S, 16 columns of it. */
template <class S> struct mma_queries {
    uint32_t row[S::M_TILES][4];
};

/* Columns 16 step and on of the warp's rows. `at` is the lane's place in its rows. */
template <class S>
static __device__ __forceinline__ void load_queries(mma_queries<S> &queries, const uint16_t *q_tile, int at, int step)
{
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++)
        load_matrices(queries.row[m], q_tile + tile_step<S>(at, step) + m * 16 * S::D);
}

/* sums[m] += a[m] b for two neighbouring tiles of 8 columns, whose fragments came together. */
template <class S>
static __device__ __forceinline__ void multiply_two(float (&left)[4], float (&right)[4], const uint32_t (&a)[4],
                                                    const uint32_t (&b)[4])
{
    const uint32_t b_left[2] = {b[0], b[1]}, b_right[2] = {b[2], b[3]};
    multiply<S::E>(left, a, b_left);
    multiply<S::E>(right, a, b_right);
}

/* scores = Q K^T. A matrix of ldmatrix is 8 keys by 8 columns: keys 0-7 and 8-15, two column halves each. */
template <class S>
static __device__ __forceinline__ void multiply_keys(float (&scores)[S::M_TILES][S::N_TILES][4],
                                                     const mma_queries<S> *kept, const uint16_t *q_tile, int q_at,
                                                     const uint16_t *k_tile, int lane)
{
    int k_at = tile_at<S>(lane % 8 + lane / 16 * 8, lane / 8 % 2);
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++)
#pragma unroll
        for (int n = 0; n < S::N_TILES; n++)
#pragma unroll
            for (int i = 0; i < 4; i++)
                scores[m][n][i] = 0;
#pragma unroll
    for (int step = 0; step < S::D_STEPS; step++) {
        mma_queries<S> queries;
        if (S::Q_STAYS)
            queries = kept[S::Q_STAYS ? step : 0];
        else
            load_queries<S>(queries, q_tile, q_at, step);
#pragma unroll
        for (int n = 0; n < S::KEY_STEPS; n++) {
            uint32_t k[4];
            load_matrices(k, k_tile + tile_step<S>(k_at, step) + n * 16 * S::D);
#pragma unroll
            for (int m = 0; m < S::M_TILES; m++)
                multiply_two<S>(scores[m][2 * n], scores[m][2 * n + 1], queries.row[m], k);
        }
    }
}

/* out += P V. A matrix of ldmatrix is 8 keys by 8 columns, transposed on the way: both key halves, two column halves.
 */
template <class S>
static __device__ __forceinline__ void multiply_values(mma_state<S> &state,
                                                       const uint32_t (&weights)[S::M_TILES][S::KEY_STEPS][4],
                                                       const uint16_t *v_tile, int lane)
{
    int v_at = tile_at<S>(lane % 16, lane / 16);
#pragma unroll
    for (int step = 0; step < S::KEY_STEPS; step++) {
#pragma unroll
        for (int n = 0; n < S::D_STEPS; n++) {
            uint32_t v[4];
            load_matrices_transposed(v, v_tile + tile_step<S>(v_at, n) + step * 16 * S::D);
#pragma unroll
            for (int m = 0; m < S::M_TILES; m++)
                multiply_two<S>(state.out[m][2 * n], state.out[m][2 * n + 1], weights[m][step], v);
        }
    }
}

/* Which keys of a tile the warp's first row sees: [first, last), counted from the tile's first key; the row r below it
 * sees [first + r, last + r). `count` keys exist. */
struct warp_view {
    int first, last, count;
};

template <class S> static __device__ __forceinline__ bool sees_none(const warp_view &view)
{
    return view.first >= view.count || view.last + S::WARP_ROWS - 1 <= 0;
}

template <class S> static __device__ __forceinline__ bool sees_all(const warp_view &view)
{
    return view.first + S::WARP_ROWS - 1 <= 0 && view.last >= S::KEYS && view.count == S::KEYS;
}

/* The logits of hidden keys become -inf: only for tiles that an edge of the mask, or the end of the keys, crosses. */
template <class S>
static __device__ __forceinline__ void hide(float (&scores)[S::M_TILES][S::N_TILES][4], const warp_view &view, int lane)
{
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = m * 16 + half * 8 + lane / 4, first = view.first + row;
            int last = view.last + row < view.count ? view.last + row : view.count;
#pragma unroll
            for (int n = 0; n < S::N_TILES; n++)
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    int key = n * 8 + lane % 4 * 2 + i;
                    if (key < first || key >= last)
                        scores[m][n][half * 2 + i] = -INFINITY;
                }
        }
}

/* The largest of a row's logits; four lanes share a row. */
template <class S>
static __device__ __forceinline__ float largest_of_row(const float (&scores)[S::N_TILES][4], int half)
{
    float largest = scores[0][half * 2];
#pragma unroll
    for (int n = 0; n < S::N_TILES; n++)
        largest = fmaxf(largest, fmaxf(scores[n][half * 2], scores[n][half * 2 + 1]));
    largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
    return fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
}

/* A base that is too low for these logits becomes the largest of them, and what was summed up so far shrinks to it. */
template <class S>
static __device__ __forceinline__ void raise_base(mma_state<S> &state, const float (&largest)[S::M_TILES][2],
                                                  float scale)
{
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float base = fmaxf(state.base[m][half], largest[m][half]);
            /* No key yet: -inf minus -inf would be no number. */
            float shrink = base == -INFINITY ? 1.0f : exp2_flushed((state.base[m][half] - base) * scale);
            state.base[m][half] = base;
            state.sum[m][half] *= shrink;
#pragma unroll
            for (int n = 0; n < S::D_TILES; n++) {
                state.out[m][n][half * 2] *= shrink;
                state.out[m][n][half * 2 + 1] *= shrink;
            }
        }
}

/* The online softmax: from logits (scale not yet applied) to weights in 16 bits, as P V takes them. */
template <class S>
static __device__ __forceinline__ void soften(mma_state<S> &state, float (&scores)[S::M_TILES][S::N_TILES][4],
                                              uint32_t (&weights)[S::M_TILES][S::KEY_STEPS][4], float scale)
{
    const float slack = 8; /* weights up to 2^8 */
    float largest[S::M_TILES][2];
    bool low = false;
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            largest[m][half] = largest_of_row<S>(scores[m], half);
            low |= (largest[m][half] - state.base[m][half]) * scale > slack; /* false where both are -inf */
        }
    if (__any_sync(0xffffffffu, low))
        raise_base<S>(state, largest, scale);
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float base = state.base[m][half] == -INFINITY ? 0.0f : state.base[m][half] * scale;
#pragma unroll
            for (int n = 0; n < S::N_TILES; n++) {
                float left = exp2_flushed(fmaf(scores[m][n][half * 2], scale, -base));
                float right = exp2_flushed(fmaf(scores[m][n][half * 2 + 1], scale, -base));
                state.sum[m][half] += left + right;
                weights[m][n / 2][n % 2 * 2 + half] = pair<S::E>(left, right);
            }
        }
}

/* Divides by the sum, and leaves O: through the warp's own rows of the Q tile, so that HBM gets 16 bytes a lane. */
template <class S, class Place>
static __device__ __forceinline__ void write_rows(const device_problem &p, const Place &place,
                                                  const mma_state<S> &state, uint16_t *tile, int my_row, int lane)
{
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = state.sum[m][half];
            sum += __shfl_xor_sync(0xffffffffu, sum, 1);
            sum += __shfl_xor_sync(0xffffffffu, sum, 2);
            float factor = sum > 0 ? 1 / sum : 0.0f;
            int row = my_row + m * 16 + half * 8 + lane / 4;
#pragma unroll
            for (int n = 0; n < S::D_TILES; n++)
                *reinterpret_cast<uint32_t *>(tile + tile_at<S>(row, n) + lane % 4 * 2) =
                    pair<S::E>(state.out[m][n][half * 2] * factor, state.out[m][n][half * 2 + 1] * factor);
            if (lane % 4 == 0 && row < place.rows && p.log_sum_exp)
                p.log_sum_exp[first_lse(p, place) + row] =
                    sum > 0 ? (state.base[m][half] * p.scale_base2 + log2f(sum)) * 0.6931471805599453f : -INFINITY;
        }
    __syncwarp();
    constexpr int PASS = 32 / S::SPAN_CHUNKS;
    uint16_t *o = p.o16 + first_query(p, place);
    int chunk = lane % S::SPAN_CHUNKS;
    for (int row = my_row + lane / S::SPAN_CHUNKS; row < my_row + S::WARP_ROWS && row < place.rows; row += PASS)
        for (int c = chunk; c * 8 < p.head_dim; c += S::SPAN_CHUNKS)
            store_words(o + row * p.heads * p.head_dim + c * 8, load_words(tile + tile_at<S>(row, c)));
}

/* The whole block. `tiles` is an iterator of key_tiles.cuh, in any order, no key twice. `place` is an mma_place, or
 * what else has its numbers of rows and keys and is known to first_query, first_key and first_lse. */
template <class S, class Tiles, class Place>
static __device__ __forceinline__ void mma_block(const device_problem &p, const Place &place, Tiles tiles)
{
    SRAM_BEGIN;
    SRAM(uint16_t, q_tile, S::ROWS * S::D);
    SRAM(uint16_t, k_tile, S::K_STAGES * S::KEYS * S::D);
    SRAM(uint16_t, v_tile, S::KEYS * S::D);
    /* What the products do not need waits here: registers are dear. */
    SRAM(Place, kept, 1);
    SRAM(int64_t, kv, 1);
    if (threadIdx.x == 0) {
        *kept = place;
        *kv = first_key(p, place);
    }
    __syncthreads();
    /* By an exchange, so that the compiler knows it to be the same in all lanes. */
    int lane = threadIdx.x % 32, warp = __shfl_sync(0xffffffffu, (int)threadIdx.x / 32, 0),
        my_row = warp * S::WARP_ROWS;
    /* The keys of the warp's first row; a warp whose rows do not exist sees none. */
    int my_first = place.first_key + my_row, my_last = my_row < place.rows ? place.last_key + my_row : INT_MIN / 2;

    struct key_tile now = tiles.take(S::KEYS);
    copy_rows<S, S::ROWS>(q_tile, p.q16 + first_query(p, place), (int)p.heads * p.head_dim, place.rows, p.head_dim);
    if (now.count > 0)
        copy_rows<S, S::KEYS>(k_tile, p.k16 + *kv + now.first * p.kv_heads * p.head_dim, (int)p.kv_heads * p.head_dim,
                              now.count, p.head_dim);
    copy_async_commit();
    mma_state<S> state;
#pragma unroll
    for (int m = 0; m < S::M_TILES; m++) {
        state.base[m][0] = state.base[m][1] = -INFINITY;
        state.sum[m][0] = state.sum[m][1] = 0;
#pragma unroll
        for (int n = 0; n < S::D_TILES; n++)
            state.out[m][n][0] = state.out[m][n][1] = state.out[m][n][2] = state.out[m][n][3] = 0;
    }
    copy_async_wait<0>();
    if (p.scale < 0)
        negate_rows<S>(q_tile);
    __syncthreads();
    int q_at = tile_at<S>(my_row + lane % 16, lane / 16);
    mma_queries<S> queries[S::Q_STAYS ? S::D_STEPS : 1];
    if (S::Q_STAYS)
#pragma unroll
        for (int step = 0; step < S::D_STEPS; step++)
            load_queries<S>(queries[S::Q_STAYS ? step : 0], q_tile, q_at, step);

    for (int stage = 0; now.count > 0; stage = (stage + 1) % S::K_STAGES) {
        struct key_tile next = tiles.take(S::KEYS);
        uint16_t *k_next = k_tile + (stage + 1) % S::K_STAGES * (S::KEYS * S::D);
        copy_async_wait<0>();
        __syncthreads(); /* all of K is there, and V and the other stage are no longer read */
        copy_rows<S, S::KEYS>(v_tile, p.v16 + *kv + now.first * p.kv_heads * p.head_dim, (int)p.kv_heads * p.head_dim,
                              now.count, p.head_dim);
        copy_async_commit();
        if (S::K_STAGES > 1 && next.count > 0)
            copy_rows<S, S::KEYS>(k_next, p.k16 + *kv + next.first * p.kv_heads * p.head_dim,
                                  (int)p.kv_heads * p.head_dim, next.count, p.head_dim);
        copy_async_commit();

        struct warp_view view = {my_first - now.first, my_last - now.first, now.count};
        bool idle = sees_none<S>(view);
        uint32_t weights[S::M_TILES][S::KEY_STEPS][4];
        if (!idle) {
            float scores[S::M_TILES][S::N_TILES][4];
            multiply_keys<S>(scores, queries, q_tile, q_at, k_tile + stage * (S::KEYS * S::D), lane);
            if (!sees_all<S>(view))
                hide<S>(scores, view, lane);
            soften<S>(state, scores, weights, p.scale_base2);
        }
        copy_async_wait<1>();
        __syncthreads(); /* all of V is there; with one stage, K is no longer read */
        if (S::K_STAGES == 1 && next.count > 0) {
            copy_rows<S, S::KEYS>(k_next, p.k16 + *kv + next.first * p.kv_heads * p.head_dim,
                                  (int)p.kv_heads * p.head_dim, next.count, p.head_dim);
            copy_async_commit();
        }
        if (!idle)
            multiply_values<S>(state, weights, v_tile, lane);
        now = next;
    }
    write_rows<S>(p, *kept, state, q_tile, my_row, lane);
}

/* What every kernel on this loop refuses; `blocks` is the largest launch. */
inline const char *mma_unsupported(const struct attention_problem *p, double blocks)
{
    if (p->dtype == DTYPE_F32)
        return "tensor cores multiply 16 bits here: choose bf16 or f16, or flash_tiled";
    if (too_long(p))
        return too_long(p);
    if (p->heads * p->head_dim >= INT64_C(1) << 24)
        return "tokens of 2^24 elements and more";
    if (blocks > 2147483647.0)
        return "more blocks than one launch can hold (2^31 - 1)";
    return nullptr;
}

template <class S, class Place = mma_place> size_t mma_sram()
{
    size_t q = SRAM_BYTES(0, uint16_t, S::ROWS * S::D), k = SRAM_BYTES(q, uint16_t, S::K_STAGES * S::KEYS * S::D);
    size_t v = SRAM_BYTES(k, uint16_t, S::KEYS * S::D);
    return SRAM_BYTES(SRAM_BYTES(v, Place, 1), int64_t, 1);
}

/* The cuts in use. Registers set them: 32 queries a warp where the sums allow, the fragments of Q where those still
 * leave room; SRAM then lets two blocks live beside each other on sm_80 (164 KB), and each fits into sm_120's 99 KB. */
template <enum dtype E> using mma_shape_32 = mma_shape<E, 32, 4, 2, 64, 2, true>;
template <enum dtype E> using mma_shape_64 = mma_shape<E, 64, 4, 2, 64, 2, true>;
template <enum dtype E> using mma_shape_128 = mma_shape<E, 128, 4, 2, 64, 2, false>;
template <enum dtype E> using mma_shape_256 = mma_shape<E, 256, 8, 1, 32, 1, true>;
enum { MMA_ROWS = 128 }; /* queries of a block in all of them */

/* Bytes of K and V that blocks which run together may ask for: less than half of any L2. */
enum { L2_SHARE = 16 << 20 };

/* How many of a launch's `heads` (over its layers and batch) run together: whole groups that share K and V. */
inline unsigned heads_together(int64_t heads_per_group, int64_t head_dim, int64_t len_kv, int64_t heads)
{
    int64_t together = L2_SHARE / (4 * head_dim * len_kv) * heads_per_group;
    return (unsigned)(together < heads_per_group ? heads_per_group : together > heads ? heads : together);
}

} // namespace
