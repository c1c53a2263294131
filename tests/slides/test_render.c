/* From a deck to files: the same bytes each time, a PDF that readers and machines can use, nothing when in doubt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "help_slides.h"

#define PICTURE "render-picture.svg"

static const char source[] =
    "---\ntitle: \"Q & A: <tags> and ümläuts\"\nauthor: Somebody\ndescription: What it tells\nlang: de-CH\n"
    "paginate: true\n---\n"
    "# Same maths, **faster**\n\nHow attention reads long texts: {{ flash.n4096.time | ms }}\n"
    "---\n## The square & its *corner*\n\n"
    "```figure\nkind: matrix\nsize: 8\nmasks: [{name: causal, mask: causal}]\n"
    "alt: \"A square, half of it filled: {{ published.bert.context | tokens }} & <more>\"\n```\n"
    "---\n## Bars\n\n"
    "```chart\nkind: bar\nrows:\n  - {name: naive, value: naive.n4096.time}\n"
    "  - {name: flash, value: flash.n4096.time}\nalt: Two bars.\n```\n"
    "---\n## A picture\n\n![Q & A in {{ published.bert.context | count }} \"words\"](" PICTURE ")\n"
    "---\n> No heading here\n";

static int make_picture(void **state)
{
    (void)state;
    FILE *file = fopen(PICTURE, "w");
    if (!file)
        return -1;
    fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\" "
          "fill=\"#888\"/></svg>\n",
          file);
    return fclose(file);
}

static int remove_picture(void **state)
{
    (void)state;
    return unlink(PICTURE);
}

struct bytes {
    char *at;
    size_t length;
};

static struct bytes read_whole(const char *folder, const char *name)
{
    char path[700];
    struct bytes bytes;
    struct diags diags = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file_read(path, 64 << 20, &bytes.at, &bytes.length, &diags);
    must_be_clean(&diags);
    return bytes;
}

static int files_in(const char *folder)
{
    DIR *listing = opendir(folder);
    int count = 0;
    while (listing && readdir(listing))
        count++;
    if (listing)
        closedir(listing);
    return count - 2;
}

/* Into the desk's folder: deck.pdf and pngs/. */
static enum status render(struct desk *desk, struct render_options options, bool pdf, bool png)
{
    static char pdf_path[300], png_path[300];
    snprintf(pdf_path, sizeof pdf_path, "%s/deck.pdf", desk_folder(desk));
    snprintf(png_path, sizeof png_path, "%s/pngs", desk_folder(desk));
    options.pdf = pdf ? pdf_path : NULL;
    options.png_folder = png ? png_path : NULL;
    return deck_render(&desk->deck, desk->records, desk->record_count, &options, &desk->diags);
}

static void same_input_same_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"deck.pdf",          "pngs/slide-01.png", "pngs/slide-02.png",
                                        "pngs/slide-03.png", "pngs/slide-04.png", "pngs/slide-05.png"};
    struct desk desks[2];
    for (int d = 0; d < 2; d++) { /* drawn by one thread, then by several */
        desk_open(&desks[d], source);
        enum status status = render(&desks[d], (struct render_options){.threads = d ? 4 : 1}, true, true);
        must_be_clean(&desks[d].diags);
        assert_int_equal(status, STATUS_OK);
        assert_int_equal(files_in(desk_folder(&desks[d])), 2);
        if (d == 0)
            sleep(1); /* a time of day in a file would differ now */
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct bytes one = read_whole(desks[0].folder, names[i]), two = read_whole(desks[1].folder, names[i]);
        assert_int_equal(one.length, two.length);
        assert_memory_equal(one.at, two.at, one.length);
        free(one.at);
        free(two.at);
    }
    desk_close(&desks[0]);
    desk_close(&desks[1]);
}

static void without_a_record_there_is_no_date(void **state)
{
    (void)state;
    struct bytes files[2];
    for (int i = 0; i < 2; i++) {
        struct desk desk;
        desk_open(&desk, "# A\n");
        desk.record_count = 0;
        assert_int_equal(render(&desk, (struct render_options){0}, true, false), STATUS_OK);
        files[i] = read_whole(desk.folder, "deck.pdf");
        desk_close(&desk);
        if (i == 0)
            sleep(1);
    }
    assert_int_equal(files[0].length, files[1].length);
    assert_memory_equal(files[0].at, files[1].at, files[0].length);
    free(files[0].at);
    free(files[1].at);
}

/* Whatever a record's date is: a PDF all the same. */
static void a_date_that_is_none(void **state)
{
    (void)state;
    static const char *const dates[] = {"yesterday", "", "2026-13-99T99:99:99+99:99", "2026-01-02"};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        struct desk desk;
        desk_open(&desk, "# A\n");
        free(desk.record.date);
        desk.record.date = strdup(dates[i]);
        assert_int_equal(render(&desk, (struct render_options){0}, true, false), STATUS_OK);
        must_be_clean(&desk.diags);
        desk_close(&desk);
    }
}

