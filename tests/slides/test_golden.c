/* Every layout in three shapes against the pictures in golden/. What differs to an eye fails, and leaves the picture as
 * it should be, as it is, and where they differ, beside each other, in golden-NAME.png. Wanted changes are taken over
 * by scripts/golden.sh --accept (GOLDEN_ACCEPT=1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "help_compare.h"
#include "help_slides.h"
#include "slides/pages.h"

#define FOLDER SOURCE_DIR "/tests/slides/golden"
enum { SHORT_SIDE = 360, BYTES_MOST = 3 << 20 };

static const struct {
    const char *name, *size, *theme;
} shapes[] = {{"tall", "linkedin", "ink"}, {"square", "linkedin-square", "paper"}, {"wide", "x", "nordic"}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static cairo_surface_t *small(const struct pages *pages, size_t index, struct diags *diags)
{
    const struct canvas *canvas = &pages->items[index].style->canvas;
    double scale = SHORT_SIDE / (canvas->width < canvas->height ? canvas->width : canvas->height);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(canvas->width * scale + 0.5),
                                                          (int)(canvas->height * scale + 0.5));
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
    pages_draw(pages, index, cairo, NULL, diags);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

static cairo_surface_t *blank(int width, int height)
{
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
}

/* The golden picture as RGB24; NULL when there is none. */
static cairo_surface_t *golden(const char *path)
{
    cairo_surface_t *read = cairo_image_surface_create_from_png(path);
    if (cairo_surface_status(read) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(read);
        return NULL;
    }
    cairo_surface_t *copy = blank(cairo_image_surface_get_width(read), cairo_image_surface_get_height(read));
    cairo_t *cairo = cairo_create(copy);
    cairo_set_source_surface(cairo, read, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    cairo_surface_destroy(read);
    cairo_surface_flush(copy);
    return copy;
}

static void show_difference(cairo_surface_t *const pictures[3], const char *name)
{
    char path[200];
    int width = cairo_image_surface_get_width(pictures[1]), height = cairo_image_surface_get_height(pictures[1]);
    cairo_surface_t *sheet = blank(3 * width + 40, height);
    cairo_t *cairo = cairo_create(sheet);
    cairo_set_source_rgb(cairo, 0.5, 0.5, 0.5);
    cairo_paint(cairo);
    for (int i = 0; i < 3; i++) {
        if (!pictures[i])
            continue;
        cairo_set_source_surface(cairo, pictures[i], i * (width + 20), 0);
        cairo_paint(cairo);
    }
    cairo_destroy(cairo);
    snprintf(path, sizeof path, "golden-%s.png", name);
    cairo_surface_write_to_png(sheet, path);
    cairo_surface_destroy(sheet);
}

/* True when it is as it should be, or is taken over. */
static bool compare(cairo_surface_t *now, const char *name)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/%s.png", FOLDER, name);
    cairo_surface_t *before = golden(path);
    cairo_surface_t *difference = blank(cairo_image_surface_get_width(now), cairo_image_surface_get_height(now));
    double share = before ? pictures_differ(before, now, difference) : 1;
    bool same = share <= PICTURES_TOLERANCE;
    if (!same && getenv("GOLDEN_ACCEPT")) {
        assert_int_equal(cairo_surface_write_to_png(now, path), CAIRO_STATUS_SUCCESS);
        print_message("%s.png: %s\n", name, before ? "renewed" : "new");
        same = true;
    } else if (!same) {
        show_difference((cairo_surface_t *const[]){before, now, difference}, name);
        print_message("%s: %.2f %% differ; see golden-%s.png in %s\n", name, 100 * share, name,
                      getcwd(path, sizeof path) ? path : "");
    }
    if (before)
        cairo_surface_destroy(before);
    cairo_surface_destroy(difference);
    return same;
}

/* A fresh folder's deck: the gallery's, a slide of each layout. */
static void every_layout_in_every_shape(void **state)
{
    (void)state;
    struct deck deck;
    struct diags diags = {0};
    struct prepared prepared;
    int different = 0;
    size_t layouts;
    layouts_all(&layouts);
    assert_int_equal(deck_read(SOURCE_DIR "/slides/decks/gallery.md", &deck, &diags), STATUS_OK);
    assert_int_equal(prepare_deck(&deck, NULL, 0, false, &prepared, &diags), STATUS_OK);
    assert_int_equal(prepared.count, layouts);
    for (int shape = 0; shape < SHAPES; shape++) {
        struct pages pages;
        struct pages_look look = {.size = shapes[shape].size, .theme = shapes[shape].theme};
        pages_open(&prepared, &look, &pages, &diags);
        if (diags.errors > (strcmp(shapes[shape].size, "x") == 0)) /* X takes four slides: told, and no matter here */
            diags_print(&diags, stderr);
        for (size_t i = 0; i < pages.count; i++) {
            char name[60];
            cairo_surface_t *now = small(&pages, i, &diags);
            snprintf(name, sizeof name, "%s-%s", pages.items[i].layout->name, shapes[shape].name);
            different += !compare(now, name);
            cairo_surface_destroy(now);
        }
        assert_int_equal(diags.errors, strcmp(shapes[shape].size, "x") == 0);
        pages_close(&pages);
        diags_free(&diags);
    }
    prepared_free(&prepared);
    deck_free(&deck);
    assert_int_equal(different, 0);
}

/* One picture a layout and shape, and small. */
static void no_picture_too_many(void **state)
{
    (void)state;
    DIR *listing = opendir(FOLDER);
    struct dirent *entry;
    size_t layouts, count = 0;
    long bytes = 0;
    layouts_all(&layouts);
    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL) {
        char path[1300];
        struct stat found;
        snprintf(path, sizeof path, "%s/%s", FOLDER, entry->d_name);
        if (entry->d_name[0] != '.' && stat(path, &found) == 0) {
            bytes += found.st_size;
            count++;
        }
    }
    closedir(listing);
    assert_int_equal(count, layouts * SHAPES);
    assert_true(bytes < BYTES_MOST);
}

static cairo_surface_t *sample(double dx, double grey)
{
    cairo_surface_t *surface = blank(300, 300);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 0.06, 0.08, 0.1);
    cairo_paint(cairo);
    cairo_set_source_rgb(cairo, grey, grey, grey);
    for (int i = 0; i < 12; i++)
        cairo_rectangle(cairo, 30 + 20 * i + dx, 40 + dx, 9, 120);
    cairo_fill(cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

/* The judge itself: edges of another rasteriser pass; a shift of two pixels, another colour and another size do not. */
static void the_comparison_sees(void **state)
{
    (void)state;
    static const struct {
        double dx, grey;
        bool same;
    } cases[] = {{0, 0.9, true}, {0.15, 0.9, true}, {0, 0.92, true}, {2, 0.9, false}, {0, 0.7, false}};
    cairo_surface_t *one = sample(0, 0.9), *larger = blank(301, 300);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cairo_surface_t *other = sample(cases[i].dx, cases[i].grey);
        assert_int_equal(pictures_differ(one, other, NULL) <= PICTURES_TOLERANCE, cases[i].same);
        cairo_surface_destroy(other);
    }
    assert_true(pictures_differ(one, larger, NULL) == 1);
    cairo_surface_destroy(one);
    cairo_surface_destroy(larger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_comparison_sees),
                                       cmocka_unit_test(every_layout_in_every_shape),
                                       cmocka_unit_test(no_picture_too_many)};
    pin_fonts();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
