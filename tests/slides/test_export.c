/* What a deck is exported as: every format read back, and the same bytes from the same slides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/file.h"
#include "help_slides.h"

static const char source[] = "---\ntitle: \"Q & A: <tags>\"\ndescription: What \"it\" tells\nlang: de-CH\n---\n"
                             "# Same maths, **faster**\n\nHow attention reads: {{ flash.n4096.time | ms }}\n\n"
                             "<!-- Say <this> first.\n\nThen *that*. -->\n\n"
                             "---\n## Bars & more\n\n"
                             "```chart\nkind: bar\nrows:\n  - {name: naive, value: naive.n4096.time}\n"
                             "  - {name: flash, value: flash.n4096.time}\n```\n"
                             "---\n## A square\n\n"
                             "```figure\nkind: matrix\nsize: 8\nmasks: [{name: causal, mask: causal}]\n"
                             "alt: \"A \\\"half\\\" square\"\n```\n";
enum { SLIDES = 3 };
static const char *const files[] = {"deck.pdf",
                                    "deck.zip",
                                    "sheet.png",
                                    "notes.md",
                                    "review.html",
                                    "slides/slide-01.png",
                                    "slides/slide-02.png",
                                    "slides/slide-03.png",
                                    "svg/slide-01.svg",
                                    "svg/slide-02.svg",
                                    "svg/slide-03.svg"};
enum { FILES = sizeof files / sizeof files[0] };

struct bytes {
    char *at;
    size_t length;
};

static struct bytes read_whole(const char *folder, const char *name)
{
    char path[700];
    struct bytes bytes = {0};
    struct diags diags = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file_read(path, 64 << 20, &bytes.at, &bytes.length, &diags);
    must_be_clean(&diags);
    return bytes;
}

static void must_hold(const struct bytes *bytes, const char *words)
{
    if (!strstr(bytes->at, words))
        fail_msg("not in the file: %s", words);
}

/* Everything, into the desk's folder. */
static void export_all(struct desk *desk, int threads)
{
    struct render_options options = {
        .out = desk_folder(desk), .formats = (1u << EXPORTS) - 1, .threads = threads, .size = "1:1"};
    enum status status = deck_render(&desk->deck, desk->records, 1, &options, &desk->diags);
    must_be_clean(&desk->diags);
    assert_int_equal(status, STATUS_OK);
}

static void same_slides_same_bytes(void **state)
{
    struct desk desks[2];
    (void)state;
    for (int d = 0; d < 2; d++) { /* drawn by one thread, then by several; cairo's numbers have moved on by then */
        desk_open(&desks[d], source);
        export_all(&desks[d], d ? 4 : 1);
        if (d == 0)
            sleep(2); /* a time of day in a file would differ now: a ZIP counts two seconds at a time */
    }
    for (int i = 0; i < FILES; i++) {
        struct bytes one = read_whole(desks[0].folder, files[i]), two = read_whole(desks[1].folder, files[i]);
        if (one.length != two.length || memcmp(one.at, two.at, one.length) != 0)
            fail_msg("%s differs the second time", files[i]);
        assert_true(one.length > 20);
        free(one.at);
        free(two.at);
    }
    desk_close(&desks[0]);
    desk_close(&desks[1]);
}

static void pngs_are_exact_and_in_srgb(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, source);
    export_all(&desk, 2);
    struct bytes png = read_whole(desk.folder, "slides/slide-02.png");
    const unsigned char *at = (const unsigned char *)png.at;
    assert_memory_equal(at, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(at[18] << 8 | at[19], 1080);
    assert_int_equal(at[22] << 8 | at[23], 1080);
    assert_int_equal(at[24], 8); /* bits */
    assert_int_equal(at[25], 2); /* red, green, blue */
    assert_non_null(memmem(at, 64, "\0\0\0\1sRGB\0", 9));
    free(png.at);
    desk_close(&desk);
}

static void svgs_have_words_for_those_who_cannot_see(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, source);
    export_all(&desk, 2);
    struct bytes svg = read_whole(desk.folder, "svg/slide-03.svg");
    must_hold(&svg, "width=\"1080px\" height=\"1080px\"");
    must_hold(&svg, "role=\"img\" xml:lang=\"de-CH\">\n<title>A square</title>");
    must_hold(&svg, "<desc>A square. A &quot;half&quot; square.</desc>");
    free(svg.at);
    desk_close(&desk);
}

static char *unpacked(zip_t *archive, const char *name, zip_uint64_t *length, struct zip_stat *facts)
{
    zip_stat_init(facts);
    assert_int_equal(zip_stat(archive, name, 0, facts), 0);
    char *bytes = calloc(1, facts->size + 1);
    zip_file_t *file = zip_fopen(archive, name, 0);
    assert_non_null(file);
    assert_int_equal(zip_fread(file, bytes, facts->size), facts->size);
    zip_fclose(file);
    *length = facts->size;
    return bytes;
}

