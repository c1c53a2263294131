/* Every kind of chart: draws inside of its box, as vectors, with words for all who read it, or says what it lacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo-pdf.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help_charts.h"
#include "help_pages.h"

struct bytes {
    char *data;
    size_t length;
};

static cairo_status_t keep(void *closure, const unsigned char *data, unsigned int length)
{
    struct bytes *bytes = closure;
    bytes->data = realloc(bytes->data, bytes->length + length + 1);
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
    bytes->data[bytes->length] = '\0';
    return CAIRO_STATUS_SUCCESS;
}

static bool holds(const struct bytes *bytes, const char *words)
{
    return memmem(bytes->data, bytes->length, words, strlen(words)) != NULL;
}

/* Where CHARTS_TO says, all pictures, to be looked at; else those at fault, in the folder for what is temporary. */
static void keep_picture(cairo_surface_t *image, const char *name, bool fault)
{
    const char *wanted = getenv("CHARTS_TO");
    char path[1000];
    if (!wanted && !fault)
        return;
    snprintf(path, sizeof path, "%s/chart-%s.png", wanted ? wanted : g_get_tmp_dir(), name);
    cairo_surface_write_to_png(image, path);
    if (fault)
        print_message("see %s\n", path);
}

/* How many pixels differ from the ground in the box, and around it. */
static void count_ink(cairo_surface_t *image, int w, int h, int *inside, int *outside)
{
    uint32_t ground = pixel(image, 1, 1);
    *inside = *outside = 0;
    for (int y = 0; y < h + 2 * BENCH_EDGE; y++)
        for (int x = 0; x < w + 2 * BENCH_EDGE; x++) {
            bool in = x >= BENCH_EDGE - 1 && x <= w + BENCH_EDGE && y >= BENCH_EDGE - 1 && y <= h + BENCH_EDGE;
            *(in ? inside : outside) += pixel(image, x, y) != ground;
        }
}

static void must_stay_inside(struct bench *bench, int w, int h, const char *name)
{
    enum status status;
    int inside, outside;
    cairo_surface_t *image = bench_draw(bench, w, h, &status);
    must_be_clean(&bench->diags);
    assert_int_equal(status, STATUS_OK);
    count_ink(image, w, h, &inside, &outside);
    keep_picture(image, name, outside > 0 || inside <= 5000);
    assert_int_equal(outside, 0);
    assert_true(inside > 5000);
    cairo_surface_destroy(image);
}

/* Every kind, in both themes and in tall, square and wide boxes: draws something, and nothing outside of its box. */
static void kinds_stay_inside_their_boxes(void **state)
{
    static const struct {
        const char *name;
        int w, h;
    } boxes[] = {{"tall", 920, 1000}, {"square", 920, 640}, {"wide", 1728, 620}};
    static const char *const themes[] = {"ink", "paper"};
    (void)state;
    for (size_t k = 0; k < CHART_TRIALS; k++)
        for (size_t t = 0; t < 2; t++) {
            struct bench bench;
            bench_open(&bench, chart_trials[k].fence, themes[t]);
            assert_non_null(bench.data);
            for (size_t b = 0; b < 3; b++) {
                char name[80];
                snprintf(name, sizeof name, "%s-%s-%s", bench.kind->name, themes[t], boxes[b].name);
                must_stay_inside(&bench, boxes[b].w, boxes[b].h, name);
            }
            bench_close(&bench);
        }
}

/* The densities over the curves reach as far as they reach, however short the names are. */
static void short_names_leave_room_for_what_stands_above(void **state)
{
    static const char fence[] = "kind: curves\n"
                                "series:\n"
                                "  - {name: a, points: tradeoff.local.n4096}\n"
                                "  - {name: b, points: tradeoff.gate.n4096}\n";
    struct bench bench;
    (void)state;
    bench_open(&bench, fence, "ink");
    assert_non_null(bench.data);
    must_stay_inside(&bench, 920, 640, "curves-short");
    bench_close(&bench);
}

