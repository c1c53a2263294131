/* Charts show their numbers: lengths, heights and shades are in the proportion of what was measured. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "help_charts.h"
#include "help_pages.h"

/* The first column from the left that has the colour; the width when none has. */
static int first_column(cairo_surface_t *image, uint32_t color)
{
    int x = 0, w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    for (; x < w; x++)
        for (int y = 0; y < h; y++)
            if (pixel(image, x, y) == color)
                return x;
    return x;
}

/* naive takes four times as long as flash: so is its bar, from the same zero. */
static void bars_are_as_long_as_their_numbers(void **state)
{
    struct bench bench;
    enum status status;
    (void)state;
    bench_open(&bench, chart_trial("bar"), "ink");
    cairo_surface_t *image = bench_draw(&bench, 920, 500, &status);
    must_be_clean(&bench.diags);
    double naive = longest_run(image, bench_color(&bench, ROLE_MUTED));
    double flash = longest_run(image, bench_color(&bench, ROLE_ACCENT));
    assert_true(naive > 500);
    assert_true(fabs(naive / flash - 4) < 0.04);
    assert_int_equal(first_column(image, bench_color(&bench, ROLE_ACCENT)), BENCH_EDGE);
    cairo_surface_destroy(image);
    bench_close(&bench);
}

static void a_missing_number_is_words_and_no_bar(void **state)
{
    static const char fence[] = "kind: bar\n"
                                "rows:\n"
                                "  - {name: flash, value: flash.n2048.time, role: text}\n"
                                "  - {name: gone, value: 'flash.n65536.time | else \"not measured\"', role: accent2}\n";
    struct bench bench;
    enum status status;
    (void)state;
    bench_open(&bench, fence, "ink");
    cairo_surface_t *image = bench_draw(&bench, 920, 500, &status);
    must_be_clean(&bench.diags);
    assert_int_equal(longest_run(image, bench_color(&bench, ROLE_ACCENT2)), 0);
    assert_true(longest_run(image, bench_color(&bench, ROLE_MUTED)) > 2); /* the words, and nothing else is muted */
    char *alt = bench.kind->alt(bench.data);
    assert_non_null(strstr(alt, "gone not measured"));
    free(alt);
    cairo_surface_destroy(image);
    bench_close(&bench);
    bench_refuses("kind: bar\nrows:\n  - {name: gone, value: flash.n65536.time}\n", 6, "flash.n65536.time", NULL);
}

/* The most has the accent for its shade, the least nearly the surface, and what was not measured none at all; every
 * number can be read on its shade, in all themes. */
static void shades_grow_with_the_numbers(void **state)
{
    static const char *const themes[] = {"ink", "paper", "terminal", "blueprint", "solar", "contrast", "coral"};
    (void)state;
    for (size_t t = 0; t < sizeof themes / sizeof themes[0]; t++) {
        struct bench bench;
        enum status status;
        bench_open(&bench, chart_trial("heat"), themes[t]);
        cairo_surface_t *image = bench_draw(&bench, 920, 300, &status);
        must_be_clean(&bench.diags);
        /* Three columns at the right, two rows: a pixel near a corner of each cell, away from its number. */
        uint32_t most = pixel(image, BENCH_EDGE + 500, BENCH_EDGE + 100), ground = pixel(image, 1, 1);
        int area = 0, bare = 0;
        for (int y = 0; y < 300; y++)
            for (int x = 0; x < 920; x++) {
                area += pixel(image, BENCH_EDGE + x, BENCH_EDGE + y) == bench_color(&bench, ROLE_ACCENT);
                bare += x > 700 && pixel(image, BENCH_EDGE + x, BENCH_EDGE + y) == ground;
            }
        assert_int_equal(most, bench_color(&bench, ROLE_ACCENT));
        assert_true(area > 12000);           /* one cell of about 250 x 105 but for its number */
        assert_true(bare > 0.9 * 220 * 300); /* the third column has no cell */
        cairo_surface_destroy(image);
        bench_close(&bench);
    }
}

/* The accent's highest mark lies above the muted one's: more mass, higher up. */
static void curves_rise_with_what_they_keep(void **state)
{
    struct bench bench;
    enum status status;
    (void)state;
    bench_open(&bench, chart_trial("curves"), "ink");
    cairo_surface_t *image = bench_draw(&bench, 920, 700, &status);
    must_be_clean(&bench.diags);
    int high[2] = {0}, w = 500, h = cairo_image_surface_get_height(image); /* left of the names */
    const enum role roles[] = {ROLE_ACCENT, ROLE_ACCENT2};
    for (int r = 0; r < 2; r++)
        for (int y = BENCH_EDGE + 140; y < h && !high[r]; y++) /* under the densities */
            for (int x = BENCH_EDGE; x < w; x++)
                high[r] = pixel(image, x, y) == bench_color(&bench, roles[r]) ? y : high[r];
    assert_true(high[1] > BENCH_EDGE && high[1] < high[0] && high[0] < h);
    cairo_surface_destroy(image);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_as_long_as_their_numbers),
        cmocka_unit_test(a_missing_number_is_words_and_no_bar),
        cmocka_unit_test(shades_grow_with_the_numbers),
        cmocka_unit_test(curves_rise_with_what_they_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