static unsigned big_endian(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

static void pictures_are_of_the_canvas_size(void **state)
{
    (void)state;
    static const struct {
        const char *size;
        unsigned width, height;
    } cases[] = {{"1:1", 1080, 1080}, {"1200x675", 1200, 675}, {"16:9", 1920, 1080}, {"333x777", 333, 777}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk, "# A\n");
        assert_int_equal(render(&desk, (struct render_options){.size = cases[i].size}, false, true), STATUS_OK);
        struct bytes png = read_whole(desk.folder, "pngs/slide-01.png");
        assert_memory_equal(png.at, "\x89PNG\r\n\x1a\n", 8);
        assert_int_equal(big_endian(png.at + 16), cases[i].width);
        assert_int_equal(big_endian(png.at + 20), cases[i].height);
        free(png.at);
        desk_close(&desk);
    }
}

/* What stands in the structure tree below a node. */
struct found {
    int figures, headings, paragraphs;

    char copies[8][200];
};

static void walk(qpdf_data pdf, qpdf_oh node, struct found *found)
{
    if (qpdf_oh_is_array(pdf, node)) {
        for (int i = 0; i < qpdf_oh_get_array_n_items(pdf, node); i++)
            walk(pdf, qpdf_oh_get_array_item(pdf, node, i), found);
        return;
    }
    if (!qpdf_oh_is_dictionary(pdf, node))
        return;
    qpdf_oh kind = qpdf_oh_get_key(pdf, node, "/S");
    found->headings += qpdf_oh_is_name_and_equals(pdf, kind, "/H1");
    found->paragraphs += qpdf_oh_is_name_and_equals(pdf, kind, "/P");
    bool figure = qpdf_oh_is_name_and_equals(pdf, kind, "/Figure");
    assert_int_equal(figure, qpdf_oh_has_key(pdf, node, "/Alt")); /* each Figure has one, nothing else */
    if (figure && found->figures < 8)
        snprintf(found->copies[found->figures++], 200, "%s",
                 qpdf_oh_get_utf8_value(pdf, qpdf_oh_get_key(pdf, node, "/Alt")));
    walk(pdf, qpdf_oh_get_key(pdf, node, "/K"), found);
}

static qpdf_oh at_path(qpdf_data pdf, qpdf_oh node, const char *one, const char *two)
{
    qpdf_oh child = qpdf_oh_get_key(pdf, node, one);
    return two ? qpdf_oh_get_key(pdf, child, two) : child;
}

static void must_be_text(qpdf_data pdf, qpdf_oh text, const char *expected)
{
    assert_true(qpdf_oh_is_string(pdf, text));
    assert_string_equal(qpdf_oh_get_utf8_value(pdf, text), expected);
}

static void a_pdf_can_be_read_and_heard(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, source);
    assert_int_equal(render(&desk, (struct render_options){0}, true, false), STATUS_OK);
    struct bytes file = read_whole(desk.folder, "deck.pdf");
    assert_true(file.length < 10 << 20);
    qpdf_data pdf = qpdf_init();
    assert_int_equal(qpdf_read_memory(pdf, "deck.pdf", file.at, file.length, NULL), QPDF_SUCCESS);
    qpdf_oh root = qpdf_get_root(pdf), info = qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Info");
    assert_int_equal(qpdf_get_num_pages(pdf), 5);
    for (int i = 0; i < 5; i++) {
        qpdf_oh box = qpdf_oh_get_key(pdf, qpdf_get_page_n(pdf, (size_t)i), "/MediaBox");
        assert_int_equal((int)qpdf_oh_get_numeric_value(pdf, qpdf_oh_get_array_item(pdf, box, 2)), 1080);
        assert_int_equal((int)qpdf_oh_get_numeric_value(pdf, qpdf_oh_get_array_item(pdf, box, 3)), 1350);
    }
    must_be_text(pdf, at_path(pdf, info, "/Title", NULL), "Q & A: <tags> and ümläuts");
    must_be_text(pdf, at_path(pdf, info, "/Author", NULL), "Somebody");
    must_be_text(pdf, at_path(pdf, info, "/Subject", NULL), "What it tells");
    assert_non_null(strstr(qpdf_oh_get_utf8_value(pdf, at_path(pdf, info, "/CreationDate", NULL)), "20260102030405"));
    must_be_text(pdf, at_path(pdf, root, "/Lang", NULL), "de-CH");
    assert_true(qpdf_oh_get_bool_value(pdf, at_path(pdf, root, "/MarkInfo", "/Marked")));
    assert_true(qpdf_oh_get_bool_value(pdf, at_path(pdf, root, "/ViewerPreferences", "/DisplayDocTitle")));
    static const char *const titles[] = {"Same maths, faster", "The square & its corner", "Bars", "A picture"};
    qpdf_oh entry = at_path(pdf, root, "/Outlines", "/First");
    for (size_t i = 0; i < 4; i++) {
        must_be_text(pdf, at_path(pdf, entry, "/Title", NULL), titles[i]);
        qpdf_oh next = qpdf_oh_get_key(pdf, entry, "/Next");
        assert_int_equal(qpdf_oh_is_dictionary(pdf, next), i < 3);
        entry = next;
    }
    struct found found = {0};
    walk(pdf, at_path(pdf, root, "/StructTreeRoot", "/K"), &found);
    assert_int_equal(found.headings, 4);
    assert_true(found.paragraphs >= 3);
    assert_int_equal(found.figures, 3);
    assert_string_equal(found.copies[0], "A square, half of it filled: 512 tokens & <more>");
    assert_string_equal(found.copies[1], "Two bars.");
    assert_string_equal(found.copies[2], "Q & A in 512 \"words\"");
    qpdf_cleanup(&pdf);
    free(file.at);
    desk_close(&desk);
}

