/* Code in few colours, line by line, and never a character more or less than was typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pango/pango.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/highlight.h"

static void languages(void **state)
{
    (void)state;
    static const struct {
        const char *info, *body, *markup;
    } cases[] = {
        {NULL, "int x < 1;\n", "int x &lt; 1;"},
        {"nonesuch", "int x;\n", "int x;"},
        {"c", "int x = 12; // so\n",
         "<accent>int</accent> x = <accent2>12</accent2>; <muted>//</muted><muted> so</muted>"},
        {"c", "s(\"a<b\");", "s(<accent2>\"</accent2><accent2>a&lt;b</accent2><accent2>\"</accent2>);"},
        {"cuda", "__global__ void f(int x)",
         "<accent>__global__</accent> <accent>void</accent> f(<accent>int</accent> x)"},
        {"CU", "threadIdx.x", "<accent>threadIdx</accent>.x"},
        {"c", "__global__", "__global__"},
        {"python", "def f():", "<accent>def</accent> f():"},
        {"c", "/* a\nb */ int",
         "<muted>/*</muted><muted> a</muted>\n<muted>b </muted><muted>*/</muted> <accent>int</accent>"},
        {"c {2}", "int a;\nint b;", "<muted>int a;</muted>\n<accent>int</accent> b;"},
        {"c", "\n\nint", "\n\n<accent>int</accent>"},
        {"c", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *markup = highlight_code(cases[i].body, cases[i].info);
        assert_string_equal(markup, cases[i].markup);
        free(markup);
    }
}

/* Without its tags the markup is the code. */
static void nothing_is_lost(void **state)
{
    (void)state;
    static const char *const infos[] = {"c", "cuda", "cpp", "python", "sh", "make", "{1-3}", "c {x}", NULL};
    static const char code[] =
        "#include <a.h> /* \xc3\xa9 & \"x\" */\n\tint f(char c) { return c == '\\n' ? 0x1F : 1e-3f; }\n"
        "\n  // <last> line, \xe6\xbc\xa2";
    for (size_t i = 0; i < sizeof infos / sizeof infos[0]; i++) {
        char *markup = highlight_code(code, infos[i]), *plain = NULL;
        struct text known = {0};
        for (const char *at = markup; *at;) { /* our own tags are none of Pango's */
            bool tag = *at == '<';
            if (!tag)
                text_add_bytes(&known, at, 1);
            at += tag ? strcspn(at, ">") + 1 : 1;
        }
        assert_true(pango_parse_markup(known.bytes, -1, 0, NULL, &plain, NULL, NULL));
        assert_string_equal(plain, code);
        g_free(plain);
        text_free(&known);
        free(markup);
    }
}

static void lines_to_look_at(void **state)
{
    (void)state;
    static const struct {
        const char *info, *chosen; /* of lines 1 to 6 */
    } cases[] = {{"c", "111111"},      {"c {2}", "010000"},   {"c {1,3-4}", "101100"}, {"c f.c {6}", "000001"},
                 {"c {5-}", "000000"}, {"c {all}", "111111"}, {"c {2", "010000"},      {"{2}", "010000"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct code_info info = code_info_read(cases[i].info);
        char chosen[7] = "";
        for (int line = 1; line <= 6; line++)
            chosen[line - 1] = code_line_chosen(&info, line) ? '1' : '0';
        assert_string_equal(chosen, cases[i].chosen);
    }
    struct code_info info = code_info_read("cuda flash attention.cu {2}");
    assert_string_equal(info.language, "cuda");
    assert_string_equal(info.title, "flash attention.cu");
    assert_string_equal(code_info_read("c").title, "");
    assert_string_equal(code_info_read("c{2}").language, "c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages),
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(lines_to_look_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
