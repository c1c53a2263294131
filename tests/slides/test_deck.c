/* The deck's parser: front matter, slides, fences, comments, lines, and every fault at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "help_slides.h"
#include "slides/utf8.h"

/* Parses from a buffer of exactly that length, without a NUL behind it: a sanitizer sees each byte too many. */
static enum status parse(const char *source, size_t length, struct deck *deck, struct diags *diags)
{
    char *exact = malloc(length ? length : 1);
    assert_non_null(exact);
    memcpy(exact, source, length);
    *diags = (struct diags){0};
    enum status status = deck_parse(exact, length, "talks/deck.md", deck, diags);
    free(exact);
    return status;
}

static void must_parse(const char *source, struct deck *deck)
{
    struct diags diags;
    enum status status = parse(source, strlen(source), deck, &diags);
    must_be_clean(&diags);
    assert_int_equal(status, STATUS_OK);
    diags_free(&diags);
}

/* A fault leaves the deck empty. */
static void must_fail(const char *source, size_t length, struct diags *diags)
{
    struct deck deck;
    if (parse(source, length, &deck, diags) == STATUS_OK)
        fail_msg("this was taken: %.*s", (int)length, source);
    assert_null(deck.slides);
    assert_null(deck.file);
    assert_true(diags->errors > 0);
}

static const char whole[] = "---\n"                                       /* 1 */
                            "title: \"A title: with a colon\"\n"          /* 2 */
                            "description: what it is\n"                   /* 3 */
                            "author: somebody\n"                          /* 4 */
                            "lang: de\n"                                  /* 5 */
                            "size: \"4:5\"\n"                             /* 6 */
                            "theme: paper\n"                              /* 7 */
                            "type: roboto\n"                              /* 8 */
                            "brand: mine.yml\n"                           /* 9 */
                            "paginate: true\n"                            /* 10 */
                            "marp: true\n"                                /* 11 */
                            "let:\n"                                      /* 12 */
                            "  - {name: fast, is: \"a.time / b.time\"}\n" /* 13 */
                            "---\n"                                       /* 14 */
                            "<!-- _class: hook -->\n"                     /* 15 */
                            "# A claim\n"                                 /* 16 */
                            "\n"                                          /* 17 */
                            "Words *of* it.\n"                            /* 18 */
                            "\n"                                          /* 19 */
                            "```chart\n"                                  /* 20 */
                            "kind: bar\n"                                 /* 21 */
                            "\n"                                          /* 22 */
                            "---\n"                                       /* 23: of the fence */
                            "```\n"                                       /* 24 */
                            "\n"                                          /* 25 */
                            "<!-- said,\n"                                /* 26 */
                            "---\n"                                       /* 27: of the comment */
                            "not shown -->\n"                             /* 28 */
                            "\n"                                          /* 29 */
                            "---\n"                                       /* 30 */
                            "<!-- theme: ink -->\n"                       /* 31 */
                            "## Second\n"                                 /* 32 */
                            "right under it\n"                            /* 33 */
                            "- one\n"                                     /* 34 */
                            "  goes on\n"                                 /* 35 */
                            "- two\n"                                     /* 36 */
                            "\n"                                          /* 37 */
                            "~~~c\n"                                      /* 38 */
                            "```\n"                                       /* 39 */
                            "int x;\n"                                    /* 40 */
                            "~~~\n"                                       /* 41 */
                            "![a picture](a.svg)\n"                       /* 42 */
                            "---\n"                                       /* 43 */
                            "<!-- paginate: false -->\n"                  /* 44 */
                            "<!-- pattern: grid -->\n"                    /* 45 */
                            "> a thought\n"                               /* 46 */
                            "---\n"                                       /* 47 */
                            "<!-- _paginate: true -->\n"                  /* 48 */
                            "text\n"                                      /* 49 */
                            "---\n"                                       /* 50 */
                            "last\n";                                     /* 51 */

struct expected_block {
    size_t slide, block;
    enum block_kind kind;
    int level, line;
    const char *text, *body;
};

