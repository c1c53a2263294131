/* Keyboard signs become a printer's in prose, and stay as they are in code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/typography.h"

struct pair {
    const char *typed, *set;
};

static void check(const char *lang, const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *set = typography_set(pairs[i].typed, lang);
        assert_string_equal(set, pairs[i].set);
        free(set);
    }
}

static void english(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"", ""},
        {"\"so\" he said", "“so” he said"},
        {"he said \"so, 'inner' too\".", "he said “so, ‘inner’ too”."},
        {"<b>\"so\"</b> and \"<i>so</i>\"", "<b>“so”</b> and “<i>so</i>”"},
        {"it's the models' and '90s rock 'n' roll", "it’s the models’ and ’90s rock ‘n’ roll"},
        {"(\"so\") [\"so\"]", "(“so”) [“so”]"},
        {"a 27\" screen", "a 27″ screen"},
        {"wait... what....", "wait… what...."},
        {"fast - and honest", "fast\u00a0– and honest"},
        {"fast -- and honest --- so", "fast\u00a0– and honest — so"},
        {"self-made, e-mail", "self-made, e-mail"},
        {"2023-2024", "2023–2024"},
        {"on 2026-01-02, GPT-3.5-turbo, arXiv 2412.13663-2", "on 2026-01-02, GPT-3.5-turbo, arXiv 2412.13663-2"},
        {"at -5 degrees (-3)", "at −5 degrees (−3)"},
        {"x-1 and A100-80", "x-1 and A100-80"},
        {"16 GB in 40 ms", "16\u00a0GB in 40\u00a0ms"},
        {"16 GBs, 3 second", "16 GBs, 3 second"},
        {"7.6 x faster, 3 x 4 tiles", "7.6\u00a0x faster, 3\u00a0×\u00a04 tiles"},
        {"5 s. 90 % of it", "5\u00a0s. 90\u00a0% of it"},
        {"- 5", "- 5"},
        {"Q &amp; A &lt;\"b\"&gt;", "Q &amp; A &lt;“b”&gt;"},
        {"a\n\"b\"", "a\n“b”"},
        {"\"a\t\"b\"\t", "“a\t“b”\t"},
        {"wow! so: yes; no?", "wow! so: yes; no?"},
        {"“real” ones – stay …", "“real” ones – stay …"},
    };
    check(NULL, pairs, sizeof pairs / sizeof pairs[0]);
    check("en-GB", pairs, sizeof pairs / sizeof pairs[0]);
}

static void code_and_addresses_stay(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"<tt>f(\"a\", 'b') -- 1 ms ...</tt>", "<tt>f(\"a\", 'b') -- 1 ms ...</tt>"},
        {"<tt>\"</tt> and \"so\"", "<tt>\"</tt> and “so”"},
        {"\"<tt>x</tt>\"", "“<tt>x</tt>”"},
        {"<tt>open", "<tt>open"},
        {"see https://a.org/1-2--3'4 or www.b.org/--x", "see https://a.org/1-2--3'4 or www.b.org/--x"},
        {"<span x=\"1--2\">\"y\"</span>", "<span x=\"1--2\">“y”</span>"},
        {"a <broken", "a <broken"},
        {"a & b", "a & b"},
    };
    check("en", pairs, sizeof pairs / sizeof pairs[0]);
}

static void languages_have_their_own(void **state)
{
    (void)state;
    static const struct {
        const char *lang;
        struct pair pair;
    } cases[] = {
        {"de", {"\"so 'innen' auch\"", "„so ‚innen‘ auch“"}},
        {"de-CH", {"\"so\"", "«so»"}},
        {"fr", {"\"oui\" : non !", "«\u00a0oui\u00a0»\u00a0: non\u00a0!"}},
        {"es", {"\"si\"", "«si»"}},
        {"sv", {"\"ja\"", "”ja”"}},
        {"ru", {"\"да\"", "«да»"}},
        {"zh", {"\"是\"", "“是”"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(cases[i].lang, &cases[i].pair, 1);
}

/* Once set, nothing is left to set. */
static void twice_is_once(void **state)
{
    (void)state;
    char *once = typography_set("\"a\" - 'b' it's 2023-2024, 5 ms ... 3 x 4 -5", "en");
    char *twice = typography_set(once, "en");
    assert_string_equal(once, twice);
    free(once);
    free(twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(english),
        cmocka_unit_test(code_and_addresses_stay),
        cmocka_unit_test(languages_have_their_own),
        cmocka_unit_test(twice_is_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
