/* Short texts do not end with a lost word, and nothing is bought for it: no line more, no width more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <stdio.h>
#include <string.h>

#include "help_slides.h"
#include "slides/paint.h"

enum { W = 1000, H = 400 };

static const struct text_style body = {
    .face = FACE_BODY, .size = 40, .weight = 400, .line_height = 1.4, .role = ROLE_TEXT};

/* How far the ink of each line reaches, in pixels. */
static int reaches(struct style *style, const char *text, double width, int lines, int reach[10])
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
    struct diags diags = {0};
    struct paint paint = {.cairo = cairo_create(surface), .style = style, .diags = &diags};
    cairo_set_source_rgb(paint.cairo, 1, 1, 1);
    cairo_paint(paint.cairo);
    paint_text(&paint, &body, text, 0, 0, width);
    cairo_destroy(paint.cairo);
    cairo_surface_flush(surface);
    must_be_clean(&diags);
    int high = (int)(body.size * body.line_height);
    for (int line = 0; line < lines; line++) {
        reach[line] = 0;
        for (int y = line * high; y < (line + 1) * high; y++) {
            const unsigned char *row =
                cairo_image_surface_get_data(surface) + (long)y * cairo_image_surface_get_stride(surface);
            for (int x = reach[line]; x < W; x++)
                if (row[4 * x] < 128)
                    reach[line] = x;
        }
    }
    cairo_surface_destroy(surface);
    return lines;
}

static int lines_at(struct style *style, const char *text, double width)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
    struct diags diags = {0};
    struct paint paint = {.cairo = cairo_create(surface), .style = style, .diags = &diags};
    int lines = paint_text_size(&paint, &body, text, width).lines;
    cairo_destroy(paint.cairo);
    cairo_surface_destroy(surface);
    must_be_clean(&diags);
    return lines;
}

static void no_short_text_ends_lost(void **state)
{
    static const char *const texts[] = {
        "What it takes to read a whole book at once.",
        "Twice the text is four times the work, and four times the traffic.",
        "You read a chapter line by line. The whole plot comes to mind only now and then.",
        "A thread is the smallest unit of execution, and many of them form a block.",
        "One sentence.\nAnd another one behind it, so long that it must be broken once or twice on its way down here.",
        "So many words have only few letters each that it can be set well in all widths that there are.",
    };
    struct style style;
    struct diags diags = {0};
    int tried = 0;
    (void)state;
    assert_int_equal(style_load(NULL, "paper", NULL, NULL, ".", &style, &diags), STATUS_OK);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (double width = 420; width <= 940; width += 13) {
            int reach[10], longest = 0, lines = lines_at(&style, texts[i], width);
            bool broken = lines > 1 + (strchr(texts[i], '\n') != NULL);
            if (!broken || lines > 6)
                continue;
            reaches(&style, texts[i], width, lines, reach);
            for (int line = 0; line < lines; line++)
                longest = reach[line] > longest ? reach[line] : longest;
            assert_true(longest > width / 2 && longest <= width);
            if (reach[lines - 1] < 0.3 * longest)
                fail_msg("\"%s\" at %g: %d lines, the last is %d of %d", texts[i], width, lines, reach[lines - 1],
                         longest);
            tried++;
        }
    assert_true(tried > 100);
    style_free(&style);
}

/* Two words that need two lines stay as they are. */
static void where_nothing_helps_nothing_is_changed(void **state)
{
    struct style style;
    struct diags diags = {0};
    int reach[10];
    (void)state;
    assert_int_equal(style_load(NULL, "paper", NULL, NULL, ".", &style, &diags), STATUS_OK);
    assert_int_equal(lines_at(&style, "Incomprehensibilities so", 440), 2);
    reaches(&style, "Incomprehensibilities so", 440, 2, reach);
    if (reach[0] < 4 * reach[1] || reach[1] == 0)
        fail_msg("lines that reach to %d and %d", reach[0], reach[1]);
    style_free(&style);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_short_text_ends_lost),
        cmocka_unit_test(where_nothing_helps_nothing_is_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
