/* Where blocks find their queries among packed sequences (packed.cuh): the search by hand and over more sequences than
 * two looks tell apart, offsets beyond 32 bits, the last group of heads; and what is refused before anything is
 * launched.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

static const char *const names[] = {"flash_tiled", "flash_mma", "sliding", "alternating"};
enum { KERNELS = sizeof names / sizeof names[0] };

/* By hand: 32 sequences of one token are 32 tiles; each of a block's 8 warps looks once, at 32 starts and then at two;
 * a block reads a row of Q, K and V. 33 sequences take two looks: 17 starts two apart, and both of a pair where there
 * are two. */
static void test_search_by_hand(void **state)
{
    static const float zeros[33 * 8];
    for (int64_t count = 32; count <= 33; count++) {
        int64_t starts[34], searched = count == 32 ? 32 * (32 + 2) : 32 * (17 + 2 + 2) + 17 + 2;
        for (int64_t s = 0; s <= count; s++)
            starts[s] = s;
        const struct packed packed = {starts, count};
        const struct attention_problem p = {
            1, 1, 1, 1, count, count, 8, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1};
        struct simt_attention got;
        struct diags diags = {0};
        assert_int_equal(simt_attend_packed(*state, find_kernel("flash_tiled"), &simt_kernel_packed, &p, &packed, zeros,
                                            zeros, zeros, &got, &diags),
                         STATUS_OK);
        assert_int_equal(got.stages[0].blocks, count);
        assert_int_equal(got.stages[0].hbm_read, 8 * 8 * searched + count * 3 * 8 * 4);
    }
}

/* More sequences than two looks tell apart, of a token each, which attends to nothing but itself. */
static void test_three_looks(void **state)
{
    enum { COUNT = 1100, D = 8 };
    static int64_t starts[COUNT + 1];
    static float q[COUNT * D], k[COUNT * D], v[COUNT * D];
    for (int64_t s = 0; s <= COUNT; s++)
        starts[s] = s;
    const struct packed packed = {starts, COUNT};
    const struct attention_problem p = {1, 1, 1, 1, COUNT, COUNT, D, DTYPE_F32, {.window_left = -1, .window_right = -1},
                                        1};
    assert_int_equal(workload_fill(&p, q, k, v, 7, 1), STATUS_OK);
    struct simt_attention got;
    struct diags diags = {0};
    const struct cuda_kernel *kernel = find_kernel("flash_tiled");
    if (simt_attend_packed(*state, kernel, &simt_kernel_packed, &p, &packed, q, k, v, &got, &diags) != STATUS_OK)
        fail_msg("%s", simt_fault(*state)->message);
    struct kernel_stages stages;
    simt_kernel_packed.stages(kernel, &p, &packed, &stages);
    assert_true((double)got.stages[0].hbm_read == stages.items[0].bytes_read);
    assert_memory_equal(got.tensors.o, v, sizeof v);
}

/* Starts that a warp reads to find sequence `wanted` of `count`: those of up to 32 probes in each look. */
static int64_t starts_read(int64_t count, int64_t wanted)
{
    int64_t read = 2, first = 0;
    while (count > 1) {
        int64_t step = (count + 31) / 32, end = first + count;
        for (int64_t probe = first, origin = first; probe < origin + count; probe += step, read++)
            first = probe <= wanted ? probe : first;
        count = end - first < step ? end - first : step;
    }
    return read;
}

/* Four looks, in the formula alone: 40000 sequences of a token, blocks of 8 warps. */
static void test_four_looks(void **state)
{
    (void)state;
    enum { COUNT = 40000, D = 8 };
    static int64_t starts[COUNT + 1];
    int64_t read = 0;
    for (int64_t s = 0; s <= COUNT; s++)
        starts[s] = s;
    for (int64_t s = 0; s < COUNT; s++)
        read += starts_read(COUNT, s) * ((s + 1) / 64 - s / 64 + 1); /* where 64 tokens are full, a tile too many */
    const struct attention_problem p = {1, 1, 1, 1, COUNT, COUNT, D, DTYPE_F32, {.window_left = -1, .window_right = -1},
                                        1};
    struct kernel_stages stages;
    simt_kernel_packed.stages(find_kernel("flash_tiled"), &p, &(struct packed){starts, COUNT}, &stages);
    assert_int_equal(stages.items[0].bytes_read, 8 * 8 * read + COUNT * 3 * D * 4);
}