static const struct expected_block whole_blocks[] = {
    {0, 0, BLOCK_HEADING, 1, 16, "A claim", NULL},
    {0, 1, BLOCK_PARAGRAPH, 0, 18, "Words <i>of</i> it.", NULL},
    {0, 2, BLOCK_CHART, 0, 20, NULL, "kind: bar\n\n---\n"},
    {1, 0, BLOCK_HEADING, 2, 32, "Second", NULL},
    {1, 1, BLOCK_PARAGRAPH, 0, 33, "right under it", NULL},
    {1, 2, BLOCK_ITEM, 0, 34, "one goes on", NULL},
    {1, 3, BLOCK_ITEM, 0, 36, "two", NULL},
    {1, 4, BLOCK_CODE, 0, 38, NULL, "```\nint x;\n"},
    {1, 5, BLOCK_IMAGE, 0, 42, "a picture", NULL},
    {2, 0, BLOCK_QUOTE, 0, 46, "a thought", NULL},
    {3, 0, BLOCK_PARAGRAPH, 0, 49, "text", NULL},
    {4, 0, BLOCK_PARAGRAPH, 0, 51, "last", NULL},
};

static void check_whole_blocks(const struct deck *deck)
{
    for (size_t i = 0; i < sizeof whole_blocks / sizeof whole_blocks[0]; i++) {
        const struct expected_block *expected = &whole_blocks[i];
        assert_true(expected->slide < deck->slide_count);
        assert_true(expected->block < deck->slides[expected->slide].block_count);
        const struct block *block = &deck->slides[expected->slide].blocks[expected->block];
        assert_int_equal(block->kind, expected->kind);
        assert_int_equal(block->level, expected->level);
        assert_int_equal(block->line, expected->line);
        if (expected->text)
            assert_string_equal(block->text, expected->text);
        if (expected->body)
            assert_string_equal(block->body, expected->body);
    }
    size_t blocks = 0;
    for (size_t s = 0; s < deck->slide_count; s++)
        blocks += deck->slides[s].block_count;
    assert_int_equal(blocks, sizeof whole_blocks / sizeof whole_blocks[0]);
}

static void check_whole(const struct deck *deck)
{
    assert_string_equal(deck->title, "A title: with a colon");
    assert_string_equal(deck->description, "what it is");
    assert_string_equal(deck->author, "somebody");
    assert_string_equal(deck->lang, "de");
    assert_string_equal(deck->size, "4:5");
    assert_string_equal(deck->theme, "paper");
    assert_string_equal(deck->type, "roboto");
    assert_string_equal(deck->brand, "mine.yml");
    assert_true(deck->paginate);
    assert_int_equal(deck->name_count, 1);
    assert_string_equal(deck->names[0].name, "fast");
    assert_string_equal(deck->names[0].expression, "a.time / b.time");
    assert_int_equal(deck->slide_count, 5);
    check_whole_blocks(deck);
    const struct slide *slides = deck->slides;
    static const int lines[] = {15, 31, 44, 48, 51};
    static const bool paginate[] = {true, true, false, true, false};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(slides[i].line, lines[i]);
        assert_int_equal(slides[i].paginate, paginate[i]);
    }
    assert_string_equal(slides[0].layout, "hook");
    assert_null(slides[1].layout); /* _class holds for one slide */
    assert_string_equal(slides[0].notes, "said,\n---\nnot shown ");
    assert_null(slides[0].theme);
    for (int i = 1; i < 5; i++) /* a theme holds from its slide on */
        assert_string_equal(slides[i].theme, "ink");
    assert_null(slides[1].pattern);
    assert_string_equal(slides[2].pattern, "grid");
    assert_string_equal(slides[4].pattern, "grid");
    assert_string_equal(slides[1].blocks[4].info, "c");
    assert_string_equal(slides[1].blocks[5].info, "a.svg");
}

static void a_whole_deck(void **state)
{
    (void)state;
    struct deck deck;
    must_parse(whole, &deck);
    assert_string_equal(deck.file, "talks/deck.md");
    assert_string_equal(deck.folder, "talks");
    check_whole(&deck);
    deck_free(&deck);
}

static void windows_line_ends_and_byte_order_mark(void **state)
{
    (void)state;
    char source[2 * sizeof whole] = "\xef\xbb\xbf";
    size_t used = 3;
    for (const char *at = whole; *at; at++) {
        if (*at == '\n')
            source[used++] = '\r';
        source[used++] = *at;
    }
    source[used] = '\0';
    struct deck deck;
    must_parse(source, &deck);
    check_whole(&deck);
    deck_free(&deck);
}

static void no_front_matter(void **state)
{
    (void)state;
    struct deck deck;
    must_parse("# Alone", &deck); /* no newline at the end */
    assert_string_equal(deck.lang, "en");
    assert_null(deck.title);
    assert_int_equal(deck.slide_count, 1);
    assert_int_equal(deck.slides[0].blocks[0].line, 1);
    deck_free(&deck);
    must_parse("---\n---\n# Alone\n", &deck); /* an empty one */
    assert_int_equal(deck.slide_count, 1);
    assert_int_equal(deck.slides[0].blocks[0].line, 3);
    deck_free(&deck);
}

