/* Layouts on pages: everything finds its place on every canvas, and what does not is told before anything is drawn. */
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
#include <unistd.h>

#include "base/text.h"
#include "harness/data_path.h"
#include "help_pages.h"
#include "slides/geometry.h"

#define DRAWING "pages-drawing.svg"

static int make_drawing(void **state)
{
    (void)state;
    return drawing_make(DRAWING);
}

static int remove_drawing(void **state)
{
    (void)state;
    return drawing_remove(DRAWING);
}

/* Every layout with content as an author would have it; numbers of all kinds on them. */
static const char all_layouts[] =
    "---\npaginate: true\nlet:\n  - {name: fast, is: \"naive.n4096.time / flash.n4096.time\"}\n---\n"
    "<!-- pattern: none -->\n<!-- _class: hook -->\n# Same maths. **{{ fast | x 1 }} faster.**\n\n"
    "How attention learned to read long texts.\n"
    "---\n<!-- _class: claim -->\n## Reading less is the oldest way to read faster\n\n"
    "- A window keeps the nearest keys\n- A gate picks blocks of keys\n\nBoth trade *memory* for `recall`.\n"
    "---\n<!-- _class: chart -->\n## A window grew {{ published.gemini.context / published.gpt35.context | x 0 }}\n\n"
    "```chart\nkind: bar\nrows:\n  - {name: naive, value: naive.n4096.time}\n"
    "  - {name: flash, value: flash.n4096.time}\n```\n"
    "---\n<!-- _class: figure -->\n## Most of the square is never read\n\n"
    "```figure\nkind: matrix\nsize: 8\nmasks: [{name: causal, mask: causal}]\n```\n"
    "---\n<!-- _class: compare -->\n## Two ways to skip keys\n\n### Window\n\n**{{ sliding.n4096.time | ms }}**\n\n"
    "Nearest keys only\n\n### All keys\n\n**{{ flash.n4096.time | ms }}**\n\nEvery key\n"
    "---\n<!-- _class: quote -->\n> You read a chapter line by line, and the plot comes to mind now and then.\n\n"
    "Somebody who reads\n"
    "---\n<!-- _class: big-number -->\n# {{ fast | x 1 }}\n\n## Scores that stay in cache\n\n"
    "Measured at {{ published.gpt35.context | tokens }}, with {{ flash.n4096.bytes | MB }} to move at least.\n"
    "---\n<!-- _class: list -->\n## Three points\n\n1. **One.** Of three\n2. **Two.** Of them\n   - inner\n3. Three\n\n"
    "That is all.\n"
    "---\n<!-- _class: table -->\n## What it costs\n\n| kernel | time, ms | GB |\n|---|---|---|\n"
    "| naive | {{ naive.n4096.time | ms }} | 12.5 |\n| **flash** | {{ flash.n4096.time | ms }} | 1.25 |\n"
    "---\n<!-- _class: code -->\n## One loop\n\n```c file.c {2}\nfor (;;)\n    work(\"a\");\n```\n\nIt never ends.\n"
    "---\n<!-- _class: image -->\n## A drawing\n\n![a square](" DRAWING ")\n\nBy hand\n"
    "---\n<!-- _class: post -->\n# What was said\n\n### Ada Example @ada\n\nI measured it twice.\n\n*today*\n"
    "---\n<!-- _class: outro -->\n# Measure your own machine\n\nOne command draws these slides.\n\n"
    "**Save this for later**\n\n`example.org/flashdeck`\n";

/* Nothing beside the insets and the margins of 80; two pixels for what letters reach over their box. */
static void margins_must_be_empty(struct laid_out *out, size_t index, cairo_surface_t *surface)
{
    const struct style *style = out->pages.items[index].style;
    const struct canvas *canvas = &style->canvas;
    double margin = 80 * style->unit;
    int left = (int)fmax(margin, canvas->inset_left) - 2;
    int right = (int)(canvas->width - fmax(margin, canvas->inset_right)) + 2;
    int top = (int)(canvas->inset_top + 60 * style->unit);
    int bottom = (int)(canvas->height - canvas->inset_bottom - 36 * style->unit);
    uint32_t ground = ground_of(style);
    for (int y = 0; y < (int)canvas->height; y++)
        for (int x = 0; x < (int)canvas->width; x++)
            if ((x < left || x >= right || y < top || y >= bottom) && pixel(surface, x, y) != ground)
                fail_msg("slide %zu of %s: something is drawn at %d,%d", index + 1, canvas->name, x, y);
}

