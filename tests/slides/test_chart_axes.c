/* Scales and the words beside them: round grid lines, room between labels, sizes that can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "help_charts.h"
#include "slides/charts/fit.h"

static void axes_have_round_grid_lines(void **state)
{
    double ticks[AXIS_TICKS];
    char words[AXIS_WORDS];
    (void)state;
    struct axis axis = axis_over(true, 4096, 1e6);
    assert_true(axis.low == 1000 && axis.high == 1e6);
    assert_int_equal(axis_ticks(&axis, ticks), 4);
    assert_true(fabs(ticks[3] - 1e6) < 1e-3);
    assert_true(fabs(axis_share(&axis, 31622.7766) - 0.5) < 1e-6);
    assert_true(axis_over(true, 1000, 1e6).low == 100); /* no mark sits on the axis itself */
    axis = axis_over(false, 0, 0.627);
    assert_int_equal(axis_ticks(&axis, ticks), 4);
    assert_true(ticks[0] == 0 && fabs(ticks[3] - 0.6) < 1e-12);
    static const struct {
        enum unit unit;
        double value;
        const char *words;
    } rows[] = {{UNIT_TOKENS, 4096, "4k"},
                {UNIT_TOKENS, 1e6, "1M"},
                {UNIT_TOKENS, 100, "100"},
                {UNIT_TOKENS, 131072, "128k"},
                {UNIT_TOKENS, 100000, "100k"},
                {UNIT_SECONDS, 0, "0"},
                {UNIT_SECONDS, 0.01, "10\xe2\x80\xafms"},
                {UNIT_BYTES, 2e9, "2\xe2\x80\xafGB"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        axis_words(rows[i].unit, rows[i].value, words);
        assert_string_equal(words, rows[i].words);
    }
}

static void labels_make_room_for_each_other(void **state)
{
    double centres[] = {100, 104, 300, 10, 298}, sizes[] = {20, 20, 20, 20, 40};
    (void)state;
    assert_true(fit_spread(centres, sizes, 5, 4, 0, 320));
    assert_true(centres[3] == 10);                                              /* alone: not moved */
    assert_true(fabs(centres[0] - 90) < 1e-9 && fabs(centres[1] - 114) < 1e-9); /* two: as far either way */
    assert_true(fabs(centres[2] - 310) < 1e-9);                                 /* at the edge: inside */
    assert_true(centres[2] - centres[4] >= 34 - 1e-9);
    assert_false(fit_spread(centres, sizes, 5, 60, 0, 320));
}

static void no_words_are_below_the_floor(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, chart_trial("bar"), "ink");
    struct paint paint = {.style = &bench.style};
    for (int step = 0; step < FIT_STEPS; step++) {
        struct chart_styles styles = fit_styles(&paint, fit_shrink(step));
        assert_true(styles.name.size >= 28 && styles.value.size >= 28 && styles.tick.size >= 28);
    }
    assert_true(fit_styles(&paint, fit_shrink(0)).name.size == 36);
    assert_true(fit_styles(&paint, fit_shrink(0)).value.size == 40);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_have_round_grid_lines),
        cmocka_unit_test(labels_make_room_for_each_other),
        cmocka_unit_test(no_words_are_below_the_floor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