static void fences(void **state)
{
    (void)state;
    struct deck deck;
    must_parse("````\n```\ninside\n`````  \n"
               "  ```figure\n  kind: tiles\n  ```\n"
               "~~~\n```\n~~~",
               &deck);
    assert_int_equal(deck.slides[0].block_count, 3);
    assert_string_equal(deck.slides[0].blocks[0].body, "```\ninside\n");
    assert_int_equal(deck.slides[0].blocks[1].kind, BLOCK_FIGURE);
    assert_string_equal(deck.slides[0].blocks[1].body, "  kind: tiles\n");
    assert_int_equal(deck.slides[0].blocks[1].line, 5);
    assert_string_equal(deck.slides[0].blocks[2].body, "```\n");
    deck_free(&deck);
}

static void comments(void **state)
{
    (void)state;
    struct deck deck;
    must_parse("<!-- first --><!-- _class: quote --> # Behind it\n"
               "<!--\n_class: claim\npaginate: true\n-->\n"
               "<!--\ntheme: paper\nbut this is a note\n-->\n",
               &deck);
    const struct slide *slide = &deck.slides[0];
    assert_int_equal(slide->block_count, 1);
    assert_int_equal(slide->blocks[0].kind, BLOCK_HEADING);
    assert_int_equal(slide->blocks[0].line, 1);
    assert_string_equal(slide->layout, "claim");
    assert_true(slide->paginate);
    assert_null(slide->theme); /* what holds words is a note as a whole */
    assert_non_null(strstr(slide->notes, "first"));
    assert_non_null(strstr(slide->notes, "but this is a note"));
    deck_free(&deck);
}

static void a_directive_misspelt_is_warned_of(void **state)
{
    (void)state;
    struct deck deck;
    struct diags diags;
    const char *source = "# A\n\n<!-- _clas: hook -->\n<!-- Note: what I say -->\n<!-- header: none -->\n";
    assert_int_equal(parse(source, strlen(source), &deck, &diags), STATUS_OK);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(diags.count, 1);
    must_say(&diags, 3, "_class");
    assert_null(deck.slides[0].layout);
    diags_free(&diags);
    deck_free(&deck);
}

static void all_faults_at_once(void **state)
{
    (void)state;
    struct diags diags;
    const char *source = "---\n"
                         "title: x\n"
                         "them: ink\n"
                         "---\n"
                         "# A\n"
                         "---\n"
                         "---\n"
                         "# B\n"
                         "\n"
                         "```chart\n"
                         "kind: bar\n";
    must_fail(source, strlen(source), &diags);
    must_say(&diags, 3, "them");
    must_say(&diags, 3, "theme"); /* the nearest */
    must_say(&diags, 10, "never closed");
    assert_string_equal(diags.items[0].file, "talks/deck.md");
    diags_free(&diags);
    source = "# A\n---\n---\n# B\n---\n";
    must_fail(source, strlen(source), &diags);
    must_say(&diags, 3, "slide 2 is empty");
    must_say(&diags, 6, "slide 4 is empty");
    assert_int_equal(diags.errors, 2);
    diags_free(&diags);
}

struct fault {
    const char *source;
    int line;
    const char *words;
};

static void what_is_never_closed_or_missing(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {"---\ntitle: x\n# A\n", 1, "the front matter is never closed"},
        {"---", 1, "the front matter is never closed"},
        {"# A\n\n```\ncode", 3, "this fence is never closed"},
        {"# A\n\n```", 3, "this fence is never closed"},
        {"# A\n~~~\n```\n", 2, "this fence is never closed"},
        {"# A\n\n\n<!-- note\nmore\n", 4, "this comment is never closed"},
        {"# A\n<!--", 2, "this comment is never closed"},
        {"# A\n<!-- x --", 2, "this comment is never closed"},
        {"", 0, "empty"},
        {"\n\n", 0, "no slides"},
        {"---\ntitle: x\n---\n", 0, "no slides"},
        {"---\ntitle: x\n---\n---\n<!-- only a note -->\n", 0, "no slides"},
        {"---\ntitle: [a]\n---\n# A\n", 2, "YAML"},
        {"---\nlet:\n  - {name: a}\n---\n# A\n", 3, "is"},
        {"---\ntitle: \"x\n---\n# A\n", 2, "YAML"},
        {"---\na: &x 1\ntitle: *x\n---\n# A\n", 2, "YAML"},
        {"---\nmarp: true\ntitle: ok\n\nbrand: *x\n---\n# A\n", 5, "alias"},
        {"---\nmarp: true\ntitle: Words: and more\n---\n# A\n", 3, "mapping values"},
        {"---\nmarp: true\ntitle: ok\nsize: x\n\tbrand: y\n---\n# A\n", 5, "tab"},
        {"---\nmarp: true\ntitle: \"ok\nsize: x\ntheme: ink\n---\n# A\n", 3, "end of stream"},
        {"---\nlet:\n  - {name: a, is: b}\n  - {name: c, is: d\ntheme: ink\nsize: x\n---\n# A\n", 4, "expected ','"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct diags diags;
        must_fail(faults[i].source, strlen(faults[i].source), &diags);
        must_say(&diags, faults[i].line, faults[i].words);
        diags_free(&diags);
    }
}