/* Keys of which two heads fit into L2 together, and a third head behind them: the blocks of the last group are its own,
 * in each launch of a layer as well. The last tile of the last sequence comes first, then one without rows, then the
 * last of the long sequence. */
static void check_last_group(struct simt *simt, const char *kernel, int64_t layers, int64_t blocks, int global_every)
{
    enum { LONG = 1 << 18, SHORT = 5, TOKENS = LONG + SHORT, HEADS = 3, D = 8 };
    static const int64_t starts[] = {0, LONG, TOKENS};
    const struct packed packed = {starts, 2};
    const struct attention_mask mask = {false, 3, 2, global_every, NULL};
    const struct attention_problem p = {layers, 1, HEADS, HEADS, TOKENS, TOKENS, D, DTYPE_BF16, mask, 0.3f};
    struct simt_attention got;
    struct diags diags = {0};
    const int64_t tiles = TOKENS / 128 + 2, first = 2 * tiles;
    simt_only_blocks(simt, first, first + blocks);
    enum status status =
        simt_attend_packed(simt, find_kernel(kernel), &simt_kernel_packed, &p, &packed, NULL, NULL, NULL, &got, &diags);
    simt_only_blocks(simt, 0, INT64_MAX);
    if (status != STATUS_OK)
        fail_msg("%s: %s", kernel, simt_fault(simt)->message);
    for (int64_t layer = 0; layer < layers; layer++)
        for (int64_t token = LONG - 128; token < TOKENS; token++)
            for (int64_t head = 0; head < HEADS; head++) {
                const uint16_t *row = (const uint16_t *)got.tensors.o + ((layer * TOKENS + token) * HEADS + head) * D;
                bool written = head == HEADS - 1 && (token >= LONG || blocks == 3);
                assert_int_equal(simt_unwritten(simt, row, sizeof *row * D), written ? 0 : sizeof *row * D);
            }
}

static void test_last_group(void **state)
{
    check_last_group(*state, "sliding", 1, 3, 0);
    check_last_group(*state, "alternating", 2, 2, 2);
}

/* A short sequence behind long ones, in the second layer: where its last head lies is beyond 2^32 elements, and in the
 * second case the number of its first token beyond 2^31. Only each launch's block of that head and sequence runs;
 * memory is address space. */
static const struct far {
    const char *kernel;
    enum dtype dtype;
    int64_t heads, head_dim, longs, each, block; /* sequences before it, of so many tokens; which block in a launch */
    struct attention_mask mask;
} fars[] = {
    {"flash_tiled", DTYPE_F32, 8, 32, 1, 1 << 23, 15 * ((1 << 17) + 2), {true, -1, -1, 0, NULL}}, /* the last tile of
                                                                                                     head 15 */
    {"alternating", DTYPE_BF16, 1, 8, 5, (1 << 29) - 1, 1, {false, 3, 2, 2, NULL}}, /* the last but one, of rows */
    {"alternating", DTYPE_BF16, 1, 8, 5, 1 << 28, 0, {false, 3, 2, 1, NULL}},       /* twice the tokens: no int */
};

