/* What a kernel need not do, it does not: tiles that no row sees are not walked, warps whose rows see nothing of a tile
 * multiply nothing, neighbouring blocks of a list fill tiles together. Nothing of that changes a result, so it is
 * counted: barriers, of which each tile costs two, and products of matrices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/block_mask.h"
#include "kernels/simt/attend.h"

/* How a loop cuts its work. */
struct cut {
    int64_t rows, warp_rows, keys;
    int before; /* barriers of a block beside those of its tiles */
    bool mma;   /* products of 16 x 8 x 16 */
};

static struct cut cut_of(const struct cuda_kernel *kernel, const struct attention_problem *p)
{
    bool sparse = strcmp(kernel->name, "block_sparse") == 0;
    if (p->dtype == DTYPE_F32)
        return (struct cut){64, 8, 32, 0, false};
    if (p->head_dim > 128)
        return (struct cut){sparse ? 64 : 128, 16, 32, 2, true};
    return (struct cut){sparse ? 64 : 128, sparse ? 16 : 32, 64, 2, true};
}

static int64_t columns_of(int64_t head_dim)
{
    return head_dim <= 32 ? 32 : head_dim <= 64 ? 64 : head_dim <= 128 ? 128 : 256;
}

struct work {
    int64_t barriers, products;
};

/* Keys that rows [first, last] see together, those that exist. */
static void keys_of(const struct attention_problem *p, int64_t layer, int64_t first, int64_t last, int64_t *low,
                    int64_t *high)
{
    bool global = p->mask.global_every && layer % p->mask.global_every == 0;
    bool no_left = global || p->mask.window_left < 0, no_right = global || p->mask.window_right < 0;
    int64_t shift = p->len_kv - p->len_q;
    *low = no_left ? 0 : first + shift - p->mask.window_left;
    *high = p->mask.causal ? last + shift + 1 : no_right ? p->len_kv : last + shift + p->mask.window_right + 1;
}

/* Keys [low, high), all of a head's, pass by the block that begins at row `first`. */
static struct work of_range(const struct attention_problem *p, const struct cut *cut, int64_t layer, int64_t first,
                            int64_t low, int64_t high)
{
    struct work work = {0, 0};
    int64_t d = columns_of(p->head_dim), m_tiles = cut->warp_rows / 16;
    for (int64_t tile = low; tile < high; tile += cut->keys) {
        int64_t end = tile + cut->keys < high ? tile + cut->keys : high;
        work.barriers += 2;
        for (int64_t row = first; cut->mma && row < first + cut->rows && row < p->len_q; row += cut->warp_rows) {
            int64_t from, to;
            keys_of(p, layer, row, row + cut->warp_rows - 1, &from, &to);
            if (from < end && to > tile) /* S, then O */
                work.products += m_tiles * (d / 16 * cut->keys / 8 + d / 8 * cut->keys / 16);
        }
    }
    return work;
}

/* All of a problem whose blocks walk over ranges. */
static struct work of_problem(const struct attention_problem *p, const struct cut *cut, int64_t layer)
{
    struct work all = {0, 0};
    for (int64_t first = 0; first < p->len_q; first += cut->rows) {
        int64_t last = first + cut->rows < p->len_q ? first + cut->rows - 1 : p->len_q - 1, low, high;
        keys_of(p, layer, first, last, &low, &high);
        struct work work = of_range(p, cut, layer, first, low < 0 ? 0 : low, high > p->len_kv ? p->len_kv : high);
        all.barriers += p->batch * p->heads * (work.barriers + cut->before);
        all.products += p->batch * p->heads * work.products;
    }
    return all;
}

static struct work count(struct simt *simt, const struct cuda_kernel *kernel, const struct attention_problem *p)
{
    struct simt_attention got;
    struct work work = {0, 0};
    if (simt_attend(simt, kernel, p, NULL, NULL, NULL, &got) != STATUS_OK)
        fail_msg("%s: %s", kernel->name, simt_fault(simt)->message);
    for (int s = 0; s < got.stage_count; s++) {
        work.barriers += got.stages[s].barriers;
        work.products += got.stages[s].products;
    }
    return work;
}

static void assert_work(const char *name, const struct attention_problem *p, struct work got, struct work wanted)
{
    if (got.barriers != wanted.barriers || got.products != wanted.products)
        fail_msg("%s, N %lldx%lld d %lld type %d: %lld barriers and %lld products, should be %lld and %lld", name,
                 (long long)p->len_q, (long long)p->len_kv, (long long)p->head_dim, (int)p->dtype,
                 (long long)got.barriers, (long long)got.products, (long long)wanted.barriers,
                 (long long)wanted.products);
}

