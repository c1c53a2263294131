/* rope.cu - rotary position embedding of a stack's Q and K, as a stage of its own before the attention (cuda_rope.h).
 *
 * Idea: elements j and j + d/2 of a row are turned by position times a frequency of j's own; sines and cosines come
 * from a table in HBM, made once. A block takes 64 tokens of one sequence of one layer, found as packed.cu's blocks
 * find theirs; a thread keeps two neighbouring pairs of angles of one token and turns them in every head of Q and of K.
 * Data movement, a layer, in elements: Q and K in once and out once, 2 N d (heads + kv_heads); and of the table N d
 * float32.
 * Cost: 6 FLOPs a pair: it is all movement, and what it moves is what fusing it into the load of Q and K would save;
 * as a stage it is turned once, fused K would be turned again for every block of queries.
 * Source: RoFormer 2104.09864, section 3.4; halves as GPT-NeoX's. */
#include "kernels/cuda/instructions.cuh"
#include "kernels/cuda/packed.cuh"

extern "C" {
#include "kernels/cuda/cuda_rope.h"
}

namespace
{

enum { ROPE_ROWS = 64, ROPE_THREADS = 256, ROPE_WARPS = ROPE_THREADS / 32 };

struct rope_work {
    packed_work packed; /* of whose problem only the shape is used */
    const void *q, *k;
    void *turned_q, *turned_k;
    struct angles global, local;
    int windowed; /* local layers have a window, however long */
};

/* Two neighbouring elements. */
struct two {
    float low, high;
};

template <enum dtype E> static __device__ __forceinline__ two load_two(const void *from, int64_t at)
{
    if (E == DTYPE_F32)
        return {static_cast<const float *>(from)[at], static_cast<const float *>(from)[at + 1]};
    uint32_t pair = *reinterpret_cast<const uint32_t *>(static_cast<const uint16_t *>(from) + at);
    return {low<E>(pair), high<E>(pair)};
}

template <enum dtype E> static __device__ __forceinline__ void store_two(void *to, int64_t at, two value)
{
    if (E == DTYPE_F32) {
        static_cast<float *>(to)[at] = value.low;
        static_cast<float *>(to)[at + 1] = value.high;
    } else {
        *reinterpret_cast<uint32_t *>(static_cast<uint16_t *>(to) + at) = pair<E>(value.low, value.high);
    }
}

/* Columns `at`, at + 1 and those half a row further, of `heads` rows that follow each other. */
template <enum dtype E>
static __device__ __forceinline__ void turn_heads(const void *from, void *to, int64_t at, int64_t heads, int head_dim,
                                                  two cosine, two sine)
{
    for (int64_t head = 0; head < heads; head++, at += head_dim) {
        two a = load_two<E>(from, at), b = load_two<E>(from, at + head_dim / 2);
        store_two<E>(to, at, {a.low * cosine.low - b.low * sine.low, a.high * cosine.high - b.high * sine.high});
        store_two<E>(to, at + head_dim / 2,
                     {b.low * cosine.low + a.low * sine.low, b.high * cosine.high + a.high * sine.high});
    }
}

template <enum dtype E> __global__ void __launch_bounds__(ROPE_THREADS, 4) rope_rows(rope_work work)
{
    const device_problem &p = work.packed.problem;
    unsigned layer = blockIdx.x / work.packed.tiles;
    packed_piece piece = piece_of_tile(work.packed, blockIdx.x % work.packed.tiles, ROPE_ROWS);
    bool local = work.windowed && (p.global_every == 0 || layer % p.global_every != 0);
    const float *cosines = local ? work.local.cosine : work.global.cosine;
    const float *sines = local ? work.local.sine : work.global.sine;
    int pairs = p.head_dim / 4; /* neighbouring ones together */
    for (int n = threadIdx.x; n < piece.rows * pairs; n += ROPE_THREADS) {
        int64_t position = piece.first_row + n / pairs, column = n % pairs * 2;
        int64_t token = layer * work.packed.tokens + piece.start + position;
        int64_t angle = position * (p.head_dim / 2) + column;
        two cosine = load_two<DTYPE_F32>(cosines, angle), sine = load_two<DTYPE_F32>(sines, angle);
        turn_heads<E>(work.q, work.turned_q, token * p.heads * p.head_dim + column, p.heads, p.head_dim, cosine, sine);
        turn_heads<E>(work.k, work.turned_k, token * p.kv_heads * p.head_dim + column, p.kv_heads, p.head_dim, cosine,
                      sine);
    }
}

int64_t tiles_of(const struct packed *packed)
{
    return tiles_before(packed->starts[packed->count], packed->count, ROPE_ROWS);
}

const char *unsupported(const struct attention_problem *p, const struct packed *packed)
{
    if (p->batch != 1 || p->len_q != p->len_kv)
        return "packed sequences are one batch, with as many keys as queries";
    if (packed->count >= 1 << 29 || packed_longest(packed) >= 1 << 29)
        return "2^29 sequences, or tokens of one, and more";
    if ((double)p->layers * (double)tiles_of(packed) > 2147483647.0)
        return "more blocks than one launch can hold (2^31 - 1)";
    return nullptr;
}

void stage(const struct attention_problem *p, const struct packed *packed, struct kernel_stage *stage)
{
    double layers = (double)p->layers, tokens = (double)p->len_q, d = (double)p->head_dim;
    double moved = tokens * (double)(p->heads + p->kv_heads) * d;
    *stage = {};
    snprintf(stage->name, sizeof stage->name, "rope");
    stage->flops = layers * 3 * moved;
    stage->bytes_read = layers * (moved * (double)dtype_size(p->dtype) + tokens * d * 4);
    stage->bytes_written = layers * moved * (double)dtype_size(p->dtype);
    for (int s = 0; s < packed->count; s++) {
        int64_t blocks =
            tiles_before(packed->starts[s + 1], s + 1, ROPE_ROWS) - tiles_before(packed->starts[s], s, ROPE_ROWS);
        stage->bytes_read += layers * (double)(blocks * ROPE_WARPS) * search_bytes((int)packed->count, s);
    }
}

enum status launch(const struct cuda_rope_launch *rope_launch, struct diags *diags)
{
    const struct attention_problem *p = rope_launch->problem;
    enum status status = packed_check(rope_launch->packed, p->len_q, diags);
    if (status != STATUS_OK)
        return status;
    if (unsupported(p, rope_launch->packed))
        return STATUS_UNSUPPORTED;
    const struct attention_tensors none = {};
    struct cuda_launch shape = {};
    shape.problem = p;
    shape.tensors = &none;
    struct rope_work work = {};
    work.packed.problem = device_problem_of(&shape);
    work.packed.starts = rope_launch->starts;
    work.packed.tokens = p->len_q;
    work.packed.count = (int)rope_launch->packed->count;
    work.packed.tiles = (unsigned)tiles_of(rope_launch->packed);
    work.q = rope_launch->q;
    work.k = rope_launch->k;
    work.turned_q = rope_launch->turned_q;
    work.turned_k = rope_launch->turned_k;
    work.global = rope_launch->global;
    work.local = rope_launch->local;
    work.windowed = p->mask.window_left >= 0 || p->mask.window_right >= 0;
    dim3 blocks((unsigned)p->layers * work.packed.tiles);
    void *stream = rope_launch->stream;
    return p->dtype == DTYPE_F32    ? LAUNCH(rope_rows<DTYPE_F32>, blocks, ROPE_THREADS, 0, stream, work)
           : p->dtype == DTYPE_BF16 ? LAUNCH(rope_rows<DTYPE_BF16>, blocks, ROPE_THREADS, 0, stream, work)
                                    : LAUNCH(rope_rows<DTYPE_F16>, blocks, ROPE_THREADS, 0, stream, work);
}

} // namespace

extern "C" {
extern const struct cuda_rope CUDA_ROW(rope);
const struct cuda_rope CUDA_ROW(rope) = {unsupported, stage, launch};
}
