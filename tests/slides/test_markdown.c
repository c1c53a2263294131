/* Markdown becomes blocks with Pango's markup; bindings pass through untouched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pango/pango.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "help_slides.h"
#include "slides/escape.h"

/* Blocks in a line each: kind, level, line, text, "|" and what a fence or an image names. */
static char *blocks_of(const char *source)
{
    static const char *const kinds[] = {
        [BLOCK_HEADING] = "heading", [BLOCK_PARAGRAPH] = "text", [BLOCK_ITEM] = "item",
        [BLOCK_QUOTE] = "quote",     [BLOCK_CODE] = "code",      [BLOCK_CHART] = "chart",
        [BLOCK_FIGURE] = "figure",   [BLOCK_IMAGE] = "image",    [BLOCK_TABLE] = "table"};
    struct deck deck;
    struct diags diags = {0};
    struct text all = {0};
    deck_parse(source, strlen(source), "deck.md", &deck, &diags);
    must_be_clean(&diags);
    for (size_t s = 0; s < deck.slide_count; s++)
        for (size_t b = 0; b < deck.slides[s].block_count; b++) {
            const struct block *block = &deck.slides[s].blocks[b];
            text_format(&all, "%s %d@%d %s", kinds[block->kind], block->level, block->line,
                        block->text ? block->text : block->body);
            text_format(&all, "%s%s\n", block->info ? "|" : "", block->info ? block->info : "");
            char *markup = block->text ? escape_links(block->text) : NULL;
            if (markup) /* whatever it is, Pango can read it */
                assert_true(pango_parse_markup(markup, -1, 0, NULL, NULL, NULL, NULL));
            free(markup);
        }
    deck_free(&deck);
    return text_take(&all);
}

struct pair {
    const char *source, *blocks;
};

static void check(const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *blocks = blocks_of(pairs[i].source);
        assert_string_equal(blocks, pairs[i].blocks);
        free(blocks);
    }
}

static void spans(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"**bold** and *slanted* and ***both***", "text 0@1 <b>bold</b> and <i>slanted</i> and <i><b>both</b></i>\n"},
        {"~~gone~~ [a link](https://example.org/?a=1&b=2)",
         "text 0@1 <s>gone</s> <a href=\"https://example.org/?a=1&amp;b=2\">a link</a>\n"},
        {"<https://example.org/a_b>", "text 0@1 <a href=\"https://example.org/a_b\">https://example.org/a_b</a>\n"},
        {"[*a* `b`](</x\"\\<b\\>&amp;&mdash;y>) c",
         "text 0@1 <a href=\"/x&quot;&lt;b&gt;&amp;\xe2\x80\x94y\"><i>a</i> <tt>b</tt></a> c\n"},
        {"[](x) [to {{ a }}](https://example.org/{{ b }})",
         "text 0@1 <a href=\"x\"></a> <a href=\"https://example.org/{{ b }}\">to {{ a }}</a>\n"},
        {"`a < b && c`", "text 0@1 <tt>a &lt; b &amp;&amp; c</tt>\n"},
        {"a < b & c > d", "text 0@1 a &lt; b &amp; c &gt; d\n"},
        {"Wort&shy;teil", "text 0@1 Wort\xc2\xadteil\n"},
        {"&lt;i&gt; &amp; &quot;&nbsp;&mdash;&times;", "text 0@1 &lt;i&gt; &amp; \"\xc2\xa0\xe2\x80\x94\xc3\x97\n"},
        {"&#8212; &#x2014; &#0; &#xD800; &#1114112; &unknown;",
         "text 0@1 &#8212; &#8212; &amp;#0; &amp;#xD800; &amp;#1114112; &amp;unknown;\n"},
        {"<b>not a tag</b> <script>", "text 0@1 &lt;b&gt;not a tag&lt;/b&gt; &lt;script&gt;\n"},
        {"<span size=\"100000\">x", "text 0@1 &lt;span size=\"100000\"&gt;x\n"},
        {"\\*plain\\* \\# \\`", "text 0@1 *plain* # `\n"},
        {"one\ntwo  \nthree\\\nfour", "text 0@1 one two\nthree\nfour\n"},
        {"## A *b* `c` d ##", "heading 2@1 A <i>b</i> <tt>c</tt> d\n"},
        {"Title\n===", "heading 1@1 Title\n"},
        {"# a\n## b\n### c\n###### d", "heading 1@1 a\nheading 2@2 b\nheading 3@3 c\nheading 6@4 d\n"},
        {"2 * 3 * 4 and snake_case_name", "text 0@1 2 * 3 * 4 and snake_case_name\n"},
    };
    check(pairs, sizeof pairs / sizeof pairs[0]);
}

