/* The efficiency of block-sparse attention: densities to the pair, times that go to their rows, wrong rules seen. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/efficiency.h"

/* Clocks that jump by 1, 2, 3 ... seconds from call to call. */
struct jumping {
    double wall, wall_step, cpu, cpu_step;
};

static double jump_wall(void *context)
{
    struct jumping *j = context;
    return j->wall += j->wall_step++;
}

static double jump_cpu(void *context)
{
    struct jumping *j = context;
    return j->cpu += 2 * j->cpu_step++;
}

static const int64_t lengths[] = {256, 200};
enum { LENGTHS = 2, MASKS = 2, GROUP = EFFICIENCY_PATTERNS * EFFICIENCY_DENSITIES, ROUNDS = 3 };
static const struct efficiency_request small = {lengths, LENGTHS, 2, 16, ROUNDS, 2, 7};

/* Pairs of one head that a row keeps, one by one. */
static int64_t pairs_by_hand(const struct efficiency_row *row, const struct block_mask *mask)
{
    const struct attention_problem *p = &row->problem;
    int64_t pairs = 0;
    for (int64_t i = 0; i < p->len_q; i++)
        for (int64_t j = 0; j < p->len_kv; j++)
            pairs += (!p->mask.causal || j <= i) && (!mask || block_mask_keeps(mask, p, 0, 0, 0, i, j));
    return pairs;
}

static void densities_are_counted_to_the_pair(void **state)
{
    (void)state;
    struct jumping at = {.wall_step = 1, .cpu_step = 1};
    struct clock_source clock = {jump_wall, jump_cpu, &at};
    struct efficiency e;
    struct diags diags = {0};
    assert_int_equal(efficiency_measure(&e, &small, &clock, NULL, NULL, &diags), STATUS_OK);
    assert_int_equal(e.count, LENGTHS * MASKS * GROUP);
    for (size_t i = 0; i < e.count; i++) {
        const struct efficiency_row *row = &e.rows[i];
        struct block_mask *mask;
        assert_true(row->problem.len_kv == lengths[i / (MASKS * GROUP)]);
        assert_int_equal(row->problem.mask.causal, i / GROUP % MASKS);
        assert_int_equal(row->pattern, i / EFFICIENCY_DENSITIES % EFFICIENCY_PATTERNS);
        assert_true(row->asked == efficiency_densities[i % EFFICIENCY_DENSITIES]);
        assert_true(row->verdict.pass && row->verdict.rows_compared > 0);
        assert_int_equal(block_rule_build(&row->rule, &row->problem, &mask, &diags), STATUS_OK);
        double density = (double)pairs_by_hand(row, mask) / (double)pairs_by_hand(row, NULL);
        assert_true(fabs(row->density - density) < 1e-12);
        block_mask_free(mask);
    }
    efficiency_free(&e);
    diags_free(&diags);
}

/* Of enough blocks the density is what was asked for, or nearly. */
static void densities_are_as_asked(void **state)
{
    (void)state;
    static const int64_t longer = 2048;
    struct efficiency_request request = small;
    struct jumping at = {.wall_step = 1, .cpu_step = 1};
    struct clock_source clock = {jump_wall, jump_cpu, &at};
    struct efficiency e;
    struct diags diags = {0};
    request.lengths = &longer;
    request.length_count = request.rounds = 1;
    request.heads = 1;
    request.head_dim = 8;
    assert_int_equal(efficiency_measure(&e, &request, &clock, NULL, NULL, &diags), STATUS_OK);
    for (size_t i = 0; i < e.count; i++) /* the blocks of the diagonal come on top of the scattered ones */
        assert_true(fabs(e.rows[i].density - e.rows[i].asked) < 0.05);
    efficiency_free(&e);
    diags_free(&diags);
}

static void times_go_to_their_rows(void **state)
{
    (void)state;
    struct jumping at = {.wall_step = 1, .cpu_step = 1};
    struct clock_source clock = {jump_wall, jump_cpu, &at};
    struct efficiency e;
    struct diags diags = {0};
    double second = 2; /* a run reads each clock twice, and at the next one both have jumped by two steps more */
    assert_int_equal(efficiency_measure(&e, &small, &clock, NULL, NULL, &diags), STATUS_OK);
    for (int group = 0; group < LENGTHS * MASKS; group++)
        for (int round = -1; round < ROUNDS; round++)
            for (int n = -1; n < GROUP; n++, second += 2) {
                const struct efficiency_row *row = &e.rows[group * GROUP + (n < 0 ? GROUP - 1 : n)];
                if (round < 0)
                    continue;
                assert_true((n < 0 ? row->dense : row->seconds)[round] == second);
                assert_true((n < 0 ? row->dense_cpu : row->cpu)[round] == 2 * second);
            }
    const struct efficiency_row *row = &e.rows[3];
    struct estimate wall, processor;
    assert_int_equal(efficiency_ratio(row, ROUNDS, &wall, &processor), STATUS_OK);
    assert_true(fabs(wall.median - row->seconds[1] / (row->dense[1] * row->density)) < 1e-12);
    assert_true(fabs(processor.median - wall.median) < 1e-12);
    assert_true(wall.low < wall.median && wall.median < wall.high);
    efficiency_free(&e);
    diags_free(&diags);
}

static bool stop(void *context, int64_t done, int64_t of)
{
    int64_t *calls = context;
    assert_true(done == ++*calls);
    assert_true(of == (int64_t)(LENGTHS * MASKS) * (GROUP + 1) * (ROUNDS + 1));
    return done < of / 2;
}

static void stops_when_told(void **state)
{
    (void)state;
    struct jumping at = {.wall_step = 1, .cpu_step = 1};
    struct clock_source clock = {jump_wall, jump_cpu, &at};
    struct efficiency e;
    struct diags diags = {0};
    int64_t calls = 0;
    assert_int_equal(efficiency_measure(&e, &small, &clock, stop, &calls, &diags), STATUS_INTERRUPTED);
    assert_null(e.rows);
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(densities_are_counted_to_the_pair),
        cmocka_unit_test(densities_are_as_asked),
        cmocka_unit_test(times_go_to_their_rows),
        cmocka_unit_test(stops_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
