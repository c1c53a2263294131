/* The steps from a pasted thread to a deck, each by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "help_slides.h"
#include "slides/thread/items.h"
#include "slides/thread/mend.h"
#include "slides/thread/number.h"
#include "slides/thread/numbering.h"
#include "slides/thread/phrases.h"
#include "slides/thread/sentence.h"
#include "slides/thread/thread.h"
#include "slides/thread/tidy.h"
#include "slides/thread/typeset.h"

struct pair {
    const char *from, *to;
};

static void sentences(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"One. Two.", "One."},
        {"It is 3.5 times, i.e. more. Two", "It is 3.5 times, i.e. more."},
        {"By J. Smith et al. in 2020. Two", "By J. Smith et al. in 2020."},
        {"\"Is it?\" she asked. Two", "\"Is it?\" she asked."},
        {"Really?! Yes", "Really?!"},
        {"See https://a.example/b.c?d. Two", "See https://a.example/b.c?d."},
        {"Ask @ada. Every day counts", "Ask @ada."},
        {"Find me @ada Every day counts", "Find me @ada"},
        {"by @ada herself", "by @ada herself"},
        {"\xe6\xbc\xa2\xe3\x80\x82\xe5\xad\x97", "\xe6\xbc\xa2\xe3\x80\x82"},
        {"no end", "no end"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct slice text = slice_of(pairs[i].from);
        char *first = slice_copy(slice_to(text.at, sentence_end(text)));
        assert_string_equal(first, pairs[i].to);
        free(first);
    }
}

/* A post of one line as its phrases: T title, S sentence, : introduction, - item, > quote. */
static char *phrases_of(const char *post)
{
    static const char kinds[] = {
        [PHRASE_TITLE] = 'T', [PHRASE_SENTENCE] = 'S', [PHRASE_INTRO] = ':', [PHRASE_ITEM] = '-', [PHRASE_QUOTE] = '>'};
    struct lines lines;
    struct phrases phrases;
    struct findings findings = {0};
    struct text all = {0};
    assert_true(lines_read(post, false, &lines, &findings));
    phrases_read(&lines, &(struct post){0, lines.count}, &phrases, &findings);
    for (size_t i = 0; i < phrases.count; i++) {
        text_format(&all, "%c ", kinds[phrases.items[i].kind]);
        text_add_bytes(&all, phrases.items[i].text.at, phrases.items[i].text.length);
        text_add(&all, phrases.items[i].pointed ? " !\n" : "\n");
    }
    phrases_free(&phrases);
    lines_free(&lines);
    findings_free(&findings);
    return text_take(&all);
}

static void lists_in_one_line(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"It has: - one part - another part They fit together.",
         ": It has:\n- one part\n- another part\nS They fit together.\n"},
        {"It has: - One does this. - Two does that. But not more.",
         ": It has:\n- One does this.\n- Two does that.\nS But not more.\n"},
        {"Both: To read: - open it - look To write: - open it - type Then close it.",
         ": Both:\n: To read:\n- open it\n- look\n: To write:\n- open it\n- type\nS Then close it.\n"},
        {"A well - known - thing.", "S A well - known - thing.\n"},
        {"1) Sorted Lists They save time. And more.", "T 1) Sorted Lists\nS They save time.\nS And more.\n"},
        {"1. one\n2. two", "- one\n- two\n"},
        {"See this \xee\x80\x83", ""},
        {"It is so. See this \xee\x80\x83", "S It is so. !\n"},
        {"\"One two three four five six\", she said.", "> \"One two three four five six\", she said.\n"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char *phrases = phrases_of(pairs[i].from);
        assert_string_equal(phrases, pairs[i].to);
        free(phrases);
    }
}

static char *mended(const char *text)
{
    size_t count;
    struct findings findings = {0};
    struct charset *charsets = charsets_open(&count);
    char *found = mend_lost(text, charsets, count, &findings), *whole = mend_whole(found, charsets, count, &findings);
    findings_free(&findings);
    free(charsets);
    free(found);
    return whole;
}

