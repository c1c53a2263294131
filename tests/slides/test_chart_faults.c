/* What a chart refuses, at which line, and what it says to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "help_charts.h"
#include "help_slides.h"

static void wrong_fields_and_units_are_refused(void **state)
{
    (void)state;
    bench_refuses("kind: bar\nhighligt: flash\nrows:\n  - {name: a, value: flash.n2048.time}\n", 0, "highligt",
                  "highlight");
    bench_refuses("kind: bar\nrows:\n  - {name: a, value: flash.n2048.time}\n  - {name: b, value: flash.n2048.bytes}\n",
                  7, "'b' is in bytes, but 'a' is in seconds", "split");
    bench_refuses("kind: points\nhighlight: flsh\nrows:\n  - {name: flash, value: flash.n2048.time}\n", 5,
                  "no row is named 'flsh'", "flash");
    bench_refuses("kind: points\nrows:\n  - {name: zero, value: '0 * flash.n2048.time'}\n", 6, "cannot show", "linear");
    bench_refuses("kind: points\nscale: logs\nrows:\n  - {name: a, value: flash.n2048.time}\n", 5, "'logs'", "log");
    bench_refuses("kind: bar\nrows:\n  - {name: a, value: machine.cpu}\n", 6, "words cannot be drawn", NULL);
    bench_refuses("kind: bar\nrows:\n  - {name: a, value: flash.n2048.time, role: acent}\n", 6, "no role 'acent'",
                  "accent");
    bench_refuses("kind: stages\nstages: [scores]\nrows:\n  - {name: naive}\n", 7, "either `case` or `value`", NULL);
    bench_refuses("kind: stages\nstages: [score]\nrows:\n  - {name: naive, case: naive.n2048}\n", 7, "score", "scores");
    bench_refuses("kind: tradeoff\nrows:\n  - {name: a, x: '1', y: flash.n2048.time}\n"
                  "  - {name: b, x: '1', y: 'flash.n9.time | else \"none\"'}\n",
                  7, "'b' has no number", "leave the row out");
    bench_refuses("kind: roofline\npeak: machine.copy\nrows:\n  - {name: a, case: flash.n2048}\n", 5, "needs FLOP/s",
                  NULL);
    bench_refuses("kind: dumbbell\nbefore: a\nafter: b\nrows:\n"
                  "  - {name: x, before: naive.n2048.time, after: naive.n2048.bytes}\n",
                  8, "is in bytes", "split");
    bench_refuses("kind: samples\nrows:\n  - {name: x, case: flash.n9}\n", 6, "flash.n9", NULL);
    bench_refuses("kind: line\nseries:\n  - {name: a, cases: flash.n2048}\n", 6, "a line needs two", "N=");
    bench_refuses(
        "kind: line\nseries:\n  - {name: a, cases: flash.d64}\n  - {name: b, cases: flash.h8, metric: bytes}\n", 7,
        "'b' is in bytes", "split");
    bench_refuses("kind: line\nseries:\n"
                  "  - {name: a, cases: flash.d64}\n  - {name: b, cases: flash.d64}\n  - {name: c, cases: flash.d64}\n"
                  "  - {name: d, cases: flash.d64}\n  - {name: e, cases: flash.d64}\n  - {name: f, cases: flash.d64}\n",
                  5, "6 series", "Split");
}

/* Eight names on one spot, each wider than half of the plane and all together higher than it: no way to place them. */
static void names_that_must_touch_are_an_error(void **state)
{
    struct text fence = {0};
    struct bench bench;
    enum status status;
    (void)state;
    text_add(&fence, "kind: tradeoff\nrows:\n");
    for (int i = 0; i < 8; i++)
        text_format(&fence, "  - {name: a name of many many words %d, x: flash.n2048.pairs, y: flash.n2048.time}\n", i);
    bench_open(&bench, fence.bytes, "ink");
    cairo_surface_t *image = bench_draw(&bench, 720, 450, &status);
    assert_int_equal(status, STATUS_BAD_INPUT);
    bench_says(&bench, 3, "touch each other", "leave points out");
    cairo_surface_destroy(image);
    bench_close(&bench);
    text_free(&fence);
}

static void curves_are_of_points_that_are_there(void **state)
{
    (void)state;
    bench_refuses("kind: curves\nseries:\n  - {name: x, points: tradeoff.bound.n4096}\n", 6,
                  "no record holds this point", "flashdeck tradeoff");
    bench_refuses("kind: curves\nseries:\n  - {name: x, points: tradeoff.gate.keep10}\n", 6, "has 1 points", "n8192");
    bench_refuses("kind: curves\ny_metric: luck\nseries:\n  - {name: x, points: tradeoff.gate}\n", 7, "no such metric",
                  "recall");
    bench_refuses("kind: curves\nhighlight: gaet\nseries:\n  - {name: gate, points: tradeoff.gate}\n", 5, "gaet",
                  "gate");
    bench_refuses("kind: curves\nseries:\n  - {name: a, points: tradeoff.gate}\n  - {name: b, points: tradeoff.gate}\n"
                  "  - {name: c, points: tradeoff.gate}\n  - {name: d, points: tradeoff.gate}\n"
                  "  - {name: e, points: tradeoff.gate}\n  - {name: f, points: tradeoff.gate}\n",
                  5, "6 series", "Split");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_fields_and_units_are_refused),
        cmocka_unit_test(names_that_must_touch_are_an_error),
        cmocka_unit_test(curves_are_of_points_that_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