static void the_zip_holds_what_is_uploaded(void **state)
{
    struct desk desk;
    char path[700];
    struct zip_stat facts;
    zip_uint64_t length;
    (void)state;
    desk_open(&desk, source);
    export_all(&desk, 2);
    snprintf(path, sizeof path, "%s/deck.zip", desk.folder);
    zip_t *archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    assert_non_null(archive);
    assert_int_equal(zip_get_num_entries(archive, 0), SLIDES + 2);
    struct bytes png = read_whole(desk.folder, "slides/slide-02.png");
    char *inside = unpacked(archive, "slide-02.png", &length, &facts);
    assert_int_equal(length, png.length);
    assert_memory_equal(inside, png.at, length);
    assert_int_equal(facts.comp_method, ZIP_CM_STORE);
    struct bytes caption = {unpacked(archive, "caption.txt", &length, &facts), 0};
    must_hold(&caption, "Q & A: <tags>\n\nWhat \"it\" tells\n");
    must_hold(&caption, "Sources\nmeasured: ");
    struct bytes alts = {unpacked(archive, "alt-texts.txt", &length, &facts), 0};
    must_hold(&alts, "slide-01.png\nSame maths, faster. How attention reads: ");
    must_hold(&alts, "slide-02.png\nBars & more. Bars of time per call: naive ");
    must_hold(&alts, "slide-03.png\nA square. A \"half\" square.\n");
    zip_discard(archive);
    free(inside);
    free(caption.at);
    free(alts.at);
    free(png.at);
    desk_close(&desk);
}

static void notes_and_page_are_escaped(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, source);
    export_all(&desk, 2);
    struct bytes notes = read_whole(desk.folder, "notes.md");
    must_hold(&notes, "# Q & A: \\<tags\\>\n\n## 1. Same maths, faster\n\nSay <this> first.\n\nThen *that*.\n\n");
    must_hold(&notes, "## 2. Bars & more\n\n(no notes)\n");
    struct bytes html = read_whole(desk.folder, "review.html");
    must_hold(&html, "<html lang=\"de-CH\">");
    must_hold(&html, "<title>Q &amp; A: &lt;tags&gt;</title>");
    must_hold(&html, "alt=\"A square. A &quot;half&quot; square.\" src=\"data:image/png;base64,iVBORw0KGgo");
    must_hold(&html, "<p>Say &lt;this&gt; first.</p>\n<p>Then *that*. </p>\n");
    free(notes.at);
    free(html.at);
    desk_close(&desk);
}

static void days_come_from_the_environment_or_the_record(void **state)
{
    struct record one = {.date = "2026-01-02T03:04:05+00:00"}, two = {.date = "2026-02-03T00:00:00+00:00"};
    const struct record *records[] = {&two, &one};
    char date[40];
    (void)state;
    unsetenv("SOURCE_DATE_EPOCH");
    assert_null(render_date(NULL, 0, date));
    assert_string_equal(render_date(records, 2, date), "2026-02-03T00:00:00+00:00");
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    assert_string_equal(render_date(records, 2, date), "2023-11-14T22:13:20Z");
    setenv("SOURCE_DATE_EPOCH", "yesterday", 1); /* no number: as if it were not there */
    assert_string_equal(render_date(records, 2, date), "2026-02-03T00:00:00+00:00");
    setenv("SOURCE_DATE_EPOCH", "99999999999999999", 1);
    assert_non_null(render_date(records, 2, date));
    unsetenv("SOURCE_DATE_EPOCH");
}

/* All addresses that a PDF's pages can be clicked to, in their order, a line each, with the width of the place. */
static char *links_of(const struct bytes *pdf)
{
    struct text links = {0};
    qpdf_data data = qpdf_init();
    assert_false(qpdf_read_memory(data, "deck.pdf", pdf->at, pdf->length, NULL) & QPDF_ERRORS);
    for (int p = 0; p < qpdf_get_num_pages(data); p++) {
        qpdf_oh all = qpdf_oh_get_key(data, qpdf_get_page_n(data, (size_t)p), "/Annots");
        for (int i = 0; qpdf_oh_is_array(data, all) && i < qpdf_oh_get_array_n_items(data, all); i++) {
            qpdf_oh link = qpdf_oh_get_array_item(data, all, i), place = qpdf_oh_get_key(data, link, "/Rect");
            qpdf_oh action = qpdf_oh_get_key(data, link, "/A");
            double left = qpdf_oh_get_numeric_value(data, qpdf_oh_get_array_item(data, place, 0));
            double right = qpdf_oh_get_numeric_value(data, qpdf_oh_get_array_item(data, place, 2));
            if (qpdf_oh_is_dictionary(data, action))
                text_format(&links, "%d %s %s\n", p + 1,
                            qpdf_oh_get_string_value(data, qpdf_oh_get_key(data, action, "/URI")),
                            right - left > 40 && right - left < 900 ? "wide" : "off");
        }
    }
    qpdf_cleanup(&data);
    return text_take(&links);
}

