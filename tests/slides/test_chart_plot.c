/* Charts are drawn by gnuplot once for a look, and kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "help_charts.h"
#include "help_pages.h"

/* The same box again takes the picture that is there; another box makes another. */
static void the_picture_is_made_once_for_a_box(void **state)
{
    struct bench bench;
    struct plot plot;
    void *first = NULL;
    double seconds;
    (void)state;
    bench_open(&bench, chart_trial("bar"), "ink");
    struct plot_cache cache = {.plotter = bench.cache.plotter};
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 400, 300);
    struct paint paint = {.cairo = cairo_create(image), .style = &bench.style, .diags = &bench.diags};
    for (int round = 0; round < 3; round++) {
        double w = round < 2 ? 300 : 320;
        struct axis x = {.low = 0, .high = 1, .from = 0, .to = w}, y = {.low = 0, .high = 1, .from = 200, .to = 0};
        plot_begin(&plot, &paint, (struct box){10, 10, w, 200});
        plot_area(&plot, &x, &y);
        plot_mark(&plot, SCALE_DATA, SHAPE_SQUARE, ROLE_ACCENT, 20, 0.5, 0.5);
        assert_int_equal(plot_end(&plot, &cache), STATUS_OK);
        assert_true(round == 0 || (cache.picture == first) == (round == 1));
        first = round == 0 ? cache.picture : first;
        if (round == 0) { /* the middle of the axes is the middle of the box */
            cairo_surface_flush(image);
            assert_int_equal(pixel(image, 160, 110), bench_color(&bench, ROLE_ACCENT));
        }
    }
    must_be_clean(&bench.diags);
    assert_int_equal(plotter_drawn(bench.cache.plotter, &seconds), 2);
    assert_true(seconds > 0);
    plot_cache_free(&cache);
    cairo_destroy(paint.cairo);
    cairo_surface_destroy(image);
    bench_close(&bench);
}

/* A second chart of the same look asks gnuplot for nothing: what was drawn once is kept for all. */
static void gnuplot_draws_a_script_once(void **state)
{
    struct bench bench;
    const char *first, *second, *other;
    size_t length;
    double seconds;
    (void)state;
    bench_open(&bench, chart_trial("bar"), "ink");
    struct plotter *plotter = bench.cache.plotter;
    const char *script = "set terminal svg size 300,200\nplot x\n";
    assert_int_equal(plotter_svg(plotter, script, &first, &length, &bench.diags), STATUS_OK);
    assert_int_equal(plotter_svg(plotter, script, &second, &length, &bench.diags), STATUS_OK);
    assert_ptr_equal(first, second);
    assert_int_equal(plotter_svg(plotter, "set terminal svg\nplot 2*x\n", &other, &length, &bench.diags), STATUS_OK);
    assert_ptr_not_equal(first, other);
    assert_int_equal(plotter_drawn(plotter, &seconds), 2);
    must_be_clean(&bench.diags);
    assert_int_equal(plotter_svg(plotter, "set terminal svg\nplot (\n", &other, &length, &bench.diags), STATUS_FAILED);
    assert_int_equal(plotter_drawn(plotter, &seconds), 2);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture_is_made_once_for_a_box),
        cmocka_unit_test(gnuplot_draws_a_script_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