static void not_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        int line;
    } cases[] = {
        {"# A\n\xff\n", 6, 2},      {"# A\n\n\xc3", 6, 3},       {"# A\0B\n", 6, 1},
        {"\xc0\x80\n", 3, 1},       {"a\n\xe0\x80\x80\n", 6, 2}, {"\xed\xa0\x80\n", 4, 1},
        {"\xf4\x90\x80\x80", 4, 1}, {"\xf0\x80\x80\x80", 4, 1},  {"\x80\n", 2, 1},
        {"# \xe2\x82\n", 5, 1},     {"\xf5\x80\x80\x80", 4, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diags diags;
        assert_int_equal(utf8_bad_line(cases[i].bytes, cases[i].length), cases[i].line);
        must_fail(cases[i].bytes, cases[i].length, &diags);
        must_say(&diags, cases[i].line, "not text in UTF-8");
        diags_free(&diags);
    }
    static const char good[] =
        "\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf";
    assert_int_equal(utf8_bad_line(good, sizeof good - 1), 0);
}

static void at_most_300_slides(void **state)
{
    (void)state;
    char *most = repeated("# A\n", "---\n# A\n", 299), *more = repeated("# A\n", "---\n# A\n", 300);
    struct deck deck;
    struct diags diags;
    must_parse(most, &deck);
    assert_int_equal(deck.slide_count, 300);
    deck_free(&deck);
    must_fail(more, strlen(more), &diags);
    must_say(&diags, 601, "more than 300 slides");
    diags_free(&diags);
    free(most);
    free(more);
}

static void at_most_4_mib(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "# A\n");
    char path[200];
    snprintf(path, sizeof path, "%s/large.md", desk_folder(&desk));
    for (int over = 0; over < 2; over++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs("# A\n", file);
        for (long i = ftell(file); i < (4 << 20) + over; i++)
            fputc(i % 100 ? ' ' : '\n', file);
        fclose(file);
        struct deck deck;
        enum status status = deck_read(path, &deck, &desk.diags);
        assert_int_equal(status, over ? STATUS_BAD_INPUT : STATUS_OK);
        deck_free(&deck);
    }
    must_say(&desk.diags, -1, "4194304 bytes");
    struct deck deck;
    assert_int_not_equal(deck_read("nowhere/deck.md", &deck, &desk.diags), STATUS_OK);
    must_say(&desk.diags, -1, "No such file");
    desk_close(&desk);
}

/* Every cut of a deck, and every byte of it spoilt: an answer each time, never a read behind the end. */
static void cut_and_spoilt(void **state)
{
    (void)state;
    char copy[sizeof whole];
    for (size_t length = 0; length < sizeof whole; length++) {
        struct deck deck;
        struct diags diags;
        parse(whole, length, &deck, &diags);
        deck_free(&deck);
        diags_free(&diags);
        memcpy(copy, whole, sizeof whole);
        copy[length] = "`<-{\n:"[length % 6];
        parse(copy, sizeof whole - 1, &deck, &diags);
        deck_free(&deck);
        diags_free(&diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_deck),       cmocka_unit_test(windows_line_ends_and_byte_order_mark),
        cmocka_unit_test(no_front_matter),    cmocka_unit_test(fences),
        cmocka_unit_test(comments),           cmocka_unit_test(a_directive_misspelt_is_warned_of),
        cmocka_unit_test(all_faults_at_once), cmocka_unit_test(what_is_never_closed_or_missing),
        cmocka_unit_test(not_text),           cmocka_unit_test(at_most_300_slides),
        cmocka_unit_test(at_most_4_mib),      cmocka_unit_test(cut_and_spoilt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