static void text_is_text_in_our_fonts(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, source);
    assert_int_equal(render(&desk, (struct render_options){0}, true, false), STATUS_OK);
    char *text = told_by("pdftotext", desk.folder, "-"), *fonts = told_by("pdffonts", desk.folder, "");
    if (!text || !fonts) {
        print_message("pdftotext and pdffonts are not here\n");
        free(text);
        free(fonts);
        desk_close(&desk);
        skip();
    }
    static const char *const words[] = {"Same maths,",      "faster",   "How attention reads long texts:",
                                        "The square & its", "corner",   "naive",
                                        "median of 15",     "measured", "No heading here",
                                        "flashdeck",        "1/5",      "5/5"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        /* NOLINTNEXTLINE(clang-analyzer-*): skip() does not return */
        if (!strstr(text, words[i]))
            fail_msg("\"%s\" is not found in the PDF's text:\n%s", words[i], text);
    int count = 0;
    char *rest = fonts, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        char name[100];
        if (sscanf(line, "%99s", name) != 1 || strcmp(name, "name") == 0 || strncmp(name, "---", 3) == 0)
            continue;
        count++;
        assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 6); /* subset: six letters and a plus */
        assert_int_equal(name[6], '+');
        if (strncmp(name + 7, "Inter", 5) != 0 && strncmp(name + 7, "JetBrains", 9) != 0)
            fail_msg("a font that is not ours: %s", name);
        assert_non_null(strstr(line, " yes yes ")); /* embedded, subset */
    }
    assert_true(count >= 2);
    free(text);
    free(fonts);
    desk_close(&desk);
}

static void write_file(const char *folder, const char *name, const char *content)
{
    char path[700];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void must_hold(const char *folder, const char *name, const char *content)
{
    struct bytes bytes = read_whole(folder, name);
    assert_string_equal(bytes.at, content);
    free(bytes.at);
}

static void when_anything_is_wrong_nothing_is_written(void **state)
{
    (void)state;
    static const char *const faulty[] = {"# A\n---\n# {{ flash.n9.time }}\n",
                                         "# A\n---\n<!-- _class: hok -->\n# B\n",
                                         "# A\n---\n# B\n\n![x](missing.png)\n",
                                         "---\ntheme: papr\n---\n# A\n",
                                         "# A\n---\n# \xe6\xbc\xa2\n",
                                         "# A\n---\n# B\n\n```chart\nkind: bra\n```\n",
                                         "# A\n---\n<!-- pattern: dost -->\n# B\n"};
    for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++) {
        struct desk desk;
        char folder[300];
        desk_open(&desk, faulty[i]);
        snprintf(folder, sizeof folder, "%s/pngs", desk_folder(&desk));
        assert_int_equal(mkdir(folder, 0777), 0);
        write_file(desk.folder, "deck.pdf", "older");
        write_file(folder, "slide-01.png", "older");
        write_file(folder, "slide-07.png", "older");
        assert_int_not_equal(render(&desk, (struct render_options){0}, true, true), STATUS_OK);
        assert_true(desk.diags.errors > 0);
        assert_int_equal(files_in(desk.folder), 2);
        assert_int_equal(files_in(folder), 2);
        must_hold(desk.folder, "deck.pdf", "older");
        must_hold(folder, "slide-01.png", "older");
        must_hold(folder, "slide-07.png", "older");
        desk_close(&desk);
    }
}

