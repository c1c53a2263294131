/* Patterns: deterministic, the same on both sides of a seam, never loud, and absent where closely read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data_path.h"
#include "help_slides.h"
#include "slides/contrast.h"
#include "slides/pages.h"

enum { W = 540, H = 400 };

static struct pattern_wish wish_of(const char *text)
{
    struct pattern_wish wish;
    struct diags diags = {0};
    assert_int_equal(pattern_read(text, "a.md", 1, &wish, &diags), STATUS_OK);
    must_be_clean(&diags);
    return wish;
}

/* Slide `index` of canvases `width` wide, at half of the usual unit. */
static cairo_surface_t *drawn(struct style *style, const struct pattern_wish *wish, int index, int width)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, H);
    struct diags diags = {0};
    struct paint paint = {.cairo = cairo_create(surface), .style = style, .diags = &diags};
    style->canvas.width = width;
    style->canvas.height = H;
    style->unit = 0.5;
    paint_role(&paint, ROLE_BACKGROUND);
    cairo_paint(paint.cairo);
    pattern_draw(&paint, wish, index);
    cairo_destroy(paint.cairo);
    cairo_surface_flush(surface);
    must_be_clean(&diags);
    return surface;
}

static uint32_t pixel(cairo_surface_t *surface, int x, int y)
{
    const unsigned char *row =
        cairo_image_surface_get_data(surface) + (long)y * cairo_image_surface_get_stride(surface);
    return ((const uint32_t *)(const void *)row)[x] & 0xffffff;
}

static int differences(cairo_surface_t *a, cairo_surface_t *b)
{
    int count = 0;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            count += pixel(a, x, y) != pixel(b, x, y);
    return count;
}

static void load_theme(const char *name, struct style *style)
{
    struct diags diags = {0};
    assert_int_equal(style_load(NULL, name, NULL, NULL, ".", style, &diags), STATUS_OK);
    must_be_clean(&diags);
}

static void ten_patterns_and_none(void **state)
{
    (void)state;
    static const char *const names[] = {"none",     "dots",    "grid",      "graph", "diagonals", "waves",
                                        "contours", "circuit", "isometric", "grain", "gradient"};
    size_t count;
    const struct pattern *const *table = pattern_table(&count);
    assert_int_equal(count, 11);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(table[i]->name, names[i]);
}

static void the_same_each_time(void **state)
{
    (void)state;
    size_t count;
    const struct pattern *const *table = pattern_table(&count);
    struct style style;
    load_theme("ink", &style);
    for (size_t i = 0; i < count; i++) {
        struct pattern_wish wish = {table[i], false, 4}, other = {table[i], false, 5}, going = {table[i], true, 4};
        cairo_surface_t *once = drawn(&style, &wish, 0, W), *again = drawn(&style, &wish, 3, W);
        cairo_surface_t *reseeded = drawn(&style, &other, 0, W), *later = drawn(&style, &going, 3, W);
        bool seeded = strstr(table[i]->idea, "seeded") != NULL;
        int inked = 0;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                inked += pixel(once, x, y) != pixel(once, 0, 0);
        assert_true(i == 0 ? inked == 0 : inked > 500);
        assert_int_equal(differences(once, again), 0); /* each slide begins anew */
        assert_true((differences(once, reseeded) > 100) == seeded);
        if (seeded) /* continuous: slide 4 is elsewhere on the plane */
            assert_true(differences(once, later) > 100);
        cairo_surface_destroy(once);
        cairo_surface_destroy(again);
        cairo_surface_destroy(reseeded);
        cairo_surface_destroy(later);
    }
    style_free(&style);
}

static int apart(uint32_t a, uint32_t b)
{
    int most = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        int step = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
        most = step > most ? step : most;
    }
    return most;
}

/* Two slides beside each other are the picture that one slide twice as wide would show, but for two levels of
 * 255 that rounding may cost where lines overlap or are cut. */
