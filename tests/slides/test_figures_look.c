/* Every figure in both themes and in boxes of four shapes: no fault, nothing drawn outside the box, the same pixels
 * again. The pictures stay in the folder "figures" of the build, to be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/slides/help_figures.h"

enum { MARGIN = FENCE_MARGIN };

static const struct {
    const char *name;
    double w, h;
} boxes[] = {{"tall", 920, 800}, {"square", 920, 560}, {"wide", 1700, 620}, {"slim", 920, 260}};

/* No record is needed to look: words stand in for numbers, as in a deck whose results are still to come. */
#define BYTES "naive.bytes | GB | else \"40.3 GB\""
#define LESS  "naive.bytes | GB | else \"4.4 GB\""

static const struct {
    const char *name, *yaml;
    const char *refused; /* the box that is too small for it: said so, not drawn badly */
} figures[] = {
    {"matrix", "kind: matrix\nsize: 12\nmasks:\n- {name: every key, mask: causal}\n"
               "- {name: a local window, mask: causal_w3}\n- {name: learned blocks, mask: blocks, seed: 7}\n"
               "- {name: window and sinks, mask: causal_w3, sinks: 2}\n"},
    {"matrix1", "kind: matrix\nmasks:\n- {name: every earlier token, mask: causal}\n"},
    {"matrix2", "kind: matrix\nsize: 16\nmasks:\n- {name: every key, mask: full}\n- {name: a window, mask: w2_2}\n"},
    {"hook", "kind: matrix\nshape: wide\nmasks: [{mask: causal_w3, sinks: 1}]\n"},
    {"layers", "kind: layers\nlayers: 22\nglobal_every: 3\nwindow: 64\ntokens: 1024\n"},
    {"memory", "kind: memory\ntop: {name: HBM, note: \"large, slow\", size: 80 GB}\n"
               "bottom: {name: SRAM, note: \"small, fast\", size: 227 KB}\ncolumns:\n"
               "- {name: scores, read: '" LESS "', write: '" BYTES "'}\n"
               "- {name: softmax, read: '" BYTES "', write: '" BYTES "'}\n"
               "- {name: values, read: '" BYTES "', write: '" LESS "'}\n"},
    {"squares", "kind: squares\nfactor: 8\n"},
    {"squares2", "kind: squares\nfactor: 8\nsmall_value: 1.9 ms\nlarge_value: \"118 ms, 62× the time\"\n"},
    {"tiles", "kind: tiles\ntiles: 6\n"},
    {"threads",
     "kind: threads\nnear: {name: SRAM, size: 227 KB}\nfar: {name: HBM, note: shared by all blocks, size: 80 GB}\n",
     "slim"},
    {"cores",
     "kind: threads\nthread: a thread\nthreads: 1\nblock: core\nblocks: 2\n"
     "near: {name: L1 + L2, size: 48 KB + 2 MB}\nshared: {name: L3, note: shared by all cores, size: 32 MB}\n"
     "far: {name: main memory, note: \"large, slow\", size: 16 GB}\n",
     "slim"},
    {"book", "kind: book\n"},
    {"book2", "kind: book\nchapter: this chapter\nplot: \"the plot, now and then\"\n", "slim"},
    {"memory1", "kind: memory\ncolumns:\n- {name: flash, read: '" LESS "', write: '" LESS "'}\n"},
};
enum { FIGURES = sizeof figures / sizeof figures[0], BOXES = sizeof boxes / sizeof boxes[0] };

static void check_outside(cairo_surface_t *surface, const char *name, const char *box)
{
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            bool inside = x >= MARGIN && x < w - MARGIN && y >= MARGIN && y < h - MARGIN;
            if (!inside && pixel_at(surface, x - MARGIN, y - MARGIN) != 0xff00ff)
                fail_msg("%s, %s: drawn outside its box at %d, %d", name, box, x - MARGIN, y - MARGIN);
        }
}

static void check_same(cairo_surface_t *a, cairo_surface_t *b)
{
    size_t bytes = (size_t)cairo_image_surface_get_stride(a) * (size_t)cairo_image_surface_get_height(a);
    assert_memory_equal(cairo_image_surface_get_data(a), cairo_image_surface_get_data(b), bytes);
}

/* Every pixel of a figure is opaque and one of the theme's, so a box that kept its background drew nothing. */
static void check_drawn(cairo_surface_t *surface, const char *name)
{
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface), drawn = 0;
    uint32_t ground = pixel_at(surface, 0, 1);
    for (int y = MARGIN; y < h - MARGIN; y++)
        for (int x = MARGIN; x < w - MARGIN; x++)
            drawn += pixel_at(surface, x - MARGIN, y - MARGIN) != ground;
    if (drawn < 2000)
        fail_msg("%s: only %d pixels drawn", name, drawn);
}

static void look_at(struct fence *fence, size_t figure, size_t box)
{
    char path[200];
    bool refused = figures[figure].refused && strcmp(figures[figure].refused, boxes[box].name) == 0;
    double unit = fence->style.unit, w = boxes[box].w * unit, h = boxes[box].h * unit;
    if (fence_make(fence, BLOCK_FIGURE, figures[figure].yaml) == STATUS_OK) {
        cairo_surface_t *surface = fence_draw(fence, w, h), *again = fence_draw(fence, w, h);
        snprintf(path, sizeof path, "figures/%s-%s-%s.png", figures[figure].name, fence->style.theme.name,
                 boxes[box].name);
        assert_int_equal(cairo_surface_write_to_png(surface, path), CAIRO_STATUS_SUCCESS);
        check_same(surface, again);
        if (!refused) {
            check_outside(surface, figures[figure].name, boxes[box].name);
            check_drawn(surface, figures[figure].name);
        }
        cairo_surface_destroy(surface);
        cairo_surface_destroy(again);
    }
    if (refused) {
        assert_true(fence->diags.errors > 0);
        assert_string_equal(fence->diags.items[0].file, "talk.md");
        assert_int_equal(fence->diags.items[0].line, 10);
        diags_free(&fence->diags);
    }
    if (fence->diags.count > 0) {
        diags_print(&fence->diags, stderr);
        fail_msg("%s, %s", figures[figure].name, boxes[box].name);
    }
}

static void look_at_all(struct fence *fence)
{
    assert_int_equal(folder_make("figures", &fence->diags), STATUS_OK);
    for (size_t figure = 0; figure < FIGURES; figure++)
        for (size_t box = 0; box < BOXES; box++)
            look_at(fence, figure, box);
    fence_close(fence);
}

static void test_ink(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "ink");
    look_at_all(&fence);
}

static void test_paper(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "paper");
    look_at_all(&fence);
}

/* A canvas whose pixels are 0.625 of the measures. */
static void test_small(void **state)
{
    (void)state;
    struct fence fence;
    fence_open(&fence, "contrast");
    style_free(&fence.style);
    assert_int_equal(style_load("x-small", "contrast", NULL, NULL, ".", &fence.style, &fence.diags), STATUS_OK);
    look_at_all(&fence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ink), cmocka_unit_test(test_paper),
                                       cmocka_unit_test(test_small)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