static void all_faults_of_all_slides_at_once(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "# {{ flash.n9.time }}\n---\n<!-- _class: hok -->\n# B\n---\n![x](missing.png)\n---\n"
                     "# C\n\n```chart\nkind: bra\n```\n");
    assert_int_equal(render(&desk, (struct render_options){.theme = "papr"}, true, true), STATUS_BAD_INPUT);
    must_say(&desk.diags, 1, "no record holds this result");
    must_say(&desk.diags, 3, "there is no layout 'hok'");
    must_say(&desk.diags, 6, "missing.png");
    must_say(&desk.diags, 11, "bra");
    must_say(&desk.diags, -1, "there is no theme 'papr'");
    desk_close(&desk);
}

static void images_that_cannot_be_shown(void **state)
{
    (void)state;
    static const struct {
        const char *content, *what;
    } cases[] = {{"", "this image has 0 bytes"},
                 {"\x89PNG\r\n\x1a\n broken", "this PNG is broken"},
                 {"words", "this is neither a PNG nor an SVG"},
                 {"<svg xmlns=\"http://www.w3.org/2000/svg\"><rect", "this is neither a PNG nor an SVG"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk, "# A\n\n![x](render-broken.png)\n");
        write_file(".", "render-broken.png", cases[i].content);
        assert_int_equal(render(&desk, (struct render_options){0}, true, false), STATUS_BAD_INPUT);
        must_say(&desk.diags, 3, cases[i].what);
        assert_int_equal(files_in(desk.folder), 0);
        desk_close(&desk);
        unlink("render-broken.png");
    }
    struct desk desk;
    desk_open(&desk, "# A\n\n![x](https://example.org/a.png)\n\n![y](.)\n");
    assert_int_equal(render(&desk, (struct render_options){0}, true, false), STATUS_BAD_INPUT);
    must_say(&desk.diags, 3, "never loaded");
    must_say(&desk.diags, 5, "folder");
    desk_close(&desk);
}

static void slides_of_a_longer_deck_go(void **state)
{
    (void)state;
    struct desk desk;
    char folder[300];
    desk_open(&desk, "# A\n---\n# B\n");
    snprintf(folder, sizeof folder, "%s/pngs", desk_folder(&desk));
    assert_int_equal(mkdir(folder, 0777), 0);
    static const char *const names[] = {"slide-01.png", "slide-02.png", "slide-03.png",
                                        "slide-04.png", "notes.txt",    "slide-03.txt"};
    for (size_t i = 0; i < 6; i++)
        write_file(folder, names[i], "older");
    assert_int_equal(render(&desk, (struct render_options){0}, false, true), STATUS_OK);
    assert_int_equal(files_in(folder), 4);
    must_hold(folder, "notes.txt", "older");
    must_hold(folder, "slide-03.txt", "older");
    struct bytes png = read_whole(folder, "slide-02.png");
    assert_true(png.length > 1000);
    free(png.at);
    desk_close(&desk);
}

static void places_that_cannot_be_written(void **state)
{
    (void)state;
    struct desk desk;
    char pdf[300], pngs[300];
    desk_open(&desk, "# A\n");
    write_file(desk_folder(&desk), "file", "older");
    snprintf(pdf, sizeof pdf, "%s/deck.pdf", desk.folder);
    snprintf(pngs, sizeof pngs, "%s/file/pngs", desk.folder);
    struct render_options options = {.pdf = pdf, .png_folder = pngs};
    assert_int_equal(deck_render(&desk.deck, desk.records, 1, &options, &desk.diags), STATUS_IO);
    must_say(&desk.diags, -1, "cannot make the folder");
    assert_int_equal(files_in(desk.folder), 1); /* no PDF either */
    diags_free(&desk.diags);
    snprintf(pdf, sizeof pdf, "%s/file/deck.pdf", desk.folder);
    snprintf(pngs, sizeof pngs, "%s/pngs", desk.folder);
    assert_int_equal(deck_render(&desk.deck, desk.records, 1, &options, &desk.diags), STATUS_IO);
    must_say(&desk.diags, -1, "is not a folder");
    assert_int_equal(access(pngs, F_OK), -1); /* no folder for nothing */
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_input_same_bytes),
        cmocka_unit_test(without_a_record_there_is_no_date),
        cmocka_unit_test(a_date_that_is_none),
        cmocka_unit_test(pictures_are_of_the_canvas_size),
        cmocka_unit_test(a_pdf_can_be_read_and_heard),
        cmocka_unit_test(text_is_text_in_our_fonts),
        cmocka_unit_test(when_anything_is_wrong_nothing_is_written),
        cmocka_unit_test(all_faults_of_all_slides_at_once),
        cmocka_unit_test(images_that_cannot_be_shown),
        cmocka_unit_test(slides_of_a_longer_deck_go),
        cmocka_unit_test(places_that_cannot_be_written),
    };
    pin_fonts();
    return cmocka_run_group_tests(tests, make_picture, remove_picture);
}
