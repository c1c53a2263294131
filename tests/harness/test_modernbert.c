/* ModernBERT's stack: lengths as drawn, the paper's share of pairs, and that times go to the way that took them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/modernbert.h"
#include "kernels/attention.h"

static void lengths_are_as_the_paper_draws_them(void **state)
{
    (void)state;
    double sum = 0;
    int64_t count = 0;
    for (uint64_t seed = 0; seed < 200; seed++)
        for (int i = 0; i < 4; i++) {
            const struct modernbert_lengths *lengths = &modernbert_lengths[i];
            int64_t starts[17], again[17];
            modernbert_draw(lengths, seed, starts);
            modernbert_draw(lengths, seed, again);
            assert_memory_equal(starts, again, (size_t)(lengths->count + 1) * sizeof *starts);
            for (int64_t s = 0; s < lengths->count; s++) {
                int64_t length = starts[s + 1] - starts[s];
                assert_true(length >= 16 && length <= lengths->most);
                assert_true(lengths->deviation > 0 || length == lengths->most);
                if (i == 1) {
                    sum += (double)length;
                    count++;
                }
            }
        }
    assert_true(fabs(sum / (double)count - 256) < 6); /* 64 / sqrt(3200) is its standard error, five times */
}

/* 37.4 % of all-global's pairs for the base model at 8192, 36.7 % for the large one. */
static void share_of_pairs_is_the_papers(void **state)
{
    (void)state;
    static const double shares[] = {0.374, 0.367};
    for (int m = 0; m < 2; m++) {
        struct attention_problem p = {.layers = modernbert_models[m].layers,
                                      .batch = 1,
                                      .heads = 1,
                                      .kv_heads = 1,
                                      .len_q = 8192,
                                      .len_kv = 8192,
                                      .head_dim = MODERNBERT_DIM,
                                      .mask = {.window_left = MODERNBERT_SIDE,
                                               .window_right = MODERNBERT_SIDE,
                                               .global_every = MODERNBERT_EVERY}};
        double pairs = 0;
        for (int64_t layer = 0; layer < p.layers; layer++)
            pairs += (double)attention_layer_pairs(&p, layer);
        assert_true(fabs(pairs / ((double)p.layers * 8192 * 8192) - shares[m]) < 0.0005);
    }
}

/* A clock that jumps by 1, 2, 3 ... seconds from call to call. */
static double jump(void *context)
{
    double *at = context;
    at[0] += at[1];
    at[1] += 1;
    return at[0];
}

struct told {
    int calls, stop_after;
};

static bool tell(void *context, int done, int of)
{
    struct told *told = context;
    told->calls++;
    assert_int_equal(done, told->calls);
    assert_int_equal(of, 4 * 3);
    return told->calls != told->stop_after;
}

static void times_go_to_their_way(void **state)
{
    (void)state;
    double at[2] = {0, 1};
    struct clock_source clock = {.wall = jump, .context = at};
    static const struct modernbert tiny = {"tiny", 4, 2};
    struct modernbert_result result;
    struct told told = {0, -1};
    assert_int_equal(modernbert_measure(&tiny, &modernbert_lengths[1], 1, 3, 2, 1, &clock, tell, &told, &result),
                     STATUS_OK);
    /* A run reads the clock when it starts, and then when each of the 4 layers' RoPE and attention ends; each time it
     * has jumped by a second more than the time before. */
    double jumped = 1;
    for (int round = -1; round < 2; round++)
        for (int way = 0; way < MODERNBERT_WAYS; way++, jumped++) {
            double rope = 0, attention = 0;
            for (int layer = 0; layer < 4; layer++) {
                rope += ++jumped;
                attention += ++jumped;
            }
            if (round >= 0)
                assert_true(result.seconds[way][round] == attention && result.rope[way][round] == rope);
        }
    assert_true(result.pairs[ALL_GLOBAL] > result.pairs[ALTERNATING]);
    assert_true(result.pairs[ALL_GLOBAL_PADDED] > result.pairs[ALL_GLOBAL]);
    assert_true(result.tokens < result.padded_tokens);
    modernbert_free(&result);
    told = (struct told){0, 5};
    assert_int_equal(modernbert_measure(&tiny, &modernbert_lengths[1], 1, 3, 2, 1, &clock, tell, &told, &result),
                     STATUS_INTERRUPTED);
    assert_null(result.seconds[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_as_the_paper_draws_them),
        cmocka_unit_test(share_of_pairs_is_the_papers),
        cmocka_unit_test(times_go_to_their_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
