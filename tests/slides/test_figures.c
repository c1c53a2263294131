/* Figures against what they are drawn from: cells against the mask's rule, bars against the window, bytes against the
 * record; what they say in words; what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "slides/picture_kind.h"
#include "tests/slides/help_figures.h"

static void make(struct fence *fence, const char *yaml)
{
    enum status status = fence_make(fence, BLOCK_FIGURE, yaml);
    if (status != STATUS_OK)
        diags_print(&fence->diags, stderr);
    assert_int_equal(status, STATUS_OK);
}

/* Pitch 33: the box that squares of 29 with gaps of 4 fill exactly. */
static cairo_surface_t *draw_cells(struct fence *fence, int rows, int columns)
{
    cairo_surface_t *surface = fence_draw(fence, columns * 33 - 4, rows * 33 - 4);
    assert_int_equal(fence->diags.count, 0);
    return surface;
}

static uint32_t cell(cairo_surface_t *surface, int row, int column)
{
    return pixel_at(surface, column * 33 + 14, row * 33 + 14);
}

/* The rule as kernels/attention.h words it, for equal lengths. */
static bool keeps(int left, int right, int query, int key)
{
    return (left < 0 || key >= query - left) && (right < 0 || key <= query + right);
}

static void test_cells(void **state)
{
    (void)state;
    static const struct {
        const char *mask;
        int size, left, right, sinks;
    } masks[] = {{"full", 5, -1, -1, 0},    {"causal", 12, -1, 0, 0},    {"causal_w3", 12, 3, 0, 0},
                 {"causal_w0", 9, 0, 0, 0}, {"w2_1", 13, 2, 1, 0},       {"winf_2", 8, -1, 2, 0},
                 {"w3_inf", 8, 3, -1, 0},   {"causal_w2", 16, 2, 0, 2},  {"w1_1", 10, 1, 1, 3},
                 {"w40_0", 12, 40, 0, 0},   {"causal_w1", 48, 1, 0, 48}, {"causal", 2, -1, 0, 0}};
    struct fence fence;
    fence_open(&fence, "ink");
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        char yaml[200];
        bool causal = strncmp(masks[i].mask, "causal", 6) == 0;
        snprintf(yaml, sizeof yaml, "kind: matrix\nsize: %d\nmasks: [{mask: %s, sinks: %d}]\n", masks[i].size,
                 masks[i].mask, masks[i].sinks);
        make(&fence, yaml);
        cairo_surface_t *surface = draw_cells(&fence, masks[i].size, masks[i].size);
        for (int query = 0; query < masks[i].size; query++)
            for (int key = 0; key < masks[i].size; key++) {
                enum role role = key < masks[i].sinks && (!causal || key <= query)  ? ROLE_ACCENT2
                                 : keeps(masks[i].left, masks[i].right, query, key) ? ROLE_ACCENT
                                                                                    : ROLE_SURFACE;
                if (cell(surface, query, key) != role_pixel(&fence, role))
                    fail_msg("%s: query %d, key %d is drawn wrongly", masks[i].mask, query, key);
            }
        cairo_surface_destroy(surface);
    }
    fence_close(&fence);
}

/* Row r of the strip is query (r + 1) * 24 / 7 - 1 of 24. */
static void test_strip(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "paper");
    make(&fence, "kind: matrix\nshape: wide\nmasks: [{mask: causal_w3}]\n");
    cairo_surface_t *surface = draw_cells(&fence, 7, 24);
    static const int queries[] = {2, 5, 9, 12, 16, 19, 23};
    for (int row = 0; row < 7; row++)
        for (int key = 0; key < 24; key++)
            assert_int_equal(cell(surface, row, key),
                             role_pixel(&fence, keeps(3, 0, queries[row], key) ? ROLE_ACCENT : ROLE_SURFACE));
    cairo_surface_destroy(surface);
    fence_close(&fence);
}

