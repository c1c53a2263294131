/* Canvases: the table of platforms, and their limits, told before a file is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "help_slides.h"
#include "slides/style.h"

static void the_table(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double width, height, left, right, top, bottom;
        int slides;
        double pdf, pdf_aim, image;
        bool same_ratio;
    } rows[] = {
        {"linkedin", 1080, 1350, 80, 80, 0, 0, 300, 100e6, 10e6, 0, true},
        {"linkedin-square", 1080, 1080, 80, 80, 0, 0, 300, 100e6, 10e6, 0, true},
        {"instagram", 1080, 1350, 64, 64, 0, 0, 20, 0, 0, 8e6, true},
        {"instagram-square", 1080, 1080, 64, 64, 0, 0, 20, 0, 0, 8e6, true},
        {"instagram-tall", 1080, 1440, 64, 64, 0, 0, 20, 0, 0, 8e6, true},
        {"story", 1080, 1920, 80, 80, 250, 250, 0, 0, 0, 8e6, false},
        {"reels", 1080, 1920, 65, 65, 269, 672, 0, 0, 0, 8e6, false},
        {"tiktok", 1080, 1920, 80, 140, 250, 250, 35, 0, 0, 20e6, true},
        {"x", 1600, 900, 64, 64, 0, 0, 4, 0, 0, 5e6, false},
        {"x-small", 1200, 675, 64, 64, 0, 0, 4, 0, 0, 5e6, false},
        {"pinterest", 1000, 1500, 64, 64, 0, 0, 5, 0, 0, 0, false},
        {"youtube", 1200, 675, 64, 64, 0, 0, 0, 0, 0, 0, false},
        {"youtube-square", 1080, 1080, 64, 64, 0, 0, 0, 0, 0, 0, false},
        {"slides", 1920, 1080, 96, 96, 0, 0, 0, 0, 0, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct style style;
        struct diags diags = {0};
        assert_int_equal(style_load(rows[i].name, NULL, NULL, NULL, ".", &style, &diags), STATUS_OK);
        must_be_clean(&diags);
        const struct canvas *c = &style.canvas;
        assert_true(c->width == rows[i].width && c->height == rows[i].height);
        assert_true(c->inset_left == rows[i].left && c->inset_right == rows[i].right);
        assert_true(c->inset_top == rows[i].top && c->inset_bottom == rows[i].bottom);
        assert_int_equal(c->max_slides, rows[i].slides);
        assert_true(c->pdf_most == rows[i].pdf && c->pdf_aim == rows[i].pdf_aim && c->image_most == rows[i].image);
        assert_int_equal(c->same_ratio, rows[i].same_ratio);
        bool wide_and_small = rows[i].width > 1.5 * rows[i].height && strcmp(rows[i].name, "slides") != 0;
        assert_true((c->eager > 1) == wide_and_small);
        style_free(&style);
    }
}

static void limits(void **state)
{
    (void)state;
    char title[] = "Platform";
    const struct canvas canvas = {
        .title = title, .max_slides = 3, .pdf_most = 2e6, .pdf_aim = 1e6, .image_most = 5e5, .same_ratio = true};
    const struct canvas free_canvas = {.title = title};
    const struct canvas_image good[] = {{1000, 1080, 1350}, {500000, 1080, 1350}, {1, 540, 675}};
    const struct canvas_image bad[] = {{1000, 1080, 1350}, {500001, 1080, 1350}, {1, 1080, 1080}};
    static const struct canvas_image none[1];
    const struct {
        struct canvas_export export;
        const char *error, *warning;
    } cases[] = {
        {{3, 1000000, good, 3}, NULL, NULL},
        {{4, 0, NULL, 0}, "4 slides; Platform takes 3 at most", NULL},
        {{3, 1000001, NULL, 0}, NULL, "over 1 MB it opens slowly"},
        {{3, 2000001, NULL, 0}, "the PDF has 2.0 MB; Platform takes 2 MB at most", NULL},
        {{3, 0, bad, 2}, "the picture of slide 2 has 0.5 MB", NULL},
        {{3, 0, bad, 3},
         "slide 3 is 1080x1080; on Platform the first slide fixes the ratio of all, and it is 1080x1350",
         NULL},
        {{1, 0, none, 0}, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diags diags = {0};
        assert_int_equal(canvas_check(&canvas, &cases[i].export, "deck.md", &diags),
                         cases[i].error ? STATUS_BAD_INPUT : STATUS_OK);
        if (cases[i].error)
            must_say(&diags, 0, cases[i].error);
        if (cases[i].warning)
            must_say(&diags, 0, cases[i].warning);
        if (!cases[i].error && !cases[i].warning)
            must_be_clean(&diags);
        diags_free(&diags);
        assert_int_equal(canvas_check(&free_canvas, &cases[i].export, "deck.md", &diags), STATUS_OK);
        must_be_clean(&diags); /* no limit known */
    }
}