static void signs(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"it\xc3\xa2\xe2\x82\xac\xe2\x84\xa2s", "it\xe2\x80\x99s"}, /* Windows-1252 */
        {"caf\xc3\x83\xc2\xa9", "caf\xc3\xa9"},
        {"caf\xc3\x83\xc6\x92\xc3\x82\xc2\xa9", "caf\xc3\xa9"}, /* twice */
        {"\xc3\xb0\xc5\xb8\xe2\x84\xa2\xe2\x80\x9a", "\xf0\x9f\x99\x82"},
        {"\xd0\xa0\xd1\x9f\xd0\xa1\xd0\x82\xd0\xa0\xd1\x91", "\xd0\x9f\xd1\x80\xd0\xb8"}, /* Windows-1251 */
        {"it\xce\xb2s", "it\xe2\x80\x99s"}, /* ISO-8859-7, control characters lost */
        {"it\xce\xb2s 3 \xce\xb2 4", "it\xe2\x80\x99s 3 \xe2\x86\x92 4"},
        {"\xce\xb2 \xe2\x86\x92 1, \xcf\x80", "\xce\xb2 \xe2\x86\x92 1, \xcf\x80"}, /* no proof */
        {"ch\xc3\xa2teau caf\xc3\xa9", "ch\xc3\xa2teau caf\xc3\xa9"},
        {"\xce\xb1\xce\xb2\xce\xb3", "\xce\xb1\xce\xb2\xce\xb3"},
        {"plain", "plain"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char *text = mended(pairs[i].from);
        assert_string_equal(text, pairs[i].to);
        free(text);
    }
}

static void pages(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"a <b>bold</b> vector<T> &amp; 3 &lt; 4&nbsp;x", "a bold vector<T> & 3 < 4 x"},
        {"<a href=\"https://a.example/long\">a.example/lo\xe2\x80\xa6</a>",
         "\xee\x80\x80"
         "a.example\xee\x80\x81https://a.example/long\xee\x80\x82"},
        {"<a href=\"javascript:x\">a</a>", "a"},
        {"zero\xe2\x80\x8bwidth soft\xc2\xadhyphen", "zerowidth softhyphen"},
        {"\xf0\x9d\x97\x95\xf0\x9d\x97\xbc\xf0\x9d\x97\xb9\xf0\x9d\x97\xb1", "Bold"},
        {"\xe2\x9c\x85 one\n\xe2\x9c\x85 two", "\xee\x80\x84 one\n\xee\x80\x84 two"},
        {"1\xef\xb8\x8f\xe2\x83\xa3 one", "1. one"},
        {"look \xf0\x9f\x91\x87", "look \xee\x80\x83"},
        {"\xee\x80\x80 from outside \xee\x80\x82", " from outside "},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct findings findings = {0};
        char *text = tidy(pairs[i].from, &findings);
        assert_string_equal(text, pairs[i].to);
        findings_free(&findings);
        free(text);
    }
}

static void markdown(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"\"It's\" 7.6x -- so...", "\xe2\x80\x9cIt\xe2\x80\x99s\xe2\x80\x9d 7.6\xc3\x97 \xe2\x80\x93 so\xe2\x80\xa6"},
        {"a *b* _c_ `d_e` {{ f }}", "a \\*b\\* \\_c\\_ `d_e` \\{{ f }}"},
        {"- no list", "\\- no list"},
        {"1) no list", "1\\) no list"},
        {"by @a_b, see https://www.a.example/b.", "by @a\\_b, see [a.example/b](<https://www.a.example/b>)."},
        {"https://a.example/a-very-long-path/that-nobody/reads",
         "[a.example](<https://a.example/a-very-long-path/that-nobody/reads>)"},
        {"$x$ <b> # | & ~ [c](d)", "\\$x\\$ \\<b\\> \\# \\| \\& \\~ \\[c\\](d)"},
        {"0x10 \"8x\" 5x5", "0x10 \xe2\x80\x9c"
                            "8x\xe2\x80\x9d 5x5"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct text text = {0};
        typeset(&text, slice_of(pairs[i].from), TYPESET_LINE);
        assert_string_equal(text.bytes, pairs[i].to);
        text_free(&text);
    }
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"7.6x faster", 7.6},
                 {"64 times more", 64},
                 {"128k tokens", 128e3},
                 {"1,234 of them", 1234},
                 {"3 million", 3e6},
                 {"GPT-4 and A100", 0},
                 {"\"8x\" more", 0},
                 {"from 3/4", 0},
                 {"at 10:32", 0},
                 {"40% off", 40},
                 {"", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice text = slice_of(cases[i].text);
        struct number number = {0};
        bool found = number_next(&text, cases[i].text, &number);
        assert_int_equal(found, cases[i].value != 0);
        if (found)
            assert_float_equal(number.value, cases[i].value, 1e-9);
    }
}