/* Learned blocks: causal, each query's own block, one earlier one; the seed decides which. */
static void test_learned(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    uint32_t seen[2][12][12];
    for (int seed = 0; seed < 2; seed++) {
        make(&fence, seed ? "kind: matrix\nmasks: [{mask: blocks, seed: 8}]\n"
                          : "kind: matrix\nmasks: [{mask: blocks, seed: 7}]\n");
        cairo_surface_t *surface = draw_cells(&fence, 12, 12);
        for (int query = 0; query < 12; query++) {
            int earlier = 0;
            for (int key = 0; key < 12; key++) {
                seen[seed][query][key] = cell(surface, query, key);
                bool filled = seen[seed][query][key] == role_pixel(&fence, ROLE_ACCENT2);
                assert_true(filled || seen[seed][query][key] == role_pixel(&fence, ROLE_SURFACE));
                if (key > query)
                    assert_false(filled);
                else if (key / 2 == query / 2)
                    assert_true(filled);
                else
                    earlier += filled;
            }
            assert_int_equal(earlier, query / 2 < 2 ? 0 : 2);
        }
        cairo_surface_destroy(surface);
    }
    assert_memory_not_equal(seen[0], seen[1], sizeof seen[0]);
    fence_close(&fence);
}

/* Counts a colour along one line of pixels. */
static int count_along(cairo_surface_t *surface, double y, int w, uint32_t wanted)
{
    int count = 0;
    for (int x = 0; x < w; x++)
        count += pixel_at(surface, x, y) == wanted;
    return count;
}

/* Four matrices stand in one, two or four rows, never three and one. */
static void test_grid(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    make(&fence, "kind: matrix\nmasks: [{name: a, mask: full}, {name: b, mask: full}, {name: c, mask: full}, "
                 "{name: d, mask: full}]\n");
    cairo_surface_t *surface = fence_draw(&fence, 1040, 800);
    int left = count_along(surface, 600, 520, role_pixel(&fence, ROLE_ACCENT));
    int both = count_along(surface, 600, 1040, role_pixel(&fence, ROLE_ACCENT));
    assert_true(left > 100);
    assert_in_range(both, 2 * left - 4, 2 * left + 4);
    cairo_surface_destroy(surface);
    fence_close(&fence);
}

/* 22 layers of 34 pixels; global strips are as wide as all local ones, of which 129 / 1024 is filled. */
static void test_layers(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    make(&fence, "kind: layers\nlayers: 22\nglobal_every: 3\nwindow: 64\ntokens: 1024\nglobal: A\nlocal: B\n");
    cairo_surface_t *surface = fence_draw(&fence, 920, 800);
    assert_int_equal(fence.diags.count, 0);
    int global = 0, local = 0;
    bool before = false;
    for (int y = 0; y < 800; y++) { /* a strip is a run of rows in its colour */
        int wide = count_along(surface, y, 560, role_pixel(&fence, ROLE_ACCENT));
        int narrow = count_along(surface, y, 560, role_pixel(&fence, ROLE_ACCENT2));
        bool strip = wide > 500 || narrow > 50;
        if (strip && !before)
            *(wide > 500 ? &global : &local) += 1;
        before = strip;
        if (narrow > 50)
            assert_in_range(narrow, 60, 72); /* 129 / 1024 of 554, less round corners */
    }
    assert_int_equal(global, 8); /* 0, 3 ... 21 */
    assert_int_equal(local, 14);
    cairo_surface_destroy(surface);
    fence_close(&fence);
}

/* The large square's area is the factor's square times the small one's: all 65 cells alike. */
static void test_squares(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    make(&fence, "kind: squares\nfactor: 4\nsmall: \" \"\nlarge: \" \"\n");
    cairo_surface_t *surface = fence_draw(&fence, 920, 600);
    assert_int_equal(fence.diags.count, 0);
    double area = 0, small = 0;
    for (int y = 0; y < 600; y++) {
        area += count_along(surface, y, 920, role_pixel(&fence, ROLE_ACCENT2));
        small += count_along(surface, y, 920, role_pixel(&fence, ROLE_ACCENT));
    }
    assert_true(small > 20000); /* twice: beside the large one, and in it */
    assert_true(area / (small / 2) > 14.98 && area / (small / 2) < 15.02);
    cairo_surface_destroy(surface);
    fence_close(&fence);
}