static void wrong_limits_have_their_line(void **state)
{
    (void)state;
    static const char form[] = "title: Mine\nwidth: %d\nheight: 900\ninset_left: 40\ninset_right: 40\ninset_top: 0\n"
                               "inset_bottom: 0\nmax_slides: 3\n%s";
    static const struct {
        int width;
        const char *more;
        int line;
        const char *what;
    } cases[] = {{100, "", 2, "width and height must be"},
                 {800, "image_most_mb: -1\n", 9, "image_most_mb is -1"},
                 {800, "image_most_mbs: 1\n", 9, "image_most_mbs"},
                 {800, "eager: 0.9\n", 9, "eager is 0.9; it goes from 1 to 1.5"},
                 {800, "eager: 2\n", 9, "eager is 2"},
                 {800, "pdf_most_mb: much\n", 9, "YAML"}};
    struct desk desk;
    desk_open(&desk, "# A\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[300];
        struct style style;
        snprintf(path, sizeof path, "%s/mine.yml", desk_folder(&desk));
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, form, cases[i].width, cases[i].more);
        fclose(file);
        assert_int_equal(style_load("mine.yml", NULL, NULL, NULL, desk_folder(&desk), &style, &desk.diags),
                         STATUS_BAD_INPUT);
        must_say(&desk.diags, cases[i].line, cases[i].what);
        diags_free(&desk.diags);
    }
    desk_close(&desk);
}

/* A slide of noise cannot be packed: its PNG is over a megabyte. */
static void write_noise(const char *path)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 800, 800);
    unsigned char *pixels = cairo_image_surface_get_data(surface);
    uint32_t seed = 1;
    for (int i = 0; i < cairo_image_surface_get_stride(surface) * 800; i++)
        pixels[i] = (unsigned char)((seed = seed * 1664525u + 1013904223u) >> 24);
    cairo_surface_mark_dirty(surface);
    assert_int_equal(cairo_surface_write_to_png(surface, path), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
}

static void rendering_asks_before_it_writes(void **state)
{
    (void)state;
    struct desk desk;
    char path[300], pngs[300], canvas[300];
    desk_open(&desk, "# A\n\n---\n![bg](noise.png)\n# B\n");
    snprintf(path, sizeof path, "%s/noise.png", desk_folder(&desk));
    snprintf(pngs, sizeof pngs, "%s/slides", desk_folder(&desk));
    snprintf(canvas, sizeof canvas, "%s/small.yml", desk_folder(&desk));
    write_noise(path);
    FILE *file = fopen(canvas, "w");
    fputs("title: Small\nwidth: 800\nheight: 800\ninset_left: 0\ninset_right: 0\ninset_top: 0\ninset_bottom: 0\n"
          "max_slides: 0\nimage_most_mb: 1\n",
          file);
    fclose(file);
    free(desk.deck.folder);
    desk.deck.folder = strdup(desk_folder(&desk));
    struct render_options options = {.size = "small.yml", .png_folder = pngs};
    char whole[4096];
    assert_non_null(realpath(canvas, whole));
    options.size = whole;
    assert_int_equal(deck_render(&desk.deck, desk.records, 1, &options, &desk.diags), STATUS_BAD_INPUT);
    must_say(&desk.diags, 0, "the picture of slide 2 has");
    must_say(&desk.diags, 0, "Small takes 1 MB at most");
    assert_int_not_equal(access(pngs, F_OK), 0); /* nothing was written */
    diags_free(&desk.diags);
    options.size = "800x800"; /* no platform, no limit */
    assert_int_equal(deck_render(&desk.deck, desk.records, 1, &options, &desk.diags), STATUS_OK);
    assert_int_equal(access(pngs, F_OK), 0);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(limits),
        cmocka_unit_test(wrong_limits_have_their_line),
        cmocka_unit_test(rendering_asks_before_it_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