static void posts_by_number(void **state)
{
    (void)state;
    static const struct {
        const char *thread;
        size_t posts;
    } cases[] = {{"1/ a\n2/ b\n3/ c", 3},         {"(1/3) a\n\nb\n\n(2/3) c\n\n(3/3) d", 3},
                 {"a 1/3\n\nb 2/3\n\nc 3/3", 3},  {"Post 1\na\nPost 2\nb", 2},
                 {"1\na\n2\nb\n3\nc", 3},         {"1. a\n\n2. b\n\n3. c", 3},
                 {"hook\n\n2/ b\n\n3/ c", 2},     {"1) a\n\nb\n\nc\n\n2) d\n\ne", 0},
                 {"1/2 of it\n\n7/8 of that", 0}, {"a\n\nb", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct findings findings = {0};
        struct lines lines;
        size_t count;
        assert_true(lines_read(cases[i].thread, false, &lines, &findings));
        free(numbering_find(&lines, &count));
        assert_int_equal(count, cases[i].posts);
        lines_free(&lines);
        findings_free(&findings);
    }
}

/* A link whose end was cut off leaves its words, and none of our marks. */
static void cut_links(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"\xee\x80\x80words\xee\x80\x81https://a.example\xee\x80\x82 on", "[words](<https://a.example>) on"},
        {"\xee\x80\x80words only", "words only"},
        {"half\xee\x80\x81 of it", "half of it"},
        {"the rest\xee\x80\x82", "the rest"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct text set = {0};
        typeset(&set, slice_of(pairs[i].from), 0);
        assert_string_equal(set.bytes, pairs[i].to);
        text_free(&set);
    }
}

static void items(void **state)
{
    (void)state;
    static const struct pair glued[] = {{"compute, and", "compute"},
                                        {"compute,", "compute"},
                                        {"see and", "see"},
                                        {"one; or", "one"},
                                        {"und", "und"},
                                        {"vitamin e", "vitamin e"},
                                        {"a, e", "a"},
                                        {"sand", "sand"},
                                        {"", ""}};
    static const struct {
        const char *text, *label, *value;
        int sign;
    } split[] = {{"Llama 3 \xe2\x86\x92 128k tokens", "Llama 3", "128k tokens", 0},
                 {"Llama 3 -> 128k", "Llama 3", "128k", 0},
                 {"Speed: high", "Speed", "high", 2},
                 {"a = b = c", NULL, NULL, -1},
                 {"https://a.example", NULL, NULL, -1},
                 {"well-known", NULL, NULL, -1},
                 {"Both:", NULL, NULL, -1},
                 {"", NULL, NULL, -1}};
    for (size_t i = 0; i < sizeof glued / sizeof glued[0]; i++) {
        char *bare = slice_copy(item_unglued(slice_of(glued[i].from)));
        assert_string_equal(bare, glued[i].to);
        free(bare);
    }
    for (size_t i = 0; i < sizeof split / sizeof split[0]; i++) {
        struct slice parts[2];
        assert_int_equal(item_split(slice_of(split[i].text), &parts[0], &parts[1]), split[i].sign);
        for (int k = 0; k < 2 && split[i].label; k++) {
            char *part = slice_copy(parts[k]);
            assert_string_equal(part, k ? split[i].value : split[i].label);
            free(part);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences),       cmocka_unit_test(lists_in_one_line),
        cmocka_unit_test(signs),           cmocka_unit_test(pages),
        cmocka_unit_test(markdown),        cmocka_unit_test(numbers),
        cmocka_unit_test(posts_by_number), cmocka_unit_test(items),
        cmocka_unit_test(cut_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
