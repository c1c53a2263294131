/* The trade-off: every selector's output is right under its own mask, and nothing is lost at density 1. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "harness/gate_file.h"
#include "harness/tradeoff.h"

static double tick(void *context)
{
    double *at = context;
    return *at += 0.5;
}

/* Stands still for a thousand seconds in one of the rounds. */
struct stumbling {
    double at;
    int calls, stumble;
};

static double stumble(void *context)
{
    struct stumbling *s = context;
    s->at += s->calls++ == s->stumble ? 1000 : 0.5;
    return s->at;
}

static void one_bad_round_moves_no_stage(void **state)
{
    (void)state;
    static const double density = 0.5;
    struct stumbling s = {0, 0, 0};
    struct clock_source clock = {.wall = stumble, .context = &s};
    struct tradeoff t;
    assert_int_equal(tradeoff_measure(&t, NULL, 512, 1, &density, 1, 3, 1, &clock, NULL, NULL), STATUS_OK);
    tradeoff_free(&t);
    s = (struct stumbling){0, 0, s.calls - 10}; /* in the last round */
    assert_int_equal(tradeoff_measure(&t, NULL, 512, 1, &density, 1, 3, 1, &clock, NULL, NULL), STATUS_OK);
    double longest = 0;
    for (size_t i = 0; i < t.count; i++) {
        longest = fmax(longest, t.points[i].seconds[2]);
        for (int stage = 0; stage < TRADEOFF_STAGES; stage++)
            assert_true(t.points[i].stages[stage] == 0.5);
    }
    assert_true(longest > 1000);
    tradeoff_free(&t);
}

static void points_are_right_and_timed(void **state)
{
    (void)state;
    static const double densities[] = {0.1, 0.5, 1.0};
    double at = 0;
    struct clock_source clock = {.wall = tick, .context = &at};
    struct trainer trainer;
    struct tradeoff t;
    assert_int_equal(trainer_make(&trainer, HEAD_KINDS, 64, structured_theta, 1), STATUS_OK);
    assert_int_equal(tradeoff_measure(&t, &trainer.gate, 700, 1, densities, 3, 2, 2, &clock, NULL, NULL), STATUS_OK);
    assert_int_equal(t.count, 3 * SELECTORS);
    for (size_t i = 0; i < t.count; i++) {
        const struct tradeoff_point *point = &t.points[i];
        double pairs = 0;
        assert_true(point->verdict.pass && point->verdict.rows_compared > 0);
        assert_true(point->density == densities[i % 3] && point->selector == i / 3);
        if (i % 3 == 2)
            assert_true(point->relative_l2 < 1e-5 && point->pairs == 1 && fabs(point->mass - 1) < 1e-5);
        else
            assert_true(point->mass < t.points[i + 1].mass && point->relative_l2 > t.points[i + 1].relative_l2 &&
                        point->pairs < t.points[i + 1].pairs);
        /* Start, then the four stages' ends, then the end: the clock is read seven times a point. What selects by the
         * attention itself is given the time to attend alone. */
        for (int r = 0; r < t.rounds; r++)
            assert_true(point->seconds[r] == (point->selector == SELECT_MASS ? 0.5 : 3.0));
        for (int s = 0; s < TRADEOFF_STAGES; s++) {
            assert_true(point->stages[s] == 0.5);
            pairs += point->stages[s];
        }
        assert_true(pairs == 2.0 && point->square > 0 && point->square < 0.6);
    }
    for (int r = 0; r < t.rounds; r++)
        assert_true(t.dense[r] == 0.5);
    tradeoff_free(&t);
    trainer_free(&trainer);
}

/* What knows where attention falls does better than what does not, and the attention itself best of all. */
static void knowing_helps(void **state)
{
    (void)state;
    static const double density = 0.2;
    double at = 0;
    struct clock_source clock = {.wall = tick, .context = &at};
    struct tradeoff t;
    assert_int_equal(tradeoff_measure(&t, NULL, 1024, 3, &density, 1, 1, 1, &clock, NULL, NULL), STATUS_OK);
    assert_int_equal(t.count, SELECTORS - 1); /* no gate was given */
    double of[SELECTORS] = {0}, mass[SELECTORS] = {0};
    for (size_t i = 0; i < t.count; i++) {
        of[t.points[i].selector] = t.points[i].relative_l2;
        mass[t.points[i].selector] = t.points[i].mass;
    }
    assert_true(mass[SELECT_MASS] > mass[SELECT_BOUND] && mass[SELECT_BOUND] > mass[SELECT_MEAN] &&
                mass[SELECT_MEAN] > mass[SELECT_RANDOM] && mass[SELECT_MASS] < 1);
    assert_true(of[SELECT_MASS] < of[SELECT_BOUND] && of[SELECT_BOUND] < of[SELECT_MEAN] &&
                of[SELECT_MEAN] < of[SELECT_RANDOM]);
    tradeoff_free(&t);
}

static bool stop(void *context, int64_t done, int64_t of)
{
    (void)context;
    return done < of / 2;
}

static void stops_when_told(void **state)
{
    (void)state;
    static const double density = 0.2;
    double at = 0;
    struct clock_source clock = {.wall = tick, .context = &at};
    struct tradeoff t;
    assert_int_equal(tradeoff_measure(&t, NULL, 512, 3, &density, 1, 1, 1, &clock, stop, NULL), STATUS_INTERRUPTED);
    assert_null(t.points);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_right_and_timed),
        cmocka_unit_test(one_bad_round_moves_no_stage),
        cmocka_unit_test(knowing_helps),
        cmocka_unit_test(stops_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