/* layers, batch, heads, kv_heads, len_q, len_kv, head_dim, dtype, mask, scale */
static const struct attention_problem ranges[] = {
    {1, 1, 1, 1, 160, 200, 64, DTYPE_F32, {true, -1, -1, 0, NULL}, 1}, /* a warp begins where the rows end */
    {1, 1, 1, 1, 100, 300, 64, DTYPE_F32, {false, -1, -1, 0, NULL}, 1},
    {1, 1, 2, 1, 130, 300, 8, DTYPE_F32, {false, 3, 70, 0, NULL}, 1},
    {1, 1, 1, 1, 200, 129, 8, DTYPE_F32, {true, 64, -1, 0, NULL}, 1},
    {4, 1, 1, 1, 70, 150, 8, DTYPE_F32, {false, 31, 33, 3, NULL}, 1},
};
enum { RANGES = sizeof ranges / sizeof ranges[0] };

static void test_ranges(void **state)
{
    static const int64_t dims[] = {8, 64, 128, 136}; /* of float32 one will do: all are cut alike */
    int asked = 0;
    for (size_t k = 0; k < simt_kernel_count; k++)
        for (int n = 0; n < RANGES * 5; n++) {
            struct attention_problem p = ranges[n / 5];
            p.dtype = n % 5 == 4 ? DTYPE_F32 : DTYPE_BF16;
            p.head_dim = dims[n % 5 % 4];
            if (strncmp(simt_kernels[k]->family, "naive", 5) == 0 || simt_kernels[k]->unsupported(&p))
                continue;
            struct cut cut = cut_of(simt_kernels[k], &p);
            struct work wanted = {0, 0};
            for (int64_t layer = 0; layer < p.layers; layer++) {
                struct work of_layer = of_problem(&p, &cut, layer);
                wanted.barriers += of_layer.barriers;
                wanted.products += of_layer.products;
            }
            assert_work(simt_kernels[k]->name, &p, count(*state, simt_kernels[k], &p), wanted);
            asked++;
        }
    assert_true(asked >= 35);
    printf("%d problems: as many barriers and products as their masks need\n", asked);
}

/* Lists of blocks of 16 keys for 64 queries, and the ranges of keys that they come down to: neighbours are one run. */
static const struct {
    int32_t list[40];
    int entries;
    int64_t runs[8][2];
    bool causal;
} lists[] = {
    {{0, 1, 2, 3, 8, 9, 20}, 7, {{0, 64}, {128, 160}, {320, 336}}, false},
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 12, {{0, 192}}, false},
    {{0, 2, 4, 6}, 4, {{0, 16}, {32, 48}, {64, 80}, {96, 112}}, false},
    {{0, 1, 2, 3, 4, 5, 6, 7, 20, 21}, 10, {{0, 128}, {320, 352}}, true},
    /* A warp holds 32 entries: a run ends with them. */
    {{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
      17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33},
     34,
     {{0, 512}, {512, 544}},
     false},
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30},
     31,
     {{0, 496}},
     false},
};

static void test_lists(void **state)
{
    const struct cuda_kernel *kernel = NULL;
    for (size_t k = 0; k < simt_kernel_count; k++)
        if (strcmp(simt_kernels[k]->name, "block_sparse") == 0)
            kernel = simt_kernels[k];
    assert_non_null(kernel);
    for (size_t n = 0; n < 2 * sizeof lists / sizeof lists[0]; n++) {
        const int64_t first[] = {0, lists[n / 2].entries};
        const struct block_mask mask = {.block_q = 64,
                                        .block_kv = 16,
                                        .count = 1,
                                        .rows = 1,
                                        .columns = 40,
                                        .first = first,
                                        .block = lists[n / 2].list,
                                        .entries = lists[n / 2].entries};
        const struct attention_problem p = {1,
                                            1,
                                            1,
                                            1,
                                            64,
                                            640,
                                            n % 2 ? 128 : 64,
                                            n % 2 ? DTYPE_F16 : DTYPE_F32,
                                            {lists[n / 2].causal, -1, -1, 0, &mask},
                                            1};
        assert_null(kernel->unsupported(&p));
        struct cut cut = cut_of(kernel, &p);
        struct work wanted = {cut.before, 0};
        for (int r = 0; r < 8 && lists[n / 2].runs[r][1]; r++) {
            struct work of_run = of_range(&p, &cut, 0, 0, lists[n / 2].runs[r][0], lists[n / 2].runs[r][1]);
            wanted.barriers += of_run.barriers;
            wanted.products += of_run.products;
        }
        assert_work(kernel->name, &p, count(*state, kernel, &p), wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ranges), cmocka_unit_test(test_lists)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