static void links_can_be_clicked(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk,
              "# A claim\n\nRead [the paper](https://example.org/a?b=1&c=it's) and **[more](http://example.org/)**.\n"
              "---\n## Another\n\n[never](javascript:alert(1)) and [a letter](mailto:me@example.org)\n");
    export_all(&desk, 1);
    struct bytes pdf = read_whole(desk.folder, "deck.pdf");
    char *links = links_of(&pdf);
    assert_string_equal(links, "1 https://example.org/a?b=1&c=it's wide\n1 http://example.org/ wide\n"
                               "2 mailto:me@example.org wide\n");
    free(links);
    free(pdf.at);
    desk_close(&desk);
}

/* What is printed on the last slide is where a click leads, in every shape, with a code beside it and without. */
static void a_printed_address_can_be_clicked(void **state)
{
    static const char *const sizes[] = {"linkedin", "linkedin-square", "x"};
    static const char *const calls[] = {"follow", "save", "comment", "share", "repository", "command", "follow qr"};
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct desk desk;
        struct text deck = {0}, expected = {0};
        text_format(&deck, "---\nsize: %s\n---\n", sizes[s]);
        size_t first = s < 2 ? 0 : 3, count = s < 2 ? 7 : 4; /* X takes four slides */
        for (size_t c = 0; c < count; c++) {
            bool command = strcmp(calls[first + c], "command") == 0; /* its first code is to be typed */
            text_format(&deck, "%s<!-- _class: outro %s -->\n# Read on\n\n%s`example.org/deck`\n", c ? "\n---\n" : "",
                        calls[first + c], command ? "`make`\n\n" : "");
            text_format(&expected, "%zu https://example.org/deck wide\n", c + 1);
        }
        desk_open(&desk, deck.bytes);
        export_all(&desk, 1);
        struct bytes pdf = read_whole(desk.folder, "deck.pdf");
        char *links = links_of(&pdf);
        assert_string_equal(links, expected.bytes);
        free(links);
        free(pdf.at);
        text_free(&deck);
        text_free(&expected);
        desk_close(&desk);
    }
}

static void formats_are_named(void **state)
{
    struct diags diags = {0};
    unsigned formats;
    (void)state;
    assert_int_equal(export_formats_read("pdf,zip", &formats, &diags), STATUS_OK);
    assert_int_equal(formats, 1u << EXPORT_PDF | 1u << EXPORT_ZIP);
    assert_int_equal(export_formats_read("all", &formats, &diags), STATUS_OK);
    assert_int_equal(formats, (1u << EXPORTS) - 1);
    must_be_clean(&diags);
    assert_int_equal(export_formats_read("pdf,zpi", &formats, &diags), STATUS_BAD_INPUT);
    must_say(&diags, -1, "there is no format 'zpi'");
    must_say(&diags, -1, "zip");
    assert_int_equal(export_formats_read("", &formats, &diags), STATUS_BAD_INPUT);
    diags_free(&diags);
    for (int i = 0; i < EXPORTS; i++)
        assert_true(!export_formats[i].whole != !export_formats[i].slide);
}

/* A ZIP alone: the pictures in it are drawn for it, and no folder of slides is left beside it. */
static void only_what_was_named_is_written(void **state)
{
    struct desk desk;
    char path[700];
    (void)state;
    desk_open(&desk, source);
    struct render_options options = {.out = desk_folder(&desk), .formats = 1u << EXPORT_ZIP};
    assert_int_equal(deck_render(&desk.deck, desk.records, 1, &options, &desk.diags), STATUS_OK);
    must_be_clean(&desk.diags);
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", desk.folder, files[i]);
        assert_int_equal(access(path, R_OK) == 0, strcmp(files[i], "deck.zip") == 0);
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_slides_same_bytes),
        cmocka_unit_test(pngs_are_exact_and_in_srgb),
        cmocka_unit_test(svgs_have_words_for_those_who_cannot_see),
        cmocka_unit_test(the_zip_holds_what_is_uploaded),
        cmocka_unit_test(notes_and_page_are_escaped),
        cmocka_unit_test(days_come_from_the_environment_or_the_record),
        cmocka_unit_test(links_can_be_clicked),
        cmocka_unit_test(a_printed_address_can_be_clicked),
        cmocka_unit_test(formats_are_named),
        cmocka_unit_test(only_what_was_named_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
