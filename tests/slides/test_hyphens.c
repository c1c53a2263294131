/* A word may be broken where its author wrote &shy;, is broken only where it must be, and is whole for who hears it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <stdlib.h>
#include <string.h>

#include "help_pages.h"
#include "slides/export_words.h"

#define SHY "\xc2\xad"
static const struct pages_look square = {.size = "1:1"};

static void a_wide_word_is_broken_where_its_author_says(void **state)
{
    struct laid_out out;
    (void)state;
    lay_out(&out, "## Aufmerksamkeitsmechanismusbeschleunigung\n\nWorte.\n", square);
    assert_int_equal(out.status, STATUS_BAD_INPUT);
    must_say(&out.desk.diags, 1, "pixels too wide");
    must_say(&out.desk.diags, 1, "&shy;");
    put_away(&out);
    lay_out(&out, "## Aufmerksamkeits&shy;mechanismus&shy;beschleunigung\n\nWorte.\n", square);
    must_be_clean(&out.desk.diags);
    struct placed_list placed = rehearsed(&out, 0);
    for (size_t i = 0; i < placed.count; i++)
        assert_true(placed.items[i].box.x + placed.items[i].box.w <= out.pages.items[0].style->canvas.width);
    assert_true(placed.count > 1);
    placed_free(&placed);
    char *title = export_title(&out.pages, 0), *alt = export_alt(&out.pages, 0);
    assert_string_equal(title, "Aufmerksamkeitsmechanismusbeschleunigung");
    assert_null(strstr(alt, SHY));
    free(title);
    free(alt);
    put_away(&out);
}

static struct text_size size_of(struct style *style, bool balance, const char *text, double width)
{
    const struct text_style face = {
        .face = FACE_BODY, .size = 40, .weight = 400, .line_height = 1.3, .balance = balance};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
    struct diags diags = {0};
    struct paint paint = {.cairo = cairo_create(surface), .style = style, .diags = &diags};
    struct text_size size = paint_text_size(&paint, &face, text, width);
    cairo_destroy(paint.cairo);
    cairo_surface_destroy(surface);
    must_be_clean(&diags);
    return size;
}

/* Neither even lines nor a fuller last line are worth a broken word: lines are as they would be were it whole. */
static void no_word_is_broken_for_looks(void **state)
{
    static const char first[] = "Kurz Geschwindigkeitsmessung", whole[] = "Kurz Geschwindigkeitsmessung und so";
    static const char may_break[] = "Kurz Geschwindigkeits" SHY "messung und so";
    struct style style;
    struct diags diags = {0};
    (void)state;
    assert_int_equal(style_load(NULL, "paper", NULL, NULL, ".", &style, &diags), STATUS_OK);
    double room = size_of(&style, false, first, -1).width + 5;
    for (int balance = 0; balance < 2; balance++) {
        struct text_size natural = size_of(&style, balance, whole, room), size;
        size = size_of(&style, balance, may_break, room);
        assert_int_equal(natural.lines, 2);
        assert_int_equal(size.lines, 2);
        assert_true(size.width > natural.width - 2 && size.width < natural.width + 2);
    }
    assert_int_equal(size_of(&style, false, may_break, room - 50).lines, 2); /* and where it must be, it is */
    assert_true(size_of(&style, false, may_break, room - 50).width <= room - 50);
    style_free(&style);
}

static void on_one_line_nothing_is_seen(void **state)
{
    struct style style;
    struct diags diags = {0};
    (void)state;
    assert_int_equal(style_load(NULL, "paper", NULL, NULL, ".", &style, &diags), STATUS_OK);
    double whole = size_of(&style, false, "Aufmerksamkeit", -1).width;
    double may_break = size_of(&style, false, "Auf" SHY "merk" SHY "samkeit", -1).width;
    assert_true(whole > may_break - 2 && whole < may_break + 2);
    style_free(&style);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wide_word_is_broken_where_its_author_says),
        cmocka_unit_test(no_word_is_broken_for_looks),
        cmocka_unit_test(on_one_line_nothing_is_seen),
    };
    pin_fonts();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