static void continuous_over_the_seam(void **state)
{
    (void)state;
    size_t count;
    const struct pattern *const *table = pattern_table(&count);
    struct style style;
    load_theme("paper", &style);
    for (size_t i = 0; i < count; i++) {
        struct pattern_wish wish = {table[i], true, 9};
        if (strcmp(table[i]->name, "gradient") == 0)
            continue; /* its period is a slide's width: below */
        cairo_surface_t *left = drawn(&style, &wish, 0, W), *right = drawn(&style, &wish, 1, W);
        cairo_surface_t *both = drawn(&style, &wish, 0, 2 * W);
        for (int y = 0; y < H; y++)
            for (int x = 0; x < 2 * W; x++)
                if (apart(pixel(both, x, y), pixel(x < W ? left : right, x % W, y)) > 2)
                    fail_msg("%s: not the same at %d,%d", table[i]->name, x, y);
        cairo_surface_destroy(left);
        cairo_surface_destroy(right);
        cairo_surface_destroy(both);
    }
    style_free(&style);
}

static void a_gradient_goes_on(void **state)
{
    (void)state;
    struct style style;
    load_theme("paper", &style);
    struct pattern_wish wish = wish_of("gradient continuous");
    for (int index = 0; index < 3; index++) {
        cairo_surface_t *left = drawn(&style, &wish, index, W), *right = drawn(&style, &wish, index + 1, W);
        int widest = 0;
        for (int y = 0; y < H; y++) {
            int step = abs((int)(pixel(left, W - 1, y) & 255) - (int)(pixel(right, 0, y) & 255));
            int across = abs((int)(pixel(left, 0, y) & 255) - (int)(pixel(left, W - 1, y) & 255));
            assert_true(step <= 1);
            widest = across > widest ? across : widest;
        }
        assert_true(widest > 10); /* it does change over a slide */
        cairo_surface_destroy(left);
        cairo_surface_destroy(right);
    }
    style_free(&style);
}

static struct color color_of(uint32_t pixel_value)
{
    return (struct color){(pixel_value >> 16 & 255) / 255.0, (pixel_value >> 8 & 255) / 255.0,
                          (pixel_value & 255) / 255.0};
}

/* Every pixel of every pattern over every theme: texts stand on it. */
static void texts_can_be_read_on_every_pixel(void **state)
{
    (void)state;
    static const enum role texts[] = {ROLE_TEXT, ROLE_MUTED, ROLE_ACCENT, ROLE_ACCENT2};
    size_t patterns, themes;
    const struct pattern *const *table = pattern_table(&patterns);
    char **names = data_names("slides/themes", ".yml", &themes);
    for (size_t t = 0; t < themes; t++) {
        struct style style;
        load_theme(names[t], &style);
        for (size_t i = 1; i < patterns; i++) {
            struct pattern_wish wish = {table[i], true, 1};
            cairo_surface_t *surface = drawn(&style, &wish, 1, W);
            uint32_t last = 0xff000000;
            for (int y = 0; y < H; y++)
                for (int x = 0; x < W; x++) {
                    uint32_t here = pixel(surface, x, y);
                    if (here == last)
                        continue;
                    last = here;
                    double loud = color_contrast(color_of(here), style.theme.colors[ROLE_BACKGROUND]);
                    if (loud > 1.26) /* 1.25, and what eight bits make of it */
                        fail_msg("%s over %s: %.3f:1", table[i]->name, names[t], loud);
                    for (int k = 0; k < 4; k++)
                        if (color_contrast(style.theme.colors[texts[k]], color_of(here)) < 4.48)
                            fail_msg("%s over %s: %s cannot be read", table[i]->name, names[t], role_name(texts[k]));
                }
            cairo_surface_destroy(surface);
        }
        style_free(&style);
    }
    data_names_free(names, themes);
}

/* A theme whose muted words just hold leaves no room for a pattern: it gets quieter, down to nothing. */
static void where_contrast_is_short_the_pattern_gives_way(void **state)
{
    (void)state;
    struct style style;
    load_theme("paper", &style);
    double before = color_contrast(pattern_color(&style), style.theme.colors[ROLE_BACKGROUND]);
    color_read("#767676", &style.theme.colors[ROLE_MUTED]); /* 4.54:1 on white */
    double after = color_contrast(pattern_color(&style), style.theme.colors[ROLE_BACKGROUND]);
    assert_true(before > 1.2 && after < 1.02);
    style_free(&style);
}

static int vividness(uint32_t p)
{
    int r = p >> 16 & 255, g = p >> 8 & 255, b = p & 255;
    int most = r > g ? r : g, least = r < g ? r : g;
    return (most > b ? most : b) - (least < b ? least : b);
}

