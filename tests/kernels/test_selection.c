/* The blocks that a row keeps, and the mask of a whole problem against the parts put together head by head. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_selection.h"
#include "kernels/workload.h"

static void rows_keep_as_many_as_said(void **state)
{
    (void)state;
    static const struct {
        int64_t seen, kept;
        double density;
    } rows[] = {{1, 1, 0.01},  {2, 2, 0.01},   {3, 2, 0.01}, {3, 2, 0.5},    {5, 3, 0.5},     {10, 3, 0.3},
                {10, 4, 0.31}, {100, 7, 0.07}, {10, 10, 1},  {10, 10, 0.95}, {1000, 100, 0.1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(select_count(rows[i].seen, rows[i].density), rows[i].kept);
    assert_int_equal(select_seen(4, 9, true), 5);
    assert_int_equal(select_seen(4, 9, false), 9);
}

/* A row of all blocks, and of one that hides among equals: the search must look everywhere. */
static void rows_are_searched_whole(void **state)
{
    (void)state;
    enum { MOST = 41 };
    uint64_t random = 3;
    int32_t kept[MOST];
    for (int round = 0; round < 3000; round++) {
        int64_t blocks = 2 + (int64_t)(workload_random(&random) % (MOST - 1)), row = 0;
        struct guarded room = guarded_take((size_t)blocks * sizeof(float)),
                       scratch = guarded_take((size_t)(2 * blocks) * sizeof(float));
        float *scores = room.bytes;
        uint64_t values = round % 3 == 0 ? 2 : round % 3 == 1 ? 5 : 1000000;
        for (int64_t j = 0; j < blocks; j++)
            scores[j] = (float)(workload_random(&random) % values);
        double density = (double)(1 + workload_random(&random) % 100) / 100;
        int64_t count = select_count(blocks, density), better = 0;
        select_row(scores, row, blocks, false, density, scratch.bytes, kept);
        assert_true(guarded_intact(&scratch));
        scores[row] = INFINITY;
        for (int64_t n = 0; n < count; n++) {
            assert_true(kept[n] >= 0 && kept[n] < blocks && (n == 0 || kept[n] > kept[n - 1]));
            for (int64_t j = better = 0; j < blocks; j++)
                better += scores[j] > scores[kept[n]] || (scores[j] == scores[kept[n]] && j > kept[n]);
            assert_true(better < count);
        }
        guarded_free(&room);
        guarded_free(&scratch);
    }
}

struct heard {
    struct stage_clock clock;
    int stages[8], count;
};

static void hear(struct stage_clock *clock, int stage)
{
    struct heard *heard = (struct heard *)clock;
    heard->stages[heard->count++ % 8] = stage;
}

/* Every list of the mask is what the parts give for that head. */
static void assert_lists(const struct world *w, const struct selection *s, bool causal, const struct block_mask *mask)
{
    float scratch[4096], scores[N * N], row_scratch[2 * N];
    assert_true(select_scratch(N, D) <= sizeof scratch / sizeof scratch[0]);
    for (int64_t head = 0; head < (int64_t)BATCH * HEADS; head++) {
        struct guarded room;
        struct pooled pooled = pool_of(w, head / HEADS, head % HEADS, &room);
        struct select_input input = {&pooled,
                                     s->gate,
                                     head % HEADS % GATE_HEADS,
                                     s->mass ? s->mass + head * N * N : NULL,
                                     s->seed + (uint64_t)head,
                                     causal};
        select_scores(s->selector, &input, scratch, scores);
        for (int64_t row = 0; row < N; row++) {
            int32_t kept[N];
            int64_t count = select_count(select_seen(row, N, causal), s->density), first = mask->first[head * N + row];
            select_row(scores, row, N, causal, s->density, row_scratch, kept);
            assert_int_equal(mask->first[head * N + row + 1] - first, count);
            assert_memory_equal(mask->block + first, kept, (size_t)count * sizeof *kept);
        }
        guarded_free(&room);
    }
}