static void lists_and_quotes(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"- one\n- two", "item 0@1 one\nitem 0@2 two\n"},
        {"3. one\n4. two", "item 3@1 one\nitem 4@2 two\n"},
        {"1. one\n\n2. two", "item 1@1 one\nitem 2@3 two\n"},
        {"- one\n  - in it\n    - deeper\n- two", "item 0@1 one\nitem 0@2 in it\nitem 0@3 deeper\nitem 0@4 two\n"},
        {"1. one\n   - in it\n2. two", "item 1@1 one\nitem 0@2 in it\nitem 2@3 two\n"},
        {"- one\n  1. first\n  2. second\n- two", "item 0@1 one\nitem 1@2 first\nitem 2@3 second\nitem 0@4 two\n"},
        {"-\n- two", "item 0@2 two\n"},
        {"> one\n> two", "quote 0@1 one two\n"},
        {"> one\n>\n> two", "quote 0@1 one\nquote 0@3 two\n"},
        {"    not code, words", "text 0@1 not code, words\n"},
        {"words\n\n\tmore", "text 0@1 words\ntext 0@3 more\n"},
        {"> ```c\n> a < {{ b }}\n> ```\n\nafter", "code 0@2 a < {{ b }}\n|c\ntext 0@5 after\n"},
    };
    check(pairs, sizeof pairs / sizeof pairs[0]);
}

/* How deep each item stands, a digit each. */
static void items_know_how_deep(void **state)
{
    (void)state;
    static const struct {
        const char *source, *depths;
    } cases[] = {{"- one\n- two", "00"},
                 {"- one\n  - in it\n    - deeper\n- two", "0120"},
                 {"1. one\n   - in it\n   - too\n2. two", "0110"},
                 {"- one\n\n  goes on\n- two", "00"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct deck deck;
        struct diags diags = {0};
        struct text depths = {0};
        assert_int_equal(deck_parse(cases[i].source, strlen(cases[i].source), "deck.md", &deck, &diags), STATUS_OK);
        for (size_t b = 0; b < deck.slides[0].block_count; b++)
            if (deck.slides[0].blocks[b].kind == BLOCK_ITEM)
                text_format(&depths, "%d", deck.slides[0].blocks[b].depth);
        assert_string_equal(depths.bytes, cases[i].depths);
        text_free(&depths);
        deck_free(&deck);
    }
}

static void tables(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"| a | b |\n| --- | ---: |\n| one | **2** |\n| `|x` | {{ k | ms }} |",
         "table 0@1 a\tb\t\none\t<b>2</b>\t\n<tt>|x</tt>\t{{ k | ms }}\t\n|-r\n"},
        {"words\n\n| a | b | c |\n|:---|:---:|---|\n|1|\t2\t3 |",
         "text 0@1 words\ntable 0@3 a\tb\tc\t\n1\t2 3\t\t\n|lc-\n"},
        {"| a |\n|---|\n\nafter", "table 0@1 a\t\n|-\ntext 0@4 after\n"},
        {"a | b", "text 0@1 a | b\n"},
    };
    check(pairs, sizeof pairs / sizeof pairs[0]);
}