/* Of the first slide and this one, the left third of header and footer. */
static void frames_must_be_equal(struct laid_out *out, size_t index, cairo_surface_t *first, cairo_surface_t *surface)
{
    const struct style *style = out->pages.items[index].style;
    const struct canvas *canvas = &style->canvas;
    int header = (int)(canvas->inset_top + 140 * style->unit), ink = 0;
    int footer = (int)(canvas->height - canvas->inset_bottom - 102 * style->unit);
    for (int y = 0; y < (int)canvas->height; y++)
        for (int x = 0; x < (int)canvas->width / 3 && (y < header || y >= footer); x++) {
            ink += pixel(first, x, y) != ground_of(style);
            if (pixel(first, x, y) != pixel(surface, x, y))
                fail_msg("slide %zu of %s: header or footer differ at %d,%d", index + 1, canvas->name, x, y);
        }
    assert_true(ink > 1000);
}

static void every_layout_on_every_canvas(void **state)
{
    (void)state;
    static const char *const sizes[] = {"linkedin", "linkedin-square", "story", "slides"};
    static const char *const themes[] = {"ink", "paper"};
    for (size_t s = 0; s < 4; s++)
        for (size_t t = 0; t < 2; t++) {
            struct laid_out out;
            lay_out(&out, all_layouts, (struct pages_look){.size = sizes[s], .theme = themes[t]});
            must_be_clean(&out.desk.diags);
            assert_int_equal(out.status, STATUS_OK);
            size_t layouts;
            layouts_all(&layouts);
            assert_int_equal(out.pages.count, layouts); /* none is left out here */
            cairo_surface_t *first = NULL;
            for (size_t i = 0; i < out.pages.count; i++) {
                cairo_surface_t *surface = drawn(&out, i);
                margins_must_be_empty(&out, i, surface);
                if (first)
                    frames_must_be_equal(&out, i, first, surface);
                if (first)
                    cairo_surface_destroy(surface);
                else
                    first = surface;
            }
            cairo_surface_destroy(first);
            must_be_clean(&out.desk.diags);
            put_away(&out);
        }
}

