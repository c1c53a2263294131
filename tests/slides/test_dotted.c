/* Source lines are broken between their parts: no dot is left at a line's end, no word is lost, no line is added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <stdlib.h>
#include <string.h>

#include "help_pages.h"
#include "slides/dotted.h"
#include "slides/escape.h"

static const struct text_style small = {.face = FACE_BODY, .size = 28, .weight = 400, .line_height = 1.3};

#define DOT "\xc2\xa0\xc2\xb7 "
static const char device[] = "Intel Xeon" DOT "2 threads" DOT "median of 25\xe2\x80\x93"
                             "100" DOT "2026-11-25" DOT "492a8ad";
static const char *const texts[] = {
    device,
    "Google 2024" DOT "OpenAI 2023" DOT "Anthropic 2023" DOT "Meta 2024",
    "AMD EPYC 9654 96-Core" DOT "2 threads" DOT "2026-11-25" DOT "492a8ad; NVIDIA H100 80GB HBM3" DOT "median of 25" DOT
    "2026-11-24" DOT "1a2b3c4+",
    "median of 15 \xc2\xb7 marks show the 99\xe2\x80\xaf% interval \xc2\xb7 both scales logarithmic",
    "a & b < c" DOT "one part of so many words that no line of a slide can hold all of it at once, however wide" DOT
    "d",
};
enum { TEXTS = sizeof texts / sizeof texts[0] };

struct easel {
    struct style style;
    struct diags diags;
    struct paint paint;
    cairo_surface_t *surface;
};

static void easel_open(struct easel *easel)
{
    *easel = (struct easel){.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1)};
    assert_int_equal(style_load(NULL, "paper", NULL, NULL, ".", &easel->style, &easel->diags), STATUS_OK);
    easel->paint =
        (struct paint){.cairo = cairo_create(easel->surface), .style = &easel->style, .diags = &easel->diags};
}

static void easel_close(struct easel *easel)
{
    must_be_clean(&easel->diags);
    cairo_destroy(easel->paint.cairo);
    cairo_surface_destroy(easel->surface);
    style_free(&easel->style);
    diags_free(&easel->diags);
}

static int lines_of(struct easel *easel, const char *plain, double width)
{
    char *markup = escaped_markup(plain);
    int lines = paint_text_size(&easel->paint, &small, markup, width).lines;
    free(markup);
    return lines;
}

/* Its words alone, a space between any two. */
static char *words_of(const char *plain)
{
    static const char *const gaps[] = {DOT, " \xc2\xb7 ", "\n", " "};
    struct text words = {0};
    while (*plain) {
        size_t gap = 0;
        for (size_t g = 0; g < sizeof gaps / sizeof gaps[0] && !gap; g++)
            gap = strncmp(plain, gaps[g], strlen(gaps[g])) == 0 ? strlen(gaps[g]) : 0;
        text_add_bytes(&words, gap ? " " : plain, 1);
        plain += gap ? gap : 1;
    }
    return text_take(&words);
}

static int count_of(const char *text, const char *what)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        count++;
    return count;
}

static void must_have_no_bare_dot(const char *broken)
{
    static const char *const bare[] = {"\xc2\xb7\n", "\xc2\xb7 \n", "\n\xc2\xb7", "\n "};
    for (size_t b = 0; b < sizeof bare / sizeof bare[0]; b++)
        if (strstr(broken, bare[b]))
            fail_msg("a bare dot: %s", broken);
}

static void lines_begin_and_end_with_words(void **state)
{
    struct easel easel;
    int tried = 0;
    (void)state;
    easel_open(&easel);
    for (size_t t = 0; t < TEXTS; t++)
        for (double width = 260; width < 1000; width += 7) {
            char *broken = dotted_broken(&easel.paint, &small, texts[t], width);
            char *before = words_of(texts[t]), *after = words_of(broken);
            must_have_no_bare_dot(broken);
            assert_string_equal(before, after);
            int lines = count_of(broken, "\n") + 1;
            assert_int_equal(lines, lines_of(&easel, broken, width)); /* Pango breaks none of them again */
            assert_in_range(lines, 1, lines_of(&easel, texts[t], width));
            tried += lines > 1;
            free(before);
            free(after);
            free(broken);
        }
    assert_true(tried > 200);
    easel_close(&easel);
}

static void parts_stay_whole_and_lines_even(void **state)
{
    struct easel easel;
    (void)state;
    easel_open(&easel);
    for (double width = 600; width < 760; width += 10) { /* two lines, of whole parts */
        char *broken = dotted_broken(&easel.paint, &small, device, width);
        assert_non_null(strstr(broken, "2 threads"));
        assert_non_null(strstr(broken, "median of 25"));
        free(broken);
    }
    char *broken = dotted_broken(&easel.paint, &small, device, 760);
    assert_string_equal(broken, "Intel Xeon" DOT "2 threads" DOT "median of 25\xe2\x80\x93"
                                "100\n2026-11-25" DOT "492a8ad");
    free(broken);
    easel_close(&easel);
}

static void what_fits_or_has_no_dots_is_left_alone(void **state)
{
    static const char *const plain[] = {"8,192 tokens, causal, 4 heads of 64, unseen documents, and so on and on",
                                        "x\xc2\xb7y is a product, and no parts: it has no room around its dot there",
                                        ""};
    struct easel easel;
    (void)state;
    easel_open(&easel);
    for (size_t i = 0; i < 3; i++) {
        char *broken = dotted_broken(&easel.paint, &small, plain[i], 2000);
        assert_string_equal(broken, plain[i]);
        free(broken);
    }
    char *broken = dotted_broken(&easel.paint, &small, plain[0], 400), *fits;
    assert_string_equal(broken, plain[0]);
    free(broken);
    fits = dotted_broken(&easel.paint, &small, device, 1200);
    assert_string_equal(fits, device);
    free(fits);
    easel_close(&easel);
}

/* On a slide, as who reads it sees it: two kinds of numbers, so that the sources stand beside their badges. */
static void a_slide_has_no_bare_dot(void **state)
{
    static const char source[] = "## A source of its own\n\nIt took {{ flash.n4096.time | ms }}; "
                                 "others have {{ published.gpt4.context | k }} tokens.\n";
    struct render_options options = {.formats = 1u << EXPORT_PDF, .size = "1:1"};
    struct desk desk;
    (void)state;
    desk_open(&desk, source);
    options.out = desk_folder(&desk);
    assert_int_equal(deck_render(&desk.deck, desk.records, 1, &options, &desk.diags), STATUS_OK);
    char *text = told_by("pdftotext", desk.folder, "-");
    desk_close(&desk);
    if (!text) {
        print_message("pdftotext is not here\n");
        skip();
    }
    /* NOLINTNEXTLINE(clang-analyzer-*): skip() does not return */
    assert_non_null(strstr(text, "median of 15\n2026-01-02 \xc2\xb7 1a2b3c4"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_begin_and_end_with_words),
        cmocka_unit_test(parts_stay_whole_and_lines_even),
        cmocka_unit_test(a_slide_has_no_bare_dot),
        cmocka_unit_test(what_fits_or_has_no_dots_is_left_alone),
    };
    pin_fonts();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