static const struct {
    const char *yaml;
    const char *says[6];
} words[] = {
    {"kind: matrix\nmasks: [{name: all, mask: causal}, {name: near, mask: causal_w3, sinks: 2}]\n",
     {"Attention matrices of 12 queries", "all, mask causal: 78 of 144", "near, mask causal_w3: 57 of 144"}},
    {"kind: matrix\nmasks: [{mask: full}]\n", {"Attention matrix of", "Mask full: 144 of 144"}},
    {"kind: layers\nlayers: 22\nglobal_every: 3\nwindow: 64\ntokens: 8192\n",
     {"22 layers over 8,192 tokens", "In 8 of them", "in the other 14 it reads 129 tokens"}},
    {"kind: memory\nbottom: {name: cache, note: \"small, fast\", size: 1 MB}\ncolumns:\n"
     "- {name: scores, read: naive.stage.scores.bytes_read | GB 1, write: '{{ naive.stage.scores.bytes_written | MB "
     "}}'}\n"
     "- {name: values, read: naive.stage.values.bytes_read | GB 1}\n",
     {"HBM (large, slow) above", "cache (small, fast, 1 MB) below", "scores reads 1.0", "writes 500",
      "values reads 3.0"}},
    {"kind: tiles\ntiles: 5\nrow: 2\ncolumn: 4\nfast: cache\nslow: memory\n",
     {"5 by 5 tiles", "row 2 and column 4", "in cache now", "8 tiles before", "16 after", "in memory"}},
    {"kind: squares\nfactor: 3\nlarge_value: \"{{ naive.time | ms 1 }}\"\n",
     {"3 times as wide", "holds it 9 times", "3× tokens, 9× work: 3.0"}},
    {"kind: threads\nblock: core\nblocks: 2\nthreads: 1\nshared: {name: L3, size: 32 MB}\n",
     {"2 boxes, each a core with 1 dot (thread)", "L3 (32 MB)", "HBM (shared by all blocks)"}},
    {"kind: book\nchapter: near\nplot: far\n", {"open book", "(near)", "(far)"}},
};

static void test_alt(void **state)
{
    (void)state;
    struct fence fence;
    size_t count;
    const struct picture_kind *const *kinds = picture_kinds(&count);
    for (size_t k = 0; k < count; k++) { /* a new figure must be tried here too */
        bool tried = kinds[k]->fence != BLOCK_FIGURE;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            tried |= strncmp(words[i].yaml + strlen("kind: "), kinds[k]->name, strlen(kinds[k]->name)) == 0;
        assert_true(tried);
    }
    fence_open(&fence, "ink");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        make(&fence, words[i].yaml);
        for (int part = 0; part < 6 && words[i].says[part]; part++)
            if (!strstr(picture_alt(fence.picture), words[i].says[part]))
                fail_msg("'%s' is not in: %s", words[i].says[part], picture_alt(fence.picture));
    }
    fence_close(&fence);
}