/* Grey over a light ground looks like dirt: where the gradient is furthest from the ground, it has its own colour. */
static void a_gradient_is_never_dull(void **state)
{
    size_t themes;
    char **names = data_names("slides/themes", ".yml", &themes);
    struct pattern_wish wish = wish_of("gradient");
    (void)state;
    for (size_t t = 0; t < themes; t++) {
        struct style style;
        load_theme(names[t], &style);
        cairo_surface_t *surface = drawn(&style, &wish, 0, W);
        uint32_t ground = pixel(surface, 0, 0), far = ground;
        double most = 1;
        for (int x = 0; x < W; x++) {
            uint32_t here = pixel(surface, x, H / 2);
            double away = color_contrast(color_of(here), color_of(ground));
            if (away > most) {
                most = away;
                far = here;
            }
        }
        if (vividness(far) <= vividness(ground))
            fail_msg("%s: from #%06x to #%06x", names[t], ground, far);
        cairo_surface_destroy(surface);
        style_free(&style);
    }
    data_names_free(names, themes);
}

static void as_it_is_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what, *remedy;
    } wrong[] = {{"dot", "there is no pattern 'dot'", "dots"},
                 {"waves continous", "there is no pattern 'continous'", "continuous"},
                 {"waves seed=-1", "'seed=-1'", NULL},
                 {"waves seed=7x", "'seed=7x'", NULL},
                 {"continuous", "there is no pattern 'continuous'", NULL},
                 {"", "there is no pattern ''", "Patterns: none, dots"}};
    struct pattern_wish wish = wish_of("seed=77, contours  continuous");
    assert_string_equal(wish.pattern->name, "contours");
    assert_true(wish.continuous);
    assert_int_equal(wish.seed, 77);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct diags diags = {0};
        assert_int_equal(pattern_read(wrong[i].text, "a.md", 3, &wish, &diags), STATUS_BAD_INPUT);
        must_say(&diags, 3, wrong[i].what);
        if (wrong[i].remedy)
            must_say(&diags, 3, wrong[i].remedy);
        diags_free(&diags);
    }
}

static const char *pattern_on(const struct pages *pages, size_t index)
{
    const struct pattern *pattern = pages->items[index].pattern.pattern;
    return pattern ? pattern->name : "";
}

static void none_behind_code_and_charts(void **state)
{
    (void)state;
    static const char deck[] =
        "---\npattern: waves continuous\n---\n# A\n\n---\n<!-- _class: claim -->\n# B\n\nwords\n\n"
        "---\n<!-- _class: claim -->\n# C\n\n```c\ncode\n```\n\n---\n"
        "<!-- pattern: grid -->\n# D\n\n```chart\nkind: bar\nrows:\n"
        "  - {name: naive, value: naive.n4096.time}\n  - {name: flash, value: flash.n4096.time}\n```\n\n"
        "---\n# E\n";
    static const char *const want[] = {"waves", "waves", "", "", "grid"};
    struct desk desk;
    struct prepared prepared;
    struct pages pages;
    struct pages_look look = {0};
    desk_open(&desk, deck);
    assert_int_equal(prepare_deck(&desk.deck, desk.records, 1, false, &prepared, &desk.diags), STATUS_OK);
    assert_int_equal(pages_open(&prepared, &look, &pages, &desk.diags), STATUS_OK);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(pattern_on(&pages, i), want[i]);
    pages_close(&pages);
    look.brand = "kiln"; /* the kit's is not the deck's */
    assert_int_equal(pages_open(&prepared, &look, &pages, &desk.diags), STATUS_OK);
    assert_string_equal(pattern_on(&pages, 0), "waves");
    pages_close(&pages);
    free(desk.deck.pattern);
    desk.deck.pattern = NULL;
    look.brand = "northlight";
    assert_int_equal(pages_open(&prepared, &look, &pages, &desk.diags), STATUS_OK);
    assert_string_equal(pattern_on(&pages, 0), "contours"); /* the kit's, on a hook */
    assert_string_equal(pattern_on(&pages, 1), "");         /* and on no claim */
    pages_close(&pages);
    prepared_free(&prepared);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_patterns_and_none),
        cmocka_unit_test(the_same_each_time),
        cmocka_unit_test(continuous_over_the_seam),
        cmocka_unit_test(a_gradient_goes_on),
        cmocka_unit_test(texts_can_be_read_on_every_pixel),
        cmocka_unit_test(where_contrast_is_short_the_pattern_gives_way),
        cmocka_unit_test(a_gradient_is_never_dull),
        cmocka_unit_test(as_it_is_written),
        cmocka_unit_test(none_behind_code_and_charts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