static void images(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"![what it shows](a.png)", "image 0@1 what it shows|a.png\n"},
        {"![bg](a.png)", "image 1@1 bg|a.png\n"},
        {"![bg cover](a.png)", "image 1@1 bg cover|a.png\n"},
        {"![bgx](a.png)", "image 0@1 bgx|a.png\n"},
        {"![](a.png)", "image 0@1 |a.png\n"},
        {"![Q & *A*](<a b.png>)", "image 0@1 Q &amp; A|a b.png\n"},
        {"![one](1.png)\n![two](2.png)", "image 0@1 one|1.png\nimage 0@2 two|2.png\n"},
        {"words ![one](1.png) more", "image 0@1 one|1.png\ntext 0@1 words  more\n"},
        {"[![one](1.png)](https://example.org)", "image 0@1 one|1.png\n"},
        {"- ![one](1.png)\n- words", "image 0@1 one|1.png\nitem 0@2 words\n"},
    };
    check(pairs, sizeof pairs / sizeof pairs[0]);
}

static void bindings(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"**{{ a.time | ms 3 }} faster**", "text 0@1 <b>{{ a.time | ms 3 }} faster</b>\n"},
        {"{{ a * b * c }} {{ a_b_c | else \"*x*\" }}", "text 0@1 {{ a * b * c }} {{ a_b_c | else \"*x*\" }}\n"},
        {"{{ a | else \"<b>\" }}", "text 0@1 {{ a | else \"&lt;b&gt;\" }}\n"},
        {"`{{ a }}`", "text 0@1 <tt>\\{{ a }}</tt>\n"},
        {"`{{` opens", "text 0@1 <tt>\\{{</tt> opens\n"},
        {"`\\{{ a }}`", "text 0@1 <tt>\\\\{{ a }}</tt>\n"},
        {"\\{{ a }}", "text 0@1 \\{{ a }}\n"},
        {"{{ a\n}} words\n- item", "text 0@1 {{ a\n}} words\nitem 0@3 item\n"},
        {"a \xf4\x8f\xbf\xb0"
         "0\xf4\x8f\xbf\xb1 {{ b }}",
         "text 0@1 a \xf4\x8f\xbf\xb3"
         "0\xf4\x8f\xbf\xb3 {{ b }}\n"},
    };
    check(pairs, sizeof pairs / sizeof pairs[0]);
}

/* What bind_text makes of it: code shows bindings as they were written. */
static void code_is_never_bound(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"`{{ no.such.key }}`", "<tt>{{ no.such.key }}</tt>"},
        {"`{{` and `}}`", NULL},
        {"`\\{{ x }}`", "<tt>\\{{ x }}</tt>"},
        {"\\{{ x }} is {{ 2 + 1 | count }}", "{{ x }} is 3"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct desk desk;
        struct binder *binder;
        desk_open(&desk, pairs[i].source);
        assert_int_equal(binder_open(&binder, &desk.deck, desk.records, 1, false, &desk.diags), STATUS_OK);
        char *bound = bind_text(binder, desk.deck.slides[0].blocks[0].text, 0, 1, &desk.diags);
        must_be_clean(&desk.diags);
        assert_non_null(bound);
        if (pairs[i].blocks)
            assert_string_equal(bound, pairs[i].blocks);
        free(bound);
        binder_close(binder);
        desk_close(&desk);
    }
}

static void many_bindings_in_one_paragraph(void **state)
{
    (void)state;
    char *source = repeated("", "{{ 1 | count }} ", 500), *blocks = blocks_of(source);
    int count = 0;
    for (const char *at = blocks; (at = strstr(at, "{{ 1 | count }}")) != NULL; at++)
        count++;
    assert_int_equal(count, 500);
    free(source);
    free(blocks);
}

static void lists_too_deep(void **state)
{
    (void)state;
    char *source = repeated("", "- ", 40);
    struct deck deck;
    struct diags diags = {0};
    struct text deep = {0};
    text_format(&deep, "%sx\n", source);
    assert_int_equal(deck_parse(deep.bytes, deep.length, "deck.md", &deck, &diags), STATUS_BAD_INPUT);
    must_say(&diags, 1, "nested too deeply");
    text_free(&deep);
    diags_free(&diags);
    free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans),
        cmocka_unit_test(lists_and_quotes),
        cmocka_unit_test(items_know_how_deep),
        cmocka_unit_test(tables),
        cmocka_unit_test(images),
        cmocka_unit_test(bindings),
        cmocka_unit_test(code_is_never_bound),
        cmocka_unit_test(many_bindings_in_one_paragraph),
        cmocka_unit_test(lists_too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