/* The workspace begins with every head's pools and scores: no thread's scratch reaches into the pools. */
static void assert_pools_untouched(const struct world *w, const float *workspace)
{
    for (int64_t head = 0; head < (int64_t)BATCH * HEADS; head++) {
        struct guarded room;
        pool_of(w, head / HEADS, head % HEADS, &room);
        size_t pools = pooled_floats(LENGTH, D), each = pools + N * N;
        assert_memory_equal(workspace + (size_t)head * each, room.bytes, pools * sizeof(float));
        guarded_free(&room);
    }
}

static void a_mask_is_filled_head_by_head(void **state)
{
    const struct world *w = *state;
    float *mass = gaussian((int64_t)BATCH * HEADS * N * N, 1, 8);
    const struct attention_tensors tensors = {.q = w->q, .k = w->k};
    for (int round = 0; round < 4 * SELECTORS; round++) {
        bool causal = round & 1;
        int threads = round & 2 ? 3 : 1;
        const struct selection selection = {.selector = (enum selector)(round / 4),
                                            .density = 0.4,
                                            .gate = round / 4 == SELECT_GATE ? &w->gate : NULL,
                                            .angles = w->angles,
                                            .mass = round / 4 == SELECT_MASS ? mass : NULL,
                                            .seed = 40};
        const struct attention_problem problem = {
            1, BATCH, HEADS, KV_HEADS, LENGTH, LENGTH, D, DTYPE_F32, {.causal = causal, -1, -1, 0, NULL}, 0.2f};
        assert_null(selection_unsupported(&problem, &selection));
        struct block_mask *mask = selection_mask(&problem, selection.density);
        struct guarded workspace = guarded_take(selection_workspace(&problem, threads));
        struct heard heard = {.clock = {hear}};
        assert_non_null(mask);
        assert_int_equal(mask->count, BATCH * HEADS);
        selection_fill(&problem, &tensors, &selection, workspace.bytes, threads, round & 2 ? &heard.clock : NULL, mask);
        assert_true(guarded_intact(&workspace));
        assert_lists(w, &selection, causal, mask);
        assert_pools_untouched(w, workspace.bytes);
        assert_int_equal(heard.count, round & 2 ? SELECTION_STAGES : 0);
        for (int s = 0; s < heard.count; s++)
            assert_int_equal(heard.stages[s], s);
        block_mask_free(mask);
        guarded_free(&workspace);
    }
    free(mass);
}

static void other_problems_are_refused(void **state)
{
    const struct world *w = *state;
    static const struct block_mask blocks = {.block_q = 64};
    const struct attention_problem fine = {1, 1, 2, 1, 64, 64, D, DTYPE_F32, {false, -1, -1, 0, NULL}, 1};
    struct attention_problem wrong[6] = {fine, fine, fine, fine, fine, fine};
    const char *const reasons[6] = {"one layer", "as many queries", "float32", "windows", "windows", "windows"};
    struct selection selection = {.selector = SELECT_MEAN, .density = 0.5};
    wrong[0].layers = 2;
    wrong[1].len_q = 63;
    wrong[2].dtype = DTYPE_BF16;
    wrong[3].mask.window_left = 0;
    wrong[4].mask.window_right = 0;
    wrong[5].mask.blocks = &blocks;
    assert_null(selection_unsupported(&fine, &selection));
    for (int i = 0; i < 6; i++) {
        const char *reason = selection_unsupported(&wrong[i], &selection);
        assert_true(reason && strstr(reason, reasons[i]));
    }
    selection.selector = SELECT_GATE;
    assert_non_null(selection_unsupported(&fine, &selection)); /* without a gate */
    selection.gate = &w->gate;
    assert_null(selection_unsupported(&fine, &selection));
    struct gate other = w->gate;
    other.head_dim = 2 * D;
    selection.gate = &other;
    assert_non_null(selection_unsupported(&fine, &selection));
    selection.selector = SELECT_BOUND; /* which does not look at it */
    assert_null(selection_unsupported(&fine, &selection));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keep_as_many_as_said),
        cmocka_unit_test(rows_are_searched_whole),
        cmocka_unit_test(a_mask_is_filled_head_by_head),
        cmocka_unit_test(other_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
