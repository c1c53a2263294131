/* What single layouts promise: cards, code, lists, tables, footers of any deck, words on wide pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/data_path.h"
#include "help_pages.h"

#define DRAWING "layouts-drawing.svg"

static int make_drawing(void **state)
{
    (void)state;
    return drawing_make(DRAWING);
}

static int remove_drawing(void **state)
{
    (void)state;
    return drawing_remove(DRAWING);
}

/* Between two cards the ground is seen: beside each other, or where the slide is tall, under each other. */
static void cards_stand_apart(void **state)
{
    (void)state;
    struct laid_out out;
    lay_out(&out, "# A\n\n### One\n\nsome words\n\n### Two\n\nmore words\n", (struct pages_look){0});
    struct placed_list placed = rehearsed(&out, 0);
    struct box first = nth_box(&placed, "large text", 0), second = nth_box(&placed, "large text", 1);
    assert_true(fabs(first.x - second.x) < 1 && second.y > first.y + 150);
    placed_free(&placed);
    put_away(&out);
    lay_out(&out, "# A\n\n### One\n\nsome words\n\n### Two\n\nmore words\n", (struct pages_look){.size = "slides"});
    must_be_clean(&out.desk.diags);
    cairo_surface_t *surface = drawn(&out, 0);
    const struct style *style = out.pages.items[0].style;
    struct color card = style->theme.colors[ROLE_SURFACE];
    uint32_t color =
        (uint32_t)lround(card.r * 255) << 16 | (uint32_t)lround(card.g * 255) << 8 | (uint32_t)lround(card.b * 255);
    int middle = (int)style->canvas.width / 2, rows = 0;
    for (int y = 0; y < (int)style->canvas.height; y++)
        if (pixel(surface, middle - 30, y) == color && pixel(surface, middle + 30, y) == color) {
            assert_int_equal(pixel(surface, middle, y), ground_of(style));
            rows++;
        }
    assert_true(rows > 100);
    cairo_surface_destroy(surface);
    put_away(&out);
}

/* Long lines of code get smaller by themselves: the heading is as large as on the slides around. */
static void code_shrinks_alone(void **state)
{
    (void)state;
    static const char form[] = "# A\n---\n## A heading\n\n```c\n%s;\n```\n";
    static const char *const lines[] = {"int i", "int a_variable_of_a_long_name = 1234567890"};
    double heading[2], code[2];
    for (int i = 0; i < 2; i++) {
        struct laid_out out;
        char source[200];
        snprintf(source, sizeof source, form, lines[i]);
        lay_out(&out, source, (struct pages_look){0});
        must_be_clean(&out.desk.diags);
        struct placed_list placed = rehearsed(&out, 1);
        heading[i] = nth_box(&placed, "heading", 0).h;
        code[i] = nth_box(&placed, "code", 0).h;
        placed_free(&placed);
        put_away(&out);
    }
    assert_true(fabs(heading[0] - heading[1]) < 0.5);
    assert_true(code[0] > 1.1 * code[1]);
}

/* How high a claim of so many words is set on X, in pixels, and how wide the gaps are. */
static double claim_height(const char *front, int words)
{
    struct laid_out out;
    char *text = repeated("", "so ", words);
    struct text source = {0};
    text_format(&source, "%s# A\n---\n<!-- _class: claim -->\n# A claim\n\n%s\n", front, text);
    lay_out(&out, source.bytes, (struct pages_look){.size = "x"});
    must_be_clean(&out.desk.diags);
    struct placed_list placed = rehearsed(&out, 1);
    double height = nth_box(&placed, "claim", 0).h;
    placed_free(&placed);
    put_away(&out);
    text_free(&source);
    free(text);
    return height;
}

/* A wide picture is shown small: few words are set larger than usual, unless the deck says how large. */
static void wide_pictures_are_eager(void **state)
{
    (void)state;
    double usual = claim_height("---\ntext_size: M\n---\n", 5);
    assert_true(fabs(claim_height("", 5) / usual - 1.2) < 0.01);
    assert_true(claim_height("---\ntext_size: S\n---\n", 5) < usual);
    struct laid_out out; /* what fits only as it is usual is not told of */
    char *text = repeated("---\ntext_size: M\n---\n# A\n---\n## A list\n\n",
                          "- as many words as make a line of its own here\n", 4);
    for (int eager = 0; eager < 2; eager++) {
        lay_out(&out, text + (eager ? strlen("---\ntext_size: M\n---\n") : 0), (struct pages_look){.size = "x"});
        assert_int_equal(out.status, STATUS_OK);
        assert_true(out.pages.items[1].type_scale >= 0.99);
        put_away(&out);
    }
    free(text);
}

