/* packed.cu as it is, but one word of a block's place among the sequences is wrong: which one, the launch says. All in
 * one file, since each would compile all of the loops again. */
#include "kernels/cuda/key_tiles.cuh"

#undef CUDA_ROW
#define CUDA_ROW(name) simt_packed_as_it_is

#define piece_of_block right_piece_of_block
#define place_of_piece right_place_of_piece
#include "kernels/cuda/packed.cuh"
#undef piece_of_block
#undef place_of_piece

namespace
{

enum planted {
    START_OFF_BY_ONE,
    TAIL_IS_FULL,
    EMPTY_HAS_A_ROW,
    FIRST_LAYER,
    FIRST_KV_HEAD,
    LSE_BY_TOKENS,
    OFFSET_OVERFLOW,
    WINDOW_OF_THE_PACK,
    KEY_OF_THE_NEXT
};

enum planted at_work;

/* Not an access of the kernel's. */
__attribute__((no_sanitize("thread"), noinline)) bool is(enum planted fault)
{
    return at_work == fault;
}

packed_piece piece_of_block(const packed_work &work, int rows)
{
    packed_piece piece = right_piece_of_block(work, rows);
    if (is(START_OFF_BY_ONE))
        piece.start++;
    if (is(TAIL_IS_FULL) && piece.rows > 0)
        piece.rows = rows;
    if (is(EMPTY_HAS_A_ROW) && piece.len == 0)
        piece.rows = 1;
    if (is(FIRST_LAYER))
        piece.layer = 0;
    return piece;
}

template <class Place> Place place_of_piece(const packed_work &work, const packed_piece &piece)
{
    const device_problem &p = work.problem;
    Place place = right_place_of_piece<Place>(work, piece);
    int64_t token = piece.layer * work.tokens + piece.start;
    if (is(FIRST_KV_HEAD))
        place.kv = token * p.kv_heads * p.head_dim;
    if (is(LSE_BY_TOKENS))
        place.row = token * p.heads + piece.head * work.tokens + piece.first_row;
    if (is(OFFSET_OVERFLOW))
        place.q = (int)place.q, place.kv = (int)place.kv;
    if (is(WINDOW_OF_THE_PACK)) { /* tokens counted from the pack's first, not the sequence's */
        place.first_key += (int)piece.start;
        place.last_key += (int)piece.start;
    }
    return place;
}

} // namespace

/* The range of keys ends one key into the next sequence, where there is one. */
#define range_of_keys(len, first, last, rows)                                                                          \
    range_of_keys((len) + (is(KEY_OF_THE_NEXT) && piece.start + (len) < work.tokens), first, last, rows)
#include "kernels/cuda/packed.cu"
#undef range_of_keys

namespace
{

template <enum planted FAULT>
enum status launch_wrong(const struct cuda_kernel *kernel, const struct cuda_packed_launch *packed, struct diags *diags)
{
    at_work = FAULT;
    return launch(kernel, packed, diags);
}

} // namespace

#define WRONG(name, FAULT)                                                                                             \
    extern const struct cuda_packed wrong_packed_##name;                                                               \
    const struct cuda_packed wrong_packed_##name = {unsupported, stages, launch_wrong<FAULT>}

extern "C" {
WRONG(start_off_by_one, START_OFF_BY_ONE);
WRONG(tail_is_full, TAIL_IS_FULL);
WRONG(key_of_the_next, KEY_OF_THE_NEXT);
WRONG(empty_has_a_row, EMPTY_HAS_A_ROW);
WRONG(first_layer, FIRST_LAYER);
WRONG(first_kv_head, FIRST_KV_HEAD);
WRONG(lse_by_tokens, LSE_BY_TOKENS);
WRONG(offset_overflow, OFFSET_OVERFLOW);
WRONG(window_of_the_pack, WINDOW_OF_THE_PACK);
}