static void a_layout_is_chosen_from_what_is_there(void **state)
{
    (void)state;
    static const char *const names[] = {"hook", "claim", "compare", "quote", "figure", "chart"};
    struct laid_out out;
    lay_out(&out,
            "# A\n---\n# B\n---\n# C\n\n### One\n\nx\n\n### Two\n\ny\n---\n> D\n---\n# E\n\n"
            "```figure\nkind: matrix\nsize: 8\nmasks: [{name: causal, mask: causal}]\n```\n---\n# F\n\n"
            "```chart\nkind: bar\nrows:\n  - {name: a, value: naive.n512.time}\n  - {name: b, value: "
            "flash.n512.time}\n```\n",
            (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(out.pages.items[i].layout->name, names[i]);
    assert_string_equal(out.pages.items[0].pattern.pattern->name, "dots"); /* the theme's, on a hook */
    assert_null(out.pages.items[1].pattern.pattern);
    put_away(&out);
}

/* Slides of a claim; the first has so many words, or so many items of a list. */
static char *claims(int slides, int words, int items, const char *rest)
{
    char *body = words ? repeated("", "words ", words) : repeated("", "- one item\n", items);
    struct text all = {0};
    for (int i = 0; i < slides; i++)
        text_format(&all, "%s<!-- _class: claim -->\n# A heading\n\n%s\n", i ? "---\n" : "", i ? "short" : body);
    text_add(&all, rest);
    free(body);
    return text_take(&all);
}

static void one_scale_for_all_slides_of_a_layout(void **state)
{
    (void)state;
    char *source = claims(3, 0, 9, "---\n<!-- _class: quote -->\n> short\n");
    struct laid_out out;
    lay_out(&out, source, (struct pages_look){.size = "1080x1080"});
    must_be_clean(&out.desk.diags);
    const struct page *items = out.pages.items;
    assert_true(items[0].type_scale < 1);
    for (int i = 1; i < 3; i++) {
        assert_true(items[i].type_scale == items[0].type_scale);
        assert_true(items[i].gap_scale == items[0].gap_scale);
    }
    assert_true(items[3].type_scale == 1);
    put_away(&out);
    lay_out(&out, source, (struct pages_look){.size = "linkedin"});
    assert_true(out.pages.items[0].type_scale == 1);
    put_away(&out);
    free(source);
}

static double right_of(struct box box)
{
    return box.x + box.w;
}

static void numbers_hang_on_their_points(void **state)
{
    (void)state;
    struct laid_out out;
    lay_out(&out,
            "<!-- _class: table -->\n# A\n\n| k | n |\n|---|---|\n| a | 2.5 |\n| b | 22.5 |\n| c | 222.25 |\n"
            "| d | 2 |\n| e | - |\n| **f** | 2.25 |\n",
            (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    struct placed_list placed = rehearsed(&out, 0);
    enum { A, NA, B, NB, C, NC, D, ND, E, NE, F, NF };
    double digit = nth_box(&placed, "cell", ND).w;
    assert_true(fabs(right_of(nth_box(&placed, "cell", NA)) - right_of(nth_box(&placed, "cell", NB))) < 1);
    assert_true(fabs(nth_box(&placed, "cell", NA).x - nth_box(&placed, "cell", NB).x - digit) < 1);
    assert_true(fabs(nth_box(&placed, "cell", NB).x - nth_box(&placed, "cell", NC).x - digit) < 1);
    assert_true(fabs(nth_box(&placed, "cell", NA).x - nth_box(&placed, "cell", ND).x) < 1);
    assert_true(fabs(right_of(nth_box(&placed, "cell", NC)) - right_of(nth_box(&placed, "column's head", 1))) < 4);
    assert_true(fabs(right_of(nth_box(&placed, "cell", NC)) - 1000) < 4); /* at the right margin */
    assert_true(fabs(nth_box(&placed, "cell", A).x - 80) < 1);
    placed_free(&placed);
    put_away(&out);
    lay_out(
        &out,
        "# A\n---\n| a | b | c | d | e | f | g | h | i |\n|---|---|---|---|---|---|---|---|---|\n|1|2|3|4|5|6|7|8|9|\n",
        (struct pages_look){0});
    must_say(&out.desk.diags, 3, "a table has at most 8 columns");
    put_away(&out);
}

/* From side to side, and nothing under header and footer. */
static void a_picture_bleeds_over_the_sides(void **state)
{
    (void)state;
    struct laid_out out;
    lay_out(&out, "<!-- _class: image -->\n# A\n\n![bg a square](" DRAWING ")\n", (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    cairo_surface_t *surface = drawn(&out, 0);
    uint32_t ground = ground_of(out.pages.items[0].style);
    assert_int_equal(pixel(surface, 0, 400), 0);
    assert_int_equal(pixel(surface, 1079, 400), 0);
    for (int x = 0; x < 1080; x += 7) {
        assert_int_equal(pixel(surface, x, 10), ground);
        assert_int_equal(pixel(surface, x, 1340), ground);
    }
    assert_string_equal(out.prepared.slides[0].blocks[1].text, "a square");
    cairo_surface_destroy(surface);
    put_away(&out);
}

/* The size of the first text of a slot. */
static double size_of(struct laid_out *out, size_t index, const char *slot)
{
    struct placed_list placed = rehearsed(out, index);
    double size = 0;
    for (size_t i = 0; i < placed.count && size == 0; i++)
        if (strcmp(placed.items[i].slot, slot) == 0)
            size = placed.items[i].size;
    placed_free(&placed);
    return size;
}

static void text_has_four_sizes(void **state)
{
    (void)state;
    static const char *const names[] = {"S", "M", "L", "xl"};
    double last = 0;
    struct laid_out out;
    for (int i = 0; i < 4; i++) {
        lay_out(&out, "<!-- _class: claim -->\n# A\n\nSome words\n", (struct pages_look){.text_size = names[i]});
        must_be_clean(&out.desk.diags);
        double size = size_of(&out, 0, "text");
        assert_true(size > last && size >= 36);
        last = size;
        put_away(&out);
    }
    lay_out(&out, "---\ntext_size: XL\n---\n<!-- _class: claim -->\n# A\n\nSome words\n", (struct pages_look){0});
    assert_true(size_of(&out, 0, "text") == last);
    put_away(&out);
    char *source = claims(2, 0, 9, ""); /* too much for XL: the search goes on below it */
    lay_out(&out, source, (struct pages_look){.size = "1080x1080", .text_size = "XL"});
    must_be_clean(&out.desk.diags);
    double size = size_of(&out, 0, "text");
    assert_true(size < last && size >= 36);
    assert_true(size_of(&out, 1, "text") == size);
    put_away(&out);
    free(source);
    lay_out(&out, "# A\n", (struct pages_look){.text_size = "XXL"});
    must_say(&out.desk.diags, -1, "there is no text size 'XXL'");
    put_away(&out);
}

/* What layouts promise is looked at all the same: two texts on each other, one over the margin. */
static void overlaps_are_told(void **state)
{
    (void)state;
    struct laid_out out;
    struct placed items[] = {{.slot = "heading", .box = {100, 200, 400, 100}, .size = 60},
                             {.slot = "text", .box = {100, 320, 400, 100}, .size = 40},
                             {.slot = "visual", .what = PLACED_PICTURE, .box = {100, 430, 800, 400}},
                             {.slot = "visual", .box = {120, 440, 100, 40}, .size = 28},
                             {.slot = "", .box = {100, 1250, 100, 40}, .size = 28}};
    struct placed_list placed = {items, 5};
    lay_out(&out, "# A\n", (struct pages_look){0});
    geometry_check(&out.pages, 0, &placed, &out.desk.diags);
    must_be_clean(&out.desk.diags);
    items[1].box.y = 290;
    items[2].box.h = 900;
    items[0].box.x = 800;
    items[0].box.w = 400;
    geometry_check(&out.pages, 0, &placed, &out.desk.diags);
    must_say(&out.desk.diags, 1, "slide 1: the heading stands 200 pixels over the margins");
    must_say(&out.desk.diags, 1, "visual and header or footer overlap by 40 pixels");
    items[0].box.x = 100;
    geometry_check(&out.pages, 0, &placed, &out.desk.diags);
    must_say(&out.desk.diags, 1, "heading and text overlap by 10 pixels");
    put_away(&out);
}

static void too_much_is_told_in_pixels(void **state)
{
    (void)state;
    char *source = claims(2, 0, 20, "");
    struct laid_out out;
    lay_out(&out, source, (struct pages_look){.size = "1080x1080"});
    assert_int_equal(out.status, STATUS_BAD_INPUT);
    must_say(&out.desk.diags, 1, "slide 1: its content is ");
    must_say(&out.desk.diags, 1, " pixels too high");
    must_say(&out.desk.diags, 1, "Shorten the text");
    assert_false(said(&out.desk.diags, -1, "slide 2: its content"));
    put_away(&out);
    free(source);
}

static void words_are_counted(void **state)
{
    (void)state;
    static const struct {
        int words;
        bool error, warning;
    } cases[] = {{40, false, false}, {41, false, true}, {45, false, true},
                 {60, false, true},  {61, true, false}, {70, true, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *source = claims(1, cases[i].words, 0, "");
        struct laid_out out;
        char words[40];
        lay_out(&out, source, (struct pages_look){0});
        snprintf(words, sizeof words, "slide 1 has %d words", cases[i].words);
        assert_int_equal(out.desk.diags.errors, cases[i].error);
        assert_int_equal(out.desk.diags.count, cases[i].error || cases[i].warning);
        if (out.desk.diags.count)
            must_say(&out.desk.diags, 1, words);
        put_away(&out);
        free(source);
    }
}

#define FIGURE "```figure\nkind: matrix\nsize: 8\nmasks: [{name: causal, mask: causal}]\n```\n"

static void what_has_no_place_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        int line;
        const char *what;
    } cases[] = {
        {"<!-- _class: post -->\n# A\n\n### B\n\nx\n\n### C\n\ny\n", 8, "'post' has no place for so many cards (###)"},
        {"<!-- _class: list -->\n# A\n\n- x\n\n" FIGURE, 6, "'list' has no place for a chart, figure or image"},
        {"<!-- _class: image -->\n# A\n\n| a |\n|---|\n", 4, "'image' has no place for a table"},
        {"# A\n\n" FIGURE "\n" FIGURE, 9, "slide 1 has no room for this: one visual"},
        {"# A\n## B\n## C\n", 3, "no room for this"},
        {"# A\n\n### 1\n\n### 2\n\n### 3\n\n### 4\n\nx\n", 9, "no room for this"},
        {"<!-- _class: claim -->\n# A\n\n### Sub\n\nwords\n", 4, "the layout 'claim' has no place for cards (###)"},
        {"<!-- _class: hook -->\n# A\n\n### Sub\n", 4, "the layout 'hook' has no place for cards"},
        {"<!-- _class: quote -->\n# A\n\n## B\n\n> q\n", 4, "'quote' has no place for a second heading"},
        {"<!-- _class: compare -->\n# A\n\n## B\n\n### c\n\nx\n", 4, "'compare' has no place for a second heading"},
        {"<!-- _class: compare -->\n# A\n\n" FIGURE "\n### c\n\nx\n", 4,
         "'compare' has no place for a chart, figure or image"},
        {"<!-- _class: outro -->\n# A\n\n```\ncode\n```\n", 4, "'outro' has no place for code"},
        {"<!-- _class: outro -->\n# A\n\n" FIGURE, 4, "'outro' has no place for a chart, figure or image"},
        {"<!-- _class: outro -->\n# A\n\n## B\n", 4, "'outro' has no place for a second heading"},
        {"# A\n---\n<!-- _class: clam -->\n# B\n", 3, "there is no layout 'clam'"},
        {"# A\n---\n<!-- theme: papr -->\n# B\n---\n# C\n---\n# D\n", 3, "there is no theme 'papr'"},
        {"# A\n---\n<!-- pattern: dot -->\n# B\n", 3, "there is no pattern 'dot'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct laid_out out;
        lay_out(&out, cases[i].source, (struct pages_look){0});
        assert_int_equal(out.status, STATUS_BAD_INPUT);
        must_say(&out.desk.diags, cases[i].line, cases[i].what);
        assert_int_equal(out.desk.diags.errors, 1); /* told once, however many slides it holds for */
        assert_string_equal(out.desk.diags.items[0].file, "deck.md");
        put_away(&out);
    }
}

static void slides_have_a_theme_from_theirs_on(void **state)
{
    (void)state;
    struct laid_out out;
    const char *source = "# A\n---\n<!-- theme: paper -->\n# B\n---\n# C\n---\n<!-- theme: ink -->\n# D\n";
    lay_out(&out, source, (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    static const char *const themes[] = {"ink", "paper", "paper", "ink"};
    for (int i = 0; i < 4; i++)
        assert_string_equal(out.pages.items[i].style->theme.name, themes[i]);
    assert_int_equal(out.pages.style_count, 2);
    put_away(&out);
    lay_out(&out, source, (struct pages_look){.theme = "nordic"}); /* the user's wish is over all */
    for (int i = 0; i < 4; i++)
        assert_string_equal(out.pages.items[i].style->theme.name, "nordic");
    put_away(&out);
}

static void a_canvas_takes_so_many_slides(void **state)
{
    (void)state;
    char *source = repeated("# A\n", "---\n# B\n", 4);
    struct laid_out out;
    lay_out(&out, source, (struct pages_look){.size = "x"});
    must_say(&out.desk.diags, -1, "5 slides; X, 16:9 takes 4 at most");
    put_away(&out);
    free(source);
}

static void characters_that_no_font_has(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        int line;
        const char *what;
    } cases[] = {
        {"# A\n\nwords\n\nmore \xe6\xbc\xa2\xe5\xad\x97 words\n", 5, "slide 1: the fonts"}, /* CJK */
        {"# A\n---\n# B\n\n\xe6\xbc\xa2\xe5\xad\x97\n", 5, "\"\xe6\xbc\xa2\xe5\xad\x97\" (U+6F22 U+5B57)"},
        {"# A\n\n\xe6\xbc\xa2\n", 3, "apt-get install fonts-noto-cjk"},
        {"# A\n\n\xd8\xa7\xd9\x84\n", 3, "apt-get install fonts-noto-core"}, /* Arabic */
        {"# A\n\n\xe1\x88\x80\n", 3, "Choose other characters, or a type pair"} /* Ethiopic: none */,
        {"# A\n\n\xf4\x8f\xbf\xbd\n", 3}, /* U+10FFFD */
        {"# A\n\n- one\n- \xf0\x9f\x98\x80\n", 4, "fonts-noto-color-emoji"},
        {"words\n\n# A \xe6\xbc\xa2\n", 3},
        {"<!-- _class: outro -->\nwords\n\n# \xe6\xbc\xa2\n", 4},
        {"<!-- _class: outro -->\n# A\n\n**\xe6\xbc\xa2**\n", 4},
        {"# A\n\n```\n\xe6\xbc\xa2\n```\n", 3},
        {"# A\n\n### \xe6\xbc\xa2\n\nx\n", 3},
        {"# A\n\n\xf4\x8f\xbf\xb0\n", 3}, /* what stands for a binding while Markdown is read */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct laid_out out;
        lay_out(&out, cases[i].source, (struct pages_look){0});
        must_say(&out.desk.diags, cases[i].line, "have no glyphs for");
        assert_int_equal(out.status, STATUS_BAD_INPUT);
        must_say(&out.desk.diags, cases[i].line, "Inter");
        if (cases[i].what)
            must_say(&out.desk.diags, cases[i].line, cases[i].what);
        assert_int_equal(out.desk.diags.errors, 1);
        put_away(&out);
    }
}

static void what_is_too_wide_is_told(void **state)
{
    (void)state;
    char *word = repeated("", "incomprehensibil", 6), source[600];
    static const struct {
        const char *form;
        int line;
        const char *what;
    } cases[] = {
        {"# %s\n", 1, "a word: "},
        {"# A\n\nwords\n\n%s\n", 5, "a word: "},
        {"# A\n\n- x\n- %s\n", 4, "a word: "},
        {"# A\n\n### One\n\n%.60s\n\n### Two\n\nx\n", 5, "a word: "},
        {"# A\n\n### One\n\n```\n%.50s\n```\n\n### Two\n\nx\n", 5, "a line of code: "},
        {"# A\n\n```\n%s\n```\n", 3, "code of 1 lines and 96 columns; a slide has room for 14 lines of 50"},
        {"# A\n---\n<!-- _class: outro -->\n# B\n\n**%.60s**\n", 6, "the button's label: "},
        {"# A\n---\n<!-- _class: outro -->\n# B\n\n`%.60s`\n", 6, "a word: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct laid_out out;
        snprintf(source, sizeof source, cases[i].form, word);
        lay_out(&out, source, (struct pages_look){0});
        assert_int_equal(out.status, STATUS_BAD_INPUT);
        must_say(&out.desk.diags, cases[i].line, cases[i].what);
        put_away(&out);
    }
    free(word);
}

static const char brand_form[] =
    "name: \"%s\"\nmark: \"%s\"\nperson: \"%s\"\ninitials: \"%s\"\nhandle: \"%s\"\nwebsite: \"%s\"\n";

static void brand_must(const char *const words[6], const char *what)
{
    struct desk desk;
    char brand[1500], path[200];
    desk_open(&desk, "# A\n");
    snprintf(brand, sizeof brand, brand_form, words[0], words[1], words[2], words[3], words[4], words[5]);
    snprintf(path, sizeof path, "%s/brand.yml", desk_folder(&desk));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(brand, file);
    fclose(file);
    struct laid_out out;
    lay_out(&out, "# A\n---\n<!-- _class: outro -->\n# B\n", (struct pages_look){.brand = path});
    if (what) {
        assert_int_equal(out.status, STATUS_BAD_INPUT);
        must_say(&out.desk.diags, -1, what);
    } else {
        must_be_clean(&out.desk.diags);
        assert_int_equal(out.status, STATUS_OK);
    }
    put_away(&out);
    desk_close(&desk);
}

static void a_brand_is_words_not_markup(void **state)
{
    (void)state;
    brand_must((const char *const[]){"A & B <i>", "&", "<span size='1'>P", "<>", "@a&b", "a.org/?a=1&b=<2>"}, NULL);
    brand_must((const char *const[]){"\xe6\xbc\xa2", "A", "P", "P", "@a", "a.org"}, "have no glyphs for");
    brand_must((const char *const[]){"A", "A", "P", "P", "@\xe6\xbc\xa2", "a.org"}, "have no glyphs for");
    char *name = repeated("", "A name ", 20), *handle = repeated("@", "handle", 8);
    brand_must((const char *const[]){name, "A", "P", "P", "@a", "a.org"}, "the brand's name: ");
    brand_must((const char *const[]){"A", "A", "P", "P", handle, "a.org"}, "the brand's handle: ");
    brand_must((const char *const[]){"A", "MMMM", "P", "P", "@a", "a.org"}, "the brand's mark: ");
    free(name);
    free(handle);
}

static void records_are_words_not_markup(void **state)
{
    (void)state;
    struct laid_out out = {0};
    desk_open(&out.desk, "# {{ flash.n512.time }} on {{ machine.cpu }}\n\n{{ flash.n9.time | else \"<b>&\" }}\n");
    free(out.desk.record.machine.cpu_name);
    out.desk.record.machine.cpu_name = strdup("<span size='9'>A & B</b> {{ x }}");
    assert_int_equal(prepare_deck(&out.desk.deck, out.desk.records, 1, false, &out.prepared, &out.desk.diags),
                     STATUS_OK);
    struct pages_look look = {0};
    out.status = pages_open(&out.prepared, &look, &out.pages, &out.desk.diags);
    must_be_clean(&out.desk.diags);
    assert_non_null(strstr(out.prepared.slides[0].blocks[0].text, "&lt;span size="));
    assert_non_null(strstr(out.prepared.slides[0].blocks[0].text, "&gt;A &amp; B&lt;/b&gt; {{ x }}"));
    put_away(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_on_every_canvas),
        cmocka_unit_test(a_layout_is_chosen_from_what_is_there),
        cmocka_unit_test(one_scale_for_all_slides_of_a_layout),
        cmocka_unit_test(numbers_hang_on_their_points),
        cmocka_unit_test(a_picture_bleeds_over_the_sides),
        cmocka_unit_test(text_has_four_sizes),
        cmocka_unit_test(overlaps_are_told),
        cmocka_unit_test(too_much_is_told_in_pixels),
        cmocka_unit_test(words_are_counted),
        cmocka_unit_test(what_has_no_place_is_told),
        cmocka_unit_test(slides_have_a_theme_from_theirs_on),
        cmocka_unit_test(a_canvas_takes_so_many_slides),
        cmocka_unit_test(characters_that_no_font_has),
        cmocka_unit_test(what_is_too_wide_is_told),
        cmocka_unit_test(a_brand_is_words_not_markup),
        cmocka_unit_test(records_are_words_not_markup),
    };
    pin_fonts();
    return cmocka_run_group_tests(tests, make_drawing, remove_drawing);
}