static void check_far(const struct far *far)
{
    enum { SHORT = 5 };
    int64_t starts[8] = {0}, first = far->longs * far->each, tokens = first + SHORT, heads = far->heads,
            d = far->head_dim;
    for (int64_t s = 0; s <= far->longs; s++)
        starts[s] = s * far->each;
    starts[far->longs + 1] = tokens;
    const struct packed packed = {starts, far->longs + 1};
    const struct attention_problem p = {2, 1, heads, 1, tokens, tokens, d, far->dtype, far->mask, 0.3f};
    const size_t of_q = (size_t)attention_q_elements(&p), of_kv = (size_t)attention_kv_elements(&p),
                 element = dtype_size(p.dtype);
    struct simt *simt = simt_open(2 * (of_q + of_kv) * element + (size_t)attention_rows(&p) * 4 + (1 << 20));
    if (!simt)
        skip();
    char *q = simt_alloc(simt, "q", element, of_q), *k = simt_alloc(simt, "k", element, of_kv),
         *v = simt_alloc(simt, "v", element, of_kv), *o = simt_alloc(simt, "o", element, of_q);
    float *log_sum_exp = simt_alloc(simt, "log_sum_exp", sizeof *log_sum_exp, (size_t)attention_rows(&p));
    int64_t *there = simt_alloc(simt, "starts", sizeof *there, (size_t)packed.count + 1);
    assert_true(q && k && v && o && log_sum_exp && there);
    simt_upload(simt, there, starts, (size_t)(packed.count + 1) * sizeof *there);
    simt_assume_initialised(simt, q);
    simt_assume_initialised(simt, k);
    simt_assume_initialised(simt, v);
    const struct attention_problem part = packed_part(&p, &packed, far->longs, 1);
    const size_t token = (size_t)(tokens + first), q_at = token * (size_t)(heads * d) * element,
                 kv_at = token * (size_t)d * element;
    const struct attention_tensors all = {q, k, v, o, log_sum_exp}, own = {q + q_at, k + kv_at, v + kv_at, o + q_at,
                                                                           log_sum_exp + token * (size_t)heads};
    assert_int_equal(workload_fill(&part, q + q_at, k + kv_at, v + kv_at, 7, 1), STATUS_OK);
    const struct cuda_packed_launch launch = {{.problem = &p, .tensors = &all, .stream = simt}, &packed, there};
    struct diags diags = {0};
    simt_only_blocks(simt, far->block, far->block + 1);
    if (simt_kernel_packed.launch(find_kernel(far->kernel), &launch, &diags) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
    double scratch[SHORT], out[MAX_HEAD_DIM], lse, near = p.dtype == DTYPE_F32 ? 1e-5 : 4 * element_epsilon(p.dtype);
    for (int64_t i = 0; i < SHORT; i++) {
        oracle_row(&part, &own, 0, 0, heads - 1, i, scratch, out, &lse);
        for (int64_t c = 0; c < d; c++)
            assert_true(fabs((double)element_read(own.o, (i * heads + heads - 1) * d + c, p.dtype) - out[c]) < near);
        assert_true(fabs((double)own.log_sum_exp[(heads - 1) * SHORT + i] - lse) < 1e-4);
    }
    simt_close(simt);
}

static void test_far_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fars / sizeof fars[0]; i++)
        check_far(&fars[i]);
}

static void refuse(struct simt *simt, const int64_t *starts, int64_t count, const char *says)
{
    static const float zeros[40 * 8];
    const struct attention_problem p = {1, 1, 1, 1, 40, 40, 8, DTYPE_F32, {.window_left = 3, .window_right = -1}, 1};
    for (int k = 0; k < KERNELS; k++) {
        struct diags diags = {0};
        struct simt_attention got;
        struct packed packed = {starts, count};
        assert_int_equal(simt_attend_packed(simt, find_kernel(names[k]), &simt_kernel_packed, &p, &packed, zeros, zeros,
                                            zeros, &got, &diags),
                         STATUS_BAD_INPUT);
        assert_non_null(strstr(diags.items[0].what, says));
        assert_int_equal(simt_counts(simt)->launches, 0);
        diags_free(&diags);
    }
}

static void test_wrong_starts_are_refused(void **state)
{
    refuse(*state, (const int64_t[]){0, 30, 20, 40}, 3, "before it starts");
    refuse(*state, (const int64_t[]){2, 40}, 1, "not at 0");
    refuse(*state, (const int64_t[]){0, 41}, 1, "the tensors have 40 tokens");
    refuse(*state, (const int64_t[]){0, 39}, 1, "ends at 39");
    refuse(*state, (const int64_t[]){0}, 0, "no sequence");
}