/* Bodies begin on line 11. */
static const struct {
    const char *yaml;
    int line;
    const char *says;
} faults[] = {
    {"kind: matrix\n", 11, "masks"},
    {"kind: matrix\nmasks: []\n", 12, ""},
    {"kind: matrix\nmasks: [{mask: full}, {mask: full}, {mask: full}, {mask: full}, {mask: full}]\n", 12, ""},
    {"kind: matrix\nmasks:\n- {mask: casual}\n", 13, "'casual' is no mask"},
    {"kind: matrix\nmasks:\n- {mask: w64_64_g3}\n", 13, "alternates"},
    {"kind: matrix\nmasks:\n- {mask: causal, sinks: -1}\n", 13, "sinks is -1"},
    {"kind: matrix\nmasks:\n- {mask: blocks, sinks: 1}\n", 13, "no sinks"},
    {"kind: matrix\nmasks:\n- {mask: causal, name: a}\n- {mask: full}\n", 14, "no name"},
    {"kind: matrix\nsize: -4\nmasks: [{mask: full}]\n", 12, "-4 columns"},
    {"kind: matrix\nsize: 500\nmasks: [{mask: full}]\n", 12, "500 columns"},
    {"kind: matrix\nmasks: [{mask: full}]\nrows: 30\n", 13, "30 rows"},
    {"kind: matrix\nmasks: [{mask: full}]\nshape: round\n", 13, "'round' is no shape"},
    {"kind: layers\nlayers: 0\nglobal_every: 3\nwindow: 64\n", 12, "layers is 0"},
    {"kind: layers\nlayers: 22\nglobal_every: 30\nwindow: 64\n", 13, "global_every is 30"},
    {"kind: layers\nlayers: 22\nglobal_every: 0\nwindow: 64\n", 13, "global_every is 0"},
    {"kind: layers\nlayers: 22\nglobal_every: 3\nwindow: -1\n", 14, "window is -1"},
    {"kind: layers\nlayers: 22\nglobal_every: 3\nwindow: 64\ntokens: 100\n", 14, "sees all of 100"},
    {"kind: memory\ncolumns: []\n", 12, ""},
    {"kind: memory\ncolumns:\n- {name: scores}\n", 13, "moves nothing"},
    {"kind: memory\ncolumns:\n- {name: a, read: naive.time | ms 1}\n", 13, "not a number of bytes"},
    {"kind: memory\ncolumns:\n- {name: a, read: naive.stage.scors.bytes_read | MB}\n", 13, "stage"},
    {"kind: memory\ncolumns:\n- {name: a, read: 0 - naive.stage.scores.bytes_read | MB}\n", 13, ""},
    {"kind: memory\ntop: {note: big}\ncolumns:\n- {name: a, read: naive.stage.scores.bytes_read}\n", 12, "name"},
    {"kind: tiles\ntiles: 2\n", 12, "tiles is 2"},
    {"kind: tiles\nrow: 7\n", 12, "row 7"},
    {"kind: tiles\ncolumn: -2\n", 12, "column -2"},
    {"kind: squares\nfactor: 99\n", 12, "factor is 99"},
    {"kind: squares\nlarge_value: \"{{ nothing.time | ms }}\"\n", 12, ""},
    {"kind: threads\nthreads: 1000\n", 12, "threads is 1000"},
    {"kind: threads\nblocks: -1\n", 12, "blocks is -1"},
    {"kind: book\nlines: 2\n", 12, "lines is 2"},
};

static void test_faults(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (fence_make(&fence, BLOCK_FIGURE, faults[i].yaml) == STATUS_OK)
            fail_msg("taken: %s", faults[i].yaml);
        assert_null(fence.picture);
        const struct diag *diag = &fence.diags.items[0];
        assert_string_equal(diag->file, "talk.md");
        if (diag->line != faults[i].line || !strstr(diag->what, faults[i].says))
            fail_msg("%s\nline %d: %s", faults[i].yaml, diag->line, diag->what);
    }
    fence_close(&fence);
}

/* Several faults of one fence are told at once. */
static void test_all_at_once(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    assert_int_equal(fence_make(&fence, BLOCK_FIGURE, "kind: layers\nlayers: 1\nglobal_every: -3\nwindow: 0\n"),
                     STATUS_BAD_INPUT);
    assert_int_equal(fence.diags.errors, 3);
    fence_close(&fence);
}

/* What does not fit at the smallest text is refused at draw, with the fence's line. */
static void test_no_room(void **state)
{
    (void)state;
    static const char *const yamls[] = {
        "kind: matrix\nmasks: [{name: a, mask: full}]\n",
        "kind: layers\nlayers: 22\nglobal_every: 3\nwindow: 64\n",
        "kind: memory\ncolumns: [{name: some very long name of a kernel, read: naive.stage.scores.bytes_read}]\n",
        "kind: tiles\n",
        "kind: squares\n",
        "kind: threads\n",
        "kind: book\n"};
    struct fence fence;
    fence_open(&fence, "ink");
    for (size_t i = 0; i < sizeof yamls / sizeof yamls[0]; i++) {
        make(&fence, yamls[i]);
        cairo_surface_destroy(fence_draw(&fence, 150, 90));
        if (fence.diags.errors == 0)
            fail_msg("drawn in 150 x 90: %s", yamls[i]);
        assert_string_equal(fence.diags.items[0].file, "talk.md");
        assert_int_equal(fence.diags.items[0].line, 10);
        assert_non_null(strstr(fence.diags.items[0].what, "does not fit: it needs"));
    }
    fence_close(&fence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cells),       cmocka_unit_test(test_strip),
                                       cmocka_unit_test(test_learned),     cmocka_unit_test(test_grid),
                                       cmocka_unit_test(test_layers),      cmocka_unit_test(test_squares),
                                       cmocka_unit_test(test_alt),         cmocka_unit_test(test_faults),
                                       cmocka_unit_test(test_all_at_once), cmocka_unit_test(test_no_room)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