/* Words that stand between items of a list do so on the slide. */
static void words_in_a_list_keep_their_place(void **state)
{
    (void)state;
    struct laid_out out;
    lay_out(&out, "# A\n---\n## B\n\nbefore\n\n- one\n- two\n\nAlso:\n\n- three\n- four\n\nafter\n",
            (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    struct placed_list placed = rehearsed(&out, 1);
    double also = nth_box(&placed, "text", 0).y, after = nth_box(&placed, "text", 1).y;
    assert_true(nth_box(&placed, "sub-line", 0).y < nth_box(&placed, "item", 0).y);
    assert_true(nth_box(&placed, "item", 1).y < also && also < nth_box(&placed, "item", 2).y);
    assert_true(nth_box(&placed, "item", 3).y < after);
    placed_free(&placed);
    put_away(&out);
}

/* A table whose head is empty begins with its first row. */
static void an_empty_head_takes_no_room(void **state)
{
    (void)state;
    static const char *const heads[] = {"| | tokens |", "| | |"};
    double first[2];
    for (int i = 0; i < 2; i++) {
        struct laid_out out;
        char source[200];
        snprintf(source, sizeof source, "# A\n---\n## B\n\n%s\n|:--|--:|\n| a | 1 |\n| b | 2 |\n", heads[i]);
        lay_out(&out, source, (struct pages_look){0});
        must_be_clean(&out.desk.diags);
        struct placed_list placed = rehearsed(&out, 1);
        first[i] = nth_box(&placed, "cell", 0).y;
        double head = nth_box(&placed, "heading", 0).y;
        assert_true(head > 0 && nth_box(&placed, "cell", 0).y > head);
        bool any = false;
        for (size_t k = 0; k < placed.count; k++)
            any |= strcmp(placed.items[k].slot, "column's head") == 0;
        assert_int_equal(any, i == 0);
        placed_free(&placed);
        put_away(&out);
    }
    assert_true(first[0] > first[1] + 15); /* the rows stand in the middle of the room, the head is gone */
}

/* Cards of few and of many words beside each other: their names stand on one line, with room over the fullest. */
static void names_of_cards_stand_on_one_line(void **state)
{
    static const char source[] = "# A\n\n### One\n\nfew\n\n### Two\n\nso many words that they need three lines or even "
                                 "four where one card is a third of the slide\n\n### Three\n\nsome more words\n";
    (void)state;
    struct laid_out out;
    lay_out(&out, source, (struct pages_look){.size = "16:9"});
    must_be_clean(&out.desk.diags);
    struct placed_list placed = rehearsed(&out, 0);
    double y[6] = {0};
    for (size_t i = 0, n = 0; i < placed.count; i++)
        if (placed.items[i].ground == ROLE_SURFACE && n < 6)
            y[n++] = placed.items[i].box.y;
    assert_true(y[0] > 0 && y[5] > 0); /* a name and its words, three times */
    for (int card = 1; card < 3; card++) {
        assert_true(fabs(y[2 * card] - y[0]) < 1);
        assert_true(fabs(y[2 * card + 1] - y[1]) < 1);
    }
    placed_free(&placed);
    put_away(&out);
}

/* Three lists need more height than a tall slide has: then cards stand beside each other. */
static void three_full_cards_fit(void **state)
{
    (void)state;
    struct laid_out out;
    char *items = repeated("", "- some words of one item\n", 3);
    struct text source = {0};
    text_format(&source, "# A\n---\n## B\n\n### One\n\n%s\n### Two\n\n%s\n### Three\n\n%s\n", items, items, items);
    lay_out(&out, source.bytes, (struct pages_look){0});
    assert_int_equal(out.status, STATUS_OK);
    put_away(&out);
    text_free(&source);
    free(items);
}

/* A handle as long as X allows, and any number of slides: dots move together, then become a bar. */
static void the_footer_holds_any_deck(void **state)
{
    (void)state;
    size_t count;
    char **names = data_names("slides/canvases", ".yml", &count);
    struct desk folder;
    desk_open(&folder, "# A\n");
    char path[400];
    snprintf(path, sizeof path, "%s/kit.yml", desk_folder(&folder));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("name: A\nperson: B\nhandle: \"@fifteen_letters\"\n", file);
    fclose(file);
    for (int slides = 1; slides < 40; slides += slides < 24 ? 1 : 7)
        for (size_t i = 0; i < count; i++) {
            struct laid_out out;
            char *deck = repeated("# A\n", "---\n# B\n", slides - 1);
            lay_out(&out, deck, (struct pages_look){.size = names[i], .brand = path});
            for (size_t f = 0; f < out.desk.diags.count; f++)
                if (out.desk.diags.items[f].level == DIAG_ERROR && !strstr(out.desk.diags.items[f].what, "at most"))
                    fail_msg("%d slides of %s: %s", slides, names[i], out.desk.diags.items[f].what);
            put_away(&out);
            free(deck);
        }
    desk_close(&folder);
    data_names_free(names, count);
}

/* Charts and figures describe themselves, a ground is only seen; a picture is told of. */
static void a_picture_wants_words(void **state)
{
    (void)state;
    static const struct {
        const char *deck;
        int line; /* 0: all is well */
    } cases[] = {{"# A\n---\n# B\n\n![](" DRAWING ")\n", 5},
                 {"# A\n\n### One\n\n![](" DRAWING ")\n\n### Two\n\nx\n", 5},
                 {"# A\n---\n# B\n\n![a drawing](" DRAWING ")\n", 0},
                 {"# A\n---\n# B\n\n![bg](" DRAWING ")\n", 0},
                 {"# A\n---\n# B\n\n```figure\nkind: squares\nfactor: 8\n```\n", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct laid_out out;
        lay_out(&out, cases[i].deck, (struct pages_look){0});
        assert_int_equal(out.status, STATUS_OK);
        if (cases[i].line)
            must_say(&out.desk.diags, cases[i].line, "a picture without words");
        else
            must_be_clean(&out.desk.diags);
        put_away(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_stand_apart),
        cmocka_unit_test(names_of_cards_stand_on_one_line),
        cmocka_unit_test(code_shrinks_alone),
        cmocka_unit_test(wide_pictures_are_eager),
        cmocka_unit_test(words_in_a_list_keep_their_place),
        cmocka_unit_test(an_empty_head_takes_no_room),
        cmocka_unit_test(three_full_cards_fit),
        cmocka_unit_test(the_footer_holds_any_deck),
        cmocka_unit_test(a_picture_wants_words),
    };
    return cmocka_run_group_tests(tests, make_drawing, remove_drawing);
}
