/* Brand kits: what they change, what is refused with file and line, and files that would take too much time or memory.
 */
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "help_slides.h"
#include "slides/contrast.h"
#include "slides/image.h"
#include "slides/pages.h"

static void write_bytes(struct desk *desk, const char *name, const void *bytes, size_t length)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", desk_folder(desk), name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void write_text(struct desk *desk, const char *name, const char *text)
{
    write_bytes(desk, name, text, strlen(text));
}

/* The kit mine.yml beside the deck, named by the deck: nothing may leave its folder. */
static enum status load(struct desk *desk, const char *kit, struct style *style)
{
    if (kit)
        write_text(desk, "mine.yml", kit);
    struct style_wish wish = {.brand = "mine.yml", .folder = desk_folder(desk)};
    return style_open(&wish, style, &desk->diags);
}

#define WHO "name: A\nperson: P\n"
static const char good_svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\">"
                               "<rect width=\"40\" height=\"20\" fill=\"#00ff00\"/></svg>";

static void a_whole_kit(void **state)
{
    (void)state;
    static const char kit[] =
        WHO "handle: \"@a\"\nlicence: CC0\navatar: a.svg\n"
            "logo: {on_light: a.svg, on_dark: a.svg, alt: A}\ntheme: paper\npattern: waves seed=3\n"
            "palette:\n  accent: \"#7A1FA2\"\n  on_accent: \"#FFFFFF\"\n"
            "palette_on_dark: {accent: \"#E0B0FF\", on_accent: \"#000000\"}\n"
            "header: {left: logo handle, right: counter, show: inner last}\n"
            "footer: {center: bar}\nswipe: {shape: chevrons, label: Swipe, show: first}\n"
            "outro: {call: save, qr: true, sources: none}\n";
    struct desk desk;
    struct style style;
    desk_open(&desk, "# A\n");
    write_text(&desk, "a.svg", good_svg);
    assert_int_equal(load(&desk, kit, &style), STATUS_OK);
    must_be_clean(&desk.diags);
    const struct brand *brand = &style.brand;
    assert_string_equal(style.theme.name, "paper");
    assert_true(fabs(style.theme.colors[ROLE_ACCENT].r - 0x7a / 255.0) < 1e-9);
    assert_string_equal(brand->mark, "A"); /* made from the names */
    assert_string_equal(brand->initials, "P");
    assert_non_null(brand->avatar);
    assert_true(fabs(image_aspect(brand->logo_on_light) - 2) < 1e-9);
    assert_int_equal(brand->header.sides[BRAND_LEFT].count, 2);
    assert_int_equal(brand->header.sides[BRAND_LEFT].words[1], SLOT_HANDLE);
    assert_int_equal(brand->header.show, SHOW_INNER | SHOW_LAST);
    assert_int_equal(brand->footer.sides[BRAND_LEFT].count, 0); /* a strip that is described holds that and no more */
    assert_int_equal(brand->footer.sides[BRAND_CENTER].words[0], SLOT_BAR);
    assert_int_equal(brand->footer.show, SHOW_ALL);
    assert_int_equal(brand->swipe, SWIPE_CHEVRONS);
    assert_true(brand->qr && !brand->sources);
    assert_string_equal(brand->call, "save");
    style_free(&style);
    struct style_wish dark = {.brand = "mine.yml", .theme = "ink", .folder = desk_folder(&desk)};
    assert_int_equal(style_open(&dark, &style, &desk.diags), STATUS_OK);
    must_be_clean(&desk.diags);
    assert_true(fabs(style.theme.colors[ROLE_ACCENT].r - 0xe0 / 255.0) < 1e-9);
    style_free(&style);
    desk_close(&desk);
}