/* A box without room: an error that says by how much, and never smaller words. */
static void what_cannot_fit_is_an_error(void **state)
{
    (void)state;
    for (size_t k = 0; k < CHART_TRIALS; k++)
        for (int side = 0; side < 2; side++) {
            struct bench bench;
            enum status status;
            bench_open(&bench, chart_trials[k].fence, "ink");
            cairo_surface_t *image = bench_draw(&bench, side ? 920 : 250, side ? 100 : 640, &status);
            assert_int_equal(status, STATUS_BAD_INPUT);
            bench_says(&bench, 3, "pixels more", side ? "layout" : NULL);
            assert_int_equal(longest_run(image, pixel(image, 1, 1)), cairo_image_surface_get_width(image));
            cairo_surface_destroy(image);
            bench_close(&bench);
        }
}

static void words_for_those_who_cannot_see_come_from_the_data(void **state)
{
    static const struct {
        const char *kind, *alt, *caption; /* parts of both */
    } words[CHART_TRIALS] = {
        {"points", "Points on a logarithmic scale, in tokens: GPT-4 8k, Claude 2 100k, Gemini 1.5 1M.",
         "tokens, logarithmic scale"},
        {"bar", "naive, <plain> & slow 400", "median of 15 \xc2\xb7 marks show the 99"},
        {"line", "growing as N to the power 2", "both scales logarithmic"},
        {"stages", "softmax 40", "median of 15"},
        {"tradeoff", "Points of time per call against query-key pairs: naive", "logarithmic upward"},
        {"roofline", "flash 86", "roofs measured"},
        {"dumbbell", "2k tokens 400\xe2\x80\xafms and 100\xe2\x80\xafms", "time per call, logarithmic scale"},
        {"samples", "naive 15 between", "every repetition"},
        {"heat", "Table of time per call, shaded by size: naive 100 at 1k, 6400 at 8k, none at 16k; flash 25.0 at 1k",
         "time per call in ms \xc2\xb7 shades on a logarithmic scale"},
        {"curves",
         "Curves of mass kept against time: nearest 32.5\xe2\x80\xaf% at 15\xe2\x80\xaf%, 35\xe2\x80\xaf% at 20",
         "medians of 9 rounds and 5 models"},
    };
    size_t count, charts = 0;
    const struct picture_kind *const *all = picture_kinds(&count);
    (void)state;
    for (size_t i = 0; i < count; i++)
        charts += all[i]->fence == BLOCK_CHART;
    assert_int_equal(charts, CHART_TRIALS); /* a new kind must be tried here too */
    for (size_t k = 0; k < CHART_TRIALS; k++) {
        struct bench bench;
        bench_open(&bench, chart_trials[k].fence, "ink");
        char *alt = bench.kind->alt(bench.data), *caption = bench.kind->caption(bench.data);
        assert_string_equal(bench.kind->name, words[k].kind);
        if (!strstr(alt, words[k].alt) || !strstr(caption, words[k].caption))
            fail_msg("%s: %s / %s", bench.kind->name, alt, caption);
        free(alt);
        free(caption);
        bench_close(&bench);
    }
}

/* In a PDF a chart is vectors and embedded fonts: no picture of it. */
static void a_pdf_holds_no_bitmap(void **state)
{
    (void)state;
    for (size_t k = 0; k < CHART_TRIALS; k++) {
        struct bench bench;
        struct bytes bytes = {0};
        bench_open(&bench, chart_trials[k].fence, "paper");
        cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(keep, &bytes, 1000, 800);
        struct paint paint = {
            .cairo = cairo_create(pdf), .style = &bench.style, .file = "deck.md", .diags = &bench.diags};
        assert_int_equal(bench.kind->draw(bench.data, &paint, (struct box){40, 40, 920, 700}), STATUS_OK);
        cairo_destroy(paint.cairo);
        cairo_surface_finish(pdf);
        cairo_surface_destroy(pdf);
        assert_true(holds(&bytes, "/FontFile3"));
        assert_true(holds(&bytes, "+Inter"));
        assert_false(holds(&bytes, "/Subtype /Image"));
        free(bytes.data);
        must_be_clean(&bench.diags);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_stay_inside_their_boxes),
        cmocka_unit_test(short_names_leave_room_for_what_stands_above),
        cmocka_unit_test(what_cannot_fit_is_an_error),
        cmocka_unit_test(words_for_those_who_cannot_see_come_from_the_data),
        cmocka_unit_test(a_pdf_holds_no_bitmap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
