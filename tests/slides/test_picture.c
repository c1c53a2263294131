/* The table of pictures: what a fence may say, whose words win, and what is refused, where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "slides/picture_kind.h"
#include "tests/slides/help_figures.h"

static void test_table(void **state)
{
    (void)state;
    size_t count;
    const struct picture_kind *const *kinds = picture_kinds(&count);
    assert_true(count >= 11);
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(kinds[i]->name) > 2 && strlen(kinds[i]->idea) > 10);
        assert_non_null(kinds[i]->schema);
        assert_true(kinds[i]->make && kinds[i]->draw && kinds[i]->height && kinds[i]->alt && kinds[i]->free);
        assert_true(kinds[i]->fence == BLOCK_CHART || kinds[i]->fence == BLOCK_FIGURE);
        void *nothing = calloc(1, kinds[i]->size); /* as make finds it */
        assert_non_null(nothing);
        kinds[i]->free(nothing);
        free(nothing);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kinds[i]->name, kinds[j]->name);
    }
}

static void test_words(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    assert_int_equal(fence_make(&fence, BLOCK_FIGURE, "kind: book\n"), STATUS_OK);
    assert_non_null(strstr(picture_alt(fence.picture), "open book"));
    assert_null(picture_caption(fence.picture));
    assert_int_equal(fence_make(&fence, BLOCK_FIGURE,
                                "kind: tiles\nalt: \"Less < {{ published.gemini.context | tokens }} & more\"\n"
                                "caption: \"{{ naive.stage.scores.bytes_read | GB }} < all\"\n"),
                     STATUS_OK);
    assert_non_null(strstr(picture_alt(fence.picture), "Less < 1"));
    assert_non_null(strstr(picture_alt(fence.picture), "& more"));
    assert_non_null(strstr(picture_caption(fence.picture), "GB < all"));
    assert_int_equal(fence_make(&fence, BLOCK_FIGURE, "kind: tiles\n"), STATUS_OK);
    assert_non_null(picture_caption(fence.picture));
    assert_int_equal(fence_make(&fence, BLOCK_FIGURE, "kind: tiles\ncaption: \"\"\n"), STATUS_OK);
    assert_null(picture_caption(fence.picture));
    fence_close(&fence);
}

/* The fence stands on line 10, so its body begins on line 11. */
static const struct {
    enum block_kind kind;
    const char *yaml;
    int line;
    const char *says, *remedy;
} faults[] = {
    {BLOCK_FIGURE, "", 10, "empty", "kind:"},
    {BLOCK_FIGURE, "size: 12\n", 10, "says no `kind:`", "matrix"},
    {BLOCK_CHART, "title: x\n", 10, "this chart says no `kind:`", "bar"},
    {BLOCK_FIGURE, "\nkind: matrx\n", 12, "'matrx' is not known", "matrix"},
    {BLOCK_FIGURE, "kind: zzzzzzzz\n", 11, "'zzzzzzzz' is not known", "layers"},
    {BLOCK_FIGURE, "kind: bar\n", 11, "'bar' is a chart", NULL},
    {BLOCK_CHART, "kind: layers\n", 11, "'layers' is a figure", NULL},
    {BLOCK_FIGURE, "kind: tiles\ntile: 6\n", 12, "tile", "tiles"},
    {BLOCK_FIGURE, "kind: memory\ncolumns:\n- {name: a, reed: b}\n", 13, "reed", "read"},
    {BLOCK_FIGURE, "kind: tiles\ntiles: six\n", 12, "", NULL},
    {BLOCK_FIGURE, "kind: tiles\n  bad: [\n", 12, "", NULL},
    {BLOCK_FIGURE, "- a\n- b\n", 11, "", NULL},
    {BLOCK_FIGURE, "kind: tiles\nalt: \"{{ naive.n4096.tyme | ms }}\"\n", 12, "", NULL},
    {BLOCK_FIGURE, "kind: tiles\ncaption: \"{{ never closed\"\n", 12, "never closed", NULL},
};

static void test_faults(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        enum status status = fence_make(&fence, faults[i].kind, faults[i].yaml);
        if (status != STATUS_BAD_INPUT || fence.picture || fence.diags.errors == 0)
            fail_msg("taken: %s", faults[i].yaml);
        const struct diag *diag = &fence.diags.items[0];
        assert_string_equal(diag->file, "talk.md");
        if (diag->line != faults[i].line || !strstr(diag->what, faults[i].says) ||
            (faults[i].remedy && (!diag->remedy || !strstr(diag->remedy, faults[i].remedy))))
            fail_msg("%s\nline %d: %s (%s)", faults[i].yaml, diag->line, diag->what,
                     diag->remedy ? diag->remedy : "no remedy");
    }
    fence_close(&fence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_words),
                                       cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