/* Dark letters on a dark ground: told, unless the kit has a logo for it. */
static void a_logo_for_the_other_ground(void **state)
{
    static const struct {
        const char *logo, *theme;
        bool told;
    } cases[] = {{"{on_light: a.svg}", "ink", true},
                 {"{on_light: a.svg}", "paper", false},
                 {"{on_dark: a.svg}", "paper", true},
                 {"{on_light: a.svg, on_dark: a.svg}", "ink", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        struct style style;
        char kit[200];
        desk_open(&desk, "# A\n");
        write_text(&desk, "a.svg", good_svg);
        snprintf(kit, sizeof kit, WHO "theme: %s\nlogo: %s\n", cases[i].theme, cases[i].logo);
        assert_int_equal(load(&desk, kit, &style), STATUS_OK);
        if (cases[i].told)
            must_say(&desk.diags, 4, "the logo is for");
        else
            must_be_clean(&desk.diags);
        style_free(&style);
        desk_close(&desk);
    }
}

static void shown_on(void **state)
{
    (void)state;
    static const struct {
        unsigned show;
        bool first, inner, last;
    } cases[] = {{SHOW_ALL, true, true, true},     {0, false, false, false},
                 {SHOW_FIRST, true, false, false}, {SHOW_INNER, false, true, false},
                 {SHOW_LAST, false, false, true},  {SHOW_FIRST | SHOW_LAST, true, false, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(brand_shows(cases[i].show, 0, 5), cases[i].first);
        assert_int_equal(brand_shows(cases[i].show, 2, 5), cases[i].inner);
        assert_int_equal(brand_shows(cases[i].show, 4, 5), cases[i].last);
        assert_int_equal(brand_shows(cases[i].show, 0, 1), cases[i].first); /* a lone slide is the first */
    }
}

/* Every fault names its line and what would be right. */
static void broken_kits(void **state)
{
    (void)state;
    static const struct {
        const char *kit;
        int line;
        const char *what, *remedy;
    } cases[] = {
        {WHO "handel: \"@a\"\n", 3, "handel", "handle"},
        {WHO "logo:\n  on_lihgt: a.svg\n", 4, "on_lihgt", "on_light"},
        {"name: A\n", -1, "person", NULL},
        {WHO "avatar: gone.svg\n", 3, "gone.svg: cannot open", "looked up"},
        {WHO "logo: {on_light: gone.png}\n", 3, "gone.png: cannot open", NULL},
        {WHO "avatar: /etc/hostname\n", 3, "/etc/hostname: this is a whole path", "--allow-outside"},
        {WHO "avatar: ../a.svg\n", 3, "../a.svg: this path leaves the folder", "--allow-outside"},
        {WHO "avatar: x/../../a.svg\n", 3, "this path leaves the folder", NULL},
        {WHO "avatar: \"https://example.org/a.svg\"\n", 3, "the network is never loaded", "Save a copy"},
        {WHO "avatar: link.svg\n", 3, "this link leads out of the folder", NULL},
        {WHO "avatar: mine.yml\n", 3, "neither a PNG nor an SVG", NULL},
        {WHO "avatar: empty.svg\n", 3, "0 bytes", NULL},
        {WHO "theme: papr\n", -1, "there is no theme 'papr'", "paper"},
        {WHO "theme: ../../etc/x.yml\n", -1, "this path leaves the folder", NULL},
        {WHO "type: robto\n", -1, "there is no type pair 'robto'", "roboto"},
        {WHO "pattern: wafes\n", 3, "there is no pattern 'wafes'", "waves"},
        {WHO "pattern: waves seed=x\n", 3, "'seed=x'", NULL},
        {WHO "fonts: {heading: Nonesuch, packages: fonts-none}\n", -1, "'Nonesuch' is not installed", "fonts-none"},
        {WHO "header: {left: logo nmae}\n", 3, "header.left: 'nmae' means nothing here", "name"},
        {WHO "footer:\n  right: countr\n", 4, "footer.right: 'countr' means nothing here", "counter"},
        {WHO "header: {left: logo name handle website counter}\n", 3, "holds more than 4 things", NULL},
        {WHO "header: {show: frist}\n", 3, "header.show: 'frist' means nothing here", "first"},
        {WHO "swipe: {shape: arow}\n", 3, "swipe.shape: 'arow'", "arrow"},
        {WHO "outro: {sources: some}\n", 3, "outro.sources: 'some'", "none"},
        {WHO "palette:\n  muted: \"#404040\"\n  accent: purple\n", 5, "'purple' is not a colour", "#0F141B"},
        {WHO "theme: paper\npalette: {accent: \"#FFCC66\"}\n", 4, "accent on background has a contrast of",
         "--fix-contrast"},
        {WHO "palette_on_dark:\n  muted: \"#333333\"\n", 4, "muted on surface has a contrast of", "--fix-contrast"},
        {"- a\n", -1, "YAML", NULL},
    };
    struct desk desk;
    char link[300];
    desk_open(&desk, "# A\n");
    snprintf(link, sizeof link, "%s/link.svg", desk_folder(&desk));
    assert_int_equal(symlink("/etc/hostname", link), 0);
    write_text(&desk, "empty.svg", "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct style style;
        assert_int_equal(load(&desk, cases[i].kit, &style), STATUS_BAD_INPUT);
        must_say(&desk.diags, cases[i].line, cases[i].what);
        if (cases[i].remedy)
            must_say(&desk.diags, -1, cases[i].remedy);
        assert_null(style.brand.name);
        diags_free(&desk.diags);
    }
    desk_close(&desk);
}

static void who_trusts_may_go_outside(void **state)
{
    (void)state;
    struct desk desk;
    struct style style;
    char folder[300], inner[400];
    desk_open(&desk, "# A\n");
    snprintf(folder, sizeof folder, "%s/deck", desk_folder(&desk));
    assert_int_equal(mkdir(folder, 0700), 0);
    write_text(&desk, "a.svg", good_svg);
    write_text(&desk, "deck/mine.yml", WHO "avatar: ../a.svg\n");
    struct style_wish wish = {.brand = "mine.yml", .folder = folder};
    assert_int_equal(style_open(&wish, &style, &desk.diags), STATUS_BAD_INPUT);
    diags_free(&desk.diags);
    wish.own_brand = true; /* the kit was named by the user; what the kit names is still its author's */
    assert_int_equal(style_open(&wish, &style, &desk.diags), STATUS_BAD_INPUT);
    diags_free(&desk.diags);
    wish.outside = true;
    assert_int_equal(style_open(&wish, &style, &desk.diags), STATUS_OK);
    must_be_clean(&desk.diags);
    style_free(&style);
    /* A deck that names a kit above itself: only a user may. */
    snprintf(inner, sizeof inner, "%s/inner", folder);
    assert_int_equal(mkdir(inner, 0700), 0);
    write_text(&desk, "deck/mine.yml", WHO);
    wish = (struct style_wish){.brand = "../mine.yml", .folder = inner};
    assert_int_equal(style_open(&wish, &style, &desk.diags), STATUS_BAD_INPUT);
    must_say(&desk.diags, -1, "brand '../mine.yml': this path leaves the folder");
    diags_free(&desk.diags);
    wish.own_brand = true;
    assert_int_equal(style_open(&wish, &style, &desk.diags), STATUS_OK);
    style_free(&style);
    desk_close(&desk);
}

static void colours_are_mended_when_asked(void **state)
{
    (void)state;
    static const char kit[] = WHO "theme: paper\npalette:\n  accent: \"#FFCC66\"\n  on_accent: \"#FFFFFF\"\n";
    struct desk desk;
    struct style style;
    struct color asked;
    desk_open(&desk, "# A\n");
    write_text(&desk, "mine.yml", kit);
    struct style_wish wish = {.brand = "mine.yml", .folder = desk_folder(&desk), .fix_contrast = true};
    assert_int_equal(style_open(&wish, &style, &desk.diags), STATUS_OK);
    assert_int_equal(desk.diags.errors, 0);
    assert_int_equal(desk.diags.count, 1); /* white on the darker accent can be read: it is left alone */
    must_say(&desk.diags, 5, "accent is mended from #FFCC66 to #");
    must_say(&desk.diags, 5, ":1 on surface becomes 4.5");
    color_read("#FFCC66", &asked);
    struct oklch from = color_to_oklch(asked), to = color_to_oklch(style.theme.colors[ROLE_ACCENT]);
    assert_true(fabs(from.h - to.h) < 0.06 && to.l < from.l);
    style_free(&style);
    desk_close(&desk);
}

/* A PNG of 100,000 by 100,000 pixels is 40 GB once unpacked; its head alone is enough to know. */
static void a_giant_png(void **state)
{
    (void)state;
    static const unsigned char head[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0,    13,
                                         'I',  'H', 'D', 'R', 0,    1,    0x86, 0xa0, 0, 1, 0x86, 0xa0,
                                         8,    6,   0,   0,   0,    0,    0,    0,    0, 0, 0,    0};
    struct desk desk;
    struct style style;
    desk_open(&desk, "# A\n");
    write_bytes(&desk, "giant.png", head, sizeof head);
    assert_int_equal(load(&desk, WHO "avatar: giant.png\n", &style), STATUS_BAD_INPUT);
    must_say(&desk.diags, 3, "more than 40 million pixels");
    diags_free(&desk.diags);
    write_bytes(&desk, "giant.png", head, 20); /* cut off in its head */
    assert_int_equal(load(&desk, NULL, &style), STATUS_BAD_INPUT);
    must_say(&desk.diags, 3, "giant.png: ");
    desk_close(&desk);
}

/* Ten uses of ten uses of ... : `levels` deep. */
static char *nested_uses(int levels, int each)
{
    struct text svg = {0};
    text_add(&svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
                   "viewBox=\"0 0 9 9\"><defs><g id=\"a0\"><rect width=\"9\" height=\"9\"/></g>");
    for (int level = 1; level < levels; level++) {
        text_format(&svg, "<g id=\"a%d\">", level);
        for (int i = 0; i < each; i++)
            text_format(&svg, "<use xlink:href=\"#a%d\"/>", level - 1);
        text_add(&svg, "</g>");
    }
    text_format(&svg, "</defs><use xlink:href=\"#a%d\"/></svg>", levels - 1);
    return text_take(&svg);
}

static void svg_must_be_refused(struct desk *desk, const char *svg, const char *what)
{
    struct style style;
    write_text(desk, "bomb.svg", svg);
    assert_int_equal(load(desk, WHO "avatar: bomb.svg\n", &style), STATUS_BAD_INPUT);
    must_say(&desk->diags, 3, what);
    diags_free(&desk->diags);
}

#define SVG(inner) "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">" inner "</svg>"

/* The alarm ends a test that would run for minutes; the memory is that of the whole process. */
static void svgs_that_grow(void **state)
{
    (void)state;
    struct desk desk;
    struct style style;
    struct rusage before, after;
    desk_open(&desk, "# A\n");
    getrusage(RUSAGE_SELF, &before);
    alarm(120);
    char *bomb = nested_uses(9, 10), *wide = nested_uses(12, 40), *harmless = nested_uses(4, 10);
    char *deep = repeated("<svg xmlns=\"http://www.w3.org/2000/svg\">", "<g>", 100000);
    char *flat = repeated("<svg xmlns=\"http://www.w3.org/2000/svg\">", "<g/>", 100001);
    struct text closed = {0};
    text_format(&closed, "%s</svg>", flat);
    svg_must_be_refused(&desk, bomb, "by <use> in <use>");
    svg_must_be_refused(&desk, wide, "by <use> in <use>");
    svg_must_be_refused(&desk, deep, "neither a PNG nor an SVG");
    svg_must_be_refused(&desk, closed.bytes, "more than 100,000 elements");
    svg_must_be_refused(&desk, SVG("<g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g>"),
                        "by <use> in <use>");
    svg_must_be_refused(&desk, SVG("<filter id=\"f\"><feGaussianBlur stdDeviation=\"900\"/></filter>"), "filters");
    svg_must_be_refused(&desk, SVG("<image href=\"file:///etc/hostname\"/>"), "pixels or filters");
    svg_must_be_refused(&desk, SVG("<foreignObject/>"), "pixels or filters");
    svg_must_be_refused(&desk, "<!DOCTYPE svg [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>" SVG("<text>&b;</text>"),
                        "entities");
    svg_must_be_refused(&desk, "<html/>", "neither a PNG nor an SVG");
    write_text(&desk, "bomb.svg", harmless); /* a thousand of them are no bomb */
    assert_int_equal(load(&desk, NULL, &style), STATUS_OK);
    style_free(&style);
    alarm(0);
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 300 * 1024);
    text_free(&closed);
    free(bomb);
    free(wide);
    free(harmless);
    free(deep);
    free(flat);
    desk_close(&desk);
}

/* A header on inner slides only, no footer: what is drawn, seen in pixels. */
static void slots_are_drawn_where_the_kit_says(void **state)
{
    (void)state;
    static const char kit[] = WHO "logo: {on_light: a.svg, on_dark: a.svg}\npattern: none\n"
                                  "header: {left: logo, show: inner}\nfooter: {show: none}\n";
    struct desk desk;
    desk_open(&desk, "# A\n\n---\n# B\n\n---\n# C\n");
    write_text(&desk, "a.svg", good_svg);
    write_text(&desk, "mine.yml", kit);
    char path[300];
    snprintf(path, sizeof path, "%s/mine.yml", desk_folder(&desk));
    struct prepared prepared;
    struct pages pages;
    struct pages_look look = {.brand = path};
    assert_int_equal(prepare_deck(&desk.deck, desk.records, 1, false, &prepared, &desk.diags), STATUS_OK);
    assert_int_equal(pages_open(&prepared, &look, &pages, &desk.diags), STATUS_OK);
    must_be_clean(&desk.diags);
    for (size_t i = 0; i < 3; i++) {
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1080, 1350);
        cairo_t *cairo = cairo_create(surface);
        int green = 0;
        pages_draw(&pages, i, cairo, NULL, &desk.diags);
        cairo_destroy(cairo);
        cairo_surface_flush(surface);
        for (int y = 0; y < 1350; y++)
            for (int x = 0; x < 1080; x++) {
                const unsigned char *row =
                    cairo_image_surface_get_data(surface) + (long)y * cairo_image_surface_get_stride(surface);
                green += (((const uint32_t *)(const void *)row)[x] & 0xffffff) == 0x00ff00;
            }
        if (i == 1) /* 56 high, twice as wide */
            assert_true(abs(green - 56 * 112) < 300);
        else
            assert_int_equal(green, 0);
        cairo_surface_destroy(surface);
    }
    pages_close(&pages);
    prepared_free(&prepared);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_kit),
        cmocka_unit_test(a_logo_for_the_other_ground),
        cmocka_unit_test(shown_on),
        cmocka_unit_test(broken_kits),
        cmocka_unit_test(who_trusts_may_go_outside),
        cmocka_unit_test(colours_are_mended_when_asked),
        cmocka_unit_test(a_giant_png),
        cmocka_unit_test(svgs_that_grow),
        cmocka_unit_test(slots_are_drawn_where_the_kit_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