static void test_problems_that_are_refused(void **state)
{
    (void)state;
    static const int64_t starts[] = {0, 10, 40}, long_starts[] = {0, (INT64_C(1) << 29) + 10};
    const struct packed packed = {starts, 2}, long_packed = {long_starts, 1};
    struct attention_problem p = {1, 1, 1, 1, 40, 40, 8, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1}, q = p;
    const struct cuda_kernel *tiled = find_kernel("flash_tiled");
    assert_null(simt_kernel_packed.unsupported(tiled, &p, &packed));
    assert_non_null(
        strstr(simt_kernel_packed.unsupported(find_kernel("naive"), &p, &packed), "knows no packed sequences"));
    assert_non_null(strstr(simt_kernel_packed.unsupported(find_kernel("sliding"), &p, &packed), "no window"));
    assert_non_null(strstr(simt_kernel_packed.unsupported(find_kernel("flash_mma"), &p, &packed), "16 bits"));
    q.batch = 2;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &packed), "one batch"));
    q = p, q.len_kv = 39;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &packed), "as many keys"));
    q = p, q.len_q = q.len_kv = long_starts[1];
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &long_packed), "2^29 tokens"));
    /* One sequence of 10 tokens is one tile a head: as many heads as a grid has blocks, and one more. */
    const struct packed one = {starts, 1};
    q = p, q.len_q = q.len_kv = 10, q.heads = q.kv_heads = INT32_MAX;
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &one));
    q.heads = q.kv_heads = INT64_C(1) << 31;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &one), "2^31 - 1"));
    /* All layers are one launch; of alternating each is one. */
    q.heads = q.kv_heads = INT32_MAX, q.layers = 2;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &one), "2^31 - 1"));
    q.heads = q.kv_heads = INT32_MAX / 4, q.mask.window_left = 3, q.mask.global_every = 2;
    assert_null(simt_kernel_packed.unsupported(find_kernel("alternating"), &q, &one));
    /* Two sequences may have two tiles where the longest alone has one. */
    static const int64_t short_ones[] = {0, 10, 20};
    const struct packed two = {short_ones, 2};
    q = p, q.len_q = q.len_kv = 20, q.heads = INT64_C(1) << 30;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &two), "2^31 - 1"));
    q.heads--;
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &two));
    q.heads = INT64_C(1) << 29, q.layers = 2;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &two), "2^31 - 1"));
    q.mask.window_left = 3, q.mask.global_every = 2;
    assert_null(simt_kernel_packed.unsupported(find_kernel("alternating"), &q, &two));
    q.heads = INT64_C(1) << 30, q.layers = 1;
    assert_non_null(strstr(simt_kernel_packed.unsupported(find_kernel("alternating"), &q, &two), "2^31 - 1"));
    static int64_t long_ones[4098]; /* of 2^29 - 1 tokens: 2^35 tiles and more */
    for (int64_t s = 1; s < 4098; s++)
        long_ones[s] = s * ((1 << 29) - 1);
    q = p, q.len_q = q.len_kv = long_ones[4097];
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){long_ones, 4097}), "2^31 - 1"));
    q = p; /* what is refused for its number is not read */
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){starts, 1 << 29}), "sequences"));
    /* The pack may be longer than any sequence of it. */
    static const int64_t many[] = {0, (1 << 29) - 1, INT64_C(1) << 30};
    q = p, q.len_q = q.len_kv = many[2];
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){many, 2}), "2^29 tokens"));
    q.len_q = q.len_kv = many[1];
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){many, 1}));
    static const int64_t long_pack[] = {0, (1 << 29) - 1, (1 << 29) + 9};
    q.len_q = q.len_kv = long_pack[2];
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){long_pack, 2}));
}

static void test_what_is_unsupported_is_not_launched(void **state)
{
    static const float zeros[40 * 8];
    static const int64_t starts[] = {0, 10, 40};
    const struct attention_problem p = {1, 1, 1, 1, 40, 40, 8, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1};
    struct simt_attention got;
    struct diags diags = {0};
    assert_int_equal(simt_attend_packed(*state, find_kernel("sliding"), &simt_kernel_packed, &p,
                                        &(struct packed){starts, 2}, zeros, zeros, zeros, &got, &diags),
                     STATUS_UNSUPPORTED);
    assert_int_equal(simt_counts(*state)->launches, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search_by_hand),
        cmocka_unit_test(test_three_looks),
        cmocka_unit_test(test_four_looks),
        cmocka_unit_test(test_last_group),
        cmocka_unit_test(test_far_away),
        cmocka_unit_test(test_wrong_starts_are_refused),
        cmocka_unit_test(test_problems_that_are_refused),
        cmocka_unit_test(test_what_is_unsupported_is_not_launched),
    };
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
