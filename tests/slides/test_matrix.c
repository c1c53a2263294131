/* Every layout on every canvas in every text size and type pair, with short, long and very long texts of five scripts:
 * a slide either fits, and then its geometry is right by what was drawn, or the check refuses it by name. */
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
#include <unistd.h>

#include "base/text.h"
#include "harness/data_path.h"
#include "help_pages.h"
#include "slides/contrast.h"
#include "slides/pages.h"

enum { SCRIPTS = 5, LENGTHS = 3, SIZES = 4 };
#define DRAWING "matrix-drawing.svg"

/* One look in so many is laid out for each text: some 75 decks of 13 slides; a step of its own walks on from text to
 * text, so that all looks have their turn. MATRIX_EVERY=1 in the environment takes them all. */
static const int every = 11;

static const struct {
    const char *name, *lang, *between;
    const char *words[12];
} scripts[SCRIPTS] = {
    {"Latin",
     "en",
     " ",
     {"tokens", "read", "the", "whole", "incomprehensible", "square", "of", "attention", "in", "one", "measured",
      "pass"}},
    {"Greek",
     "el",
     " ",
     {"η", "προσοχή", "διαβάζει", "όλο", "το", "βιβλίο", "με", "μία", "μετρημένη", "ματιά", "και", "ξαναδιαβάζει"}},
    {"Chinese",
     "zh",
     "",
     {"注意力", "机制", "读取", "整本", "书", "只需", "一次", "测量", "的", "时间", "很短", "内存"}},
    {"Arabic",
     "ar",
     " ",
     {"الانتباه", "يقرأ", "الكتاب", "كله", "في", "مرة", "واحدة", "مقيسة", "على", "الجهاز", "نفسه", "بدقة"}},
    {"emoji", "en", " ", {"read", "😀", "all", "🚀", "keys", "📈", "in", "one", "⏱️", "pass", "👩‍💻", "twice"}},
};

/* Words of a heading, of a body, items of a list; those of a body stay under the 60 that are refused unread. */
static const struct {
    const char *name;
    int heading, body, items;
} lengths[LENGTHS] = {{"short", 3, 5, 2}, {"long", 9, 24, 4}, {"very long", 18, 56, 9}};

static void add_words(struct text *text, int script, int from, int count)
{
    for (int i = 0; i < count; i++)
        text_format(text, "%s%s", i ? scripts[script].between : "", scripts[script].words[(from + i) % 12]);
}

static void add_heading(struct text *text, const char *layout, const char *mark, int script, int length)
{
    text_format(text, "\n---\n<!-- _class: %s -->\n%s ", layout, mark);
    add_words(text, script, 3, lengths[length].heading);
    text_add(text, "\n\n");
}

static void add_body(struct text *text, int script, int from, int count)
{
    add_words(text, script, from, count);
    text_add(text, "\n\n");
}

static void add_list(struct text *text, int script, int length)
{
    int items = lengths[length].items, words = lengths[length].body / items;
    for (int i = 0; i < items; i++) {
        text_format(text, "%s**", i == 2 ? "   - " : "1. ");
        add_words(text, script, i, 1);
        text_add(text, "** ");
        add_words(text, script, i + 1, words > 1 ? words - 1 : 1);
        text_add(text, "\n");
    }
}

static void add_table(struct text *text, int script, int length)
{
    text_add(text, "| ");
    add_words(text, script, 0, 1);
    text_add(text, " | ms | GB |\n|---|---|---|\n");
    for (int i = 0; i < lengths[length].items + 1; i++) {
        text_add(text, i == 1 ? "| **" : "| ");
        add_words(text, script, i, 1 + length * 2);
        text_format(text, "%s | %d.%d | %d |\n", i == 1 ? "**" : "", 3 + i * 31, i, 1 << (2 * i));
    }
}

/* One slide of each layout. */
static char *deck_of(int script, int length)
{
    struct text deck = {0};
    int body = lengths[length].body;
    text_format(&deck, "---\nlang: %s\npaginate: true\n---\n<!-- _class: hook -->\n# ", scripts[script].lang);
    add_words(&deck, script, 0, lengths[length].heading / 2 + 1);
    text_add(&deck, "\n\n");
    add_body(&deck, script, 4, body / 3 + 1);
    add_heading(&deck, "claim", "#", script, length);
    add_body(&deck, script, 0, body);
    add_heading(&deck, "list", "#", script, length);
    add_list(&deck, script, length);
    add_heading(&deck, "chart", "##", script, length);
    text_add(&deck, "```chart\nkind: bar\nrows:\n  - {name: naive, value: naive.n4096.time}\n"
                    "  - {name: flash, value: flash.n4096.time}\n```\n\n");
    add_body(&deck, script, 2, body / 3);
    add_heading(&deck, "figure", "##", script, length);
    text_add(&deck, "```figure\nkind: matrix\nsize: 8\nmasks: [{name: causal, mask: causal}]\n```\n\n");
    add_body(&deck, script, 2, body / 3);
    add_heading(&deck, "image", "##", script, length);
    text_format(&deck, "![%sx](%s)\n\n", length == 1 ? "bg " : "", DRAWING);
    add_body(&deck, script, 5, body / 2);
    add_heading(&deck, "compare", "##", script, length);
    for (int card = 0; card < 2; card++) {
        text_add(&deck, "### ");
        add_words(&deck, script, card, 1 + length);
        text_format(&deck, "\n\n**%d.5 ms**\n\n", card);
        add_body(&deck, script, card, body / 2);
    }
    add_heading(&deck, "table", "##", script, length);
    add_table(&deck, script, length);
    add_heading(&deck, "code", "##", script, length);
    text_add(&deck, "```cuda a.cu {2}\n");
    for (int i = 0; i < lengths[length].items; i++)
        text_format(&deck, "%*sfor (int i%d = 0; i < n; i++) // %s\n", i, "", i, length ? "longer" : "");
    text_add(&deck, "```\n\n");
    add_body(&deck, script, 1, body / 3);
    text_add(&deck, "\n---\n<!-- _class: quote -->\n> ");
    add_body(&deck, script, 1, body / 2);
    add_body(&deck, script, 3, lengths[length].heading / 3);
    text_format(&deck, "\n---\n<!-- _class: big-number -->\n# %s\n\n## ", length == 2 ? "1,234.5×" : "7.6×");
    add_body(&deck, script, 6, lengths[length].heading);
    add_body(&deck, script, 3, body / 2);
    add_heading(&deck, "post", "##", script, length);
    text_add(&deck, "### ");
    add_words(&deck, script, 0, 2);
    text_add(&deck, " @somebody\n\n");
    add_body(&deck, script, 1, body / 2);
    add_heading(&deck, "outro", "#", script, length);
    add_body(&deck, script, 1, body / 3);
    text_add(&deck, "**Save this**\n\n`example.org/deck`\n");
    return text_take(&deck);
}

/* Canvas, text size, type pair. */
struct look {
    const char *canvas, *size, *type;
};

struct matrix {
    char **canvases, **types;
    size_t canvas_count, type_count;
    struct look *looks;
    size_t look_count;
    size_t decks, slides, good, refused;
};

/* A pair whose fonts are not here cannot be tried. */
static bool is_there(const char *type)
{
    struct style style;
    struct diags diags = {0};
    bool there = style_load(NULL, NULL, type, NULL, ".", &style, &diags) == STATUS_OK;
    style_free(&style);
    diags_free(&diags);
    return there;
}

static void open_matrix(struct matrix *matrix)
{
    static const char *const sizes[SIZES] = {"S", "M", "L", "XL"};
    *matrix = (struct matrix){0};
    matrix->canvases = data_names("slides/canvases", ".yml", &matrix->canvas_count);
    matrix->types = data_names("slides/types", ".yml", &matrix->type_count);
    matrix->looks = calloc(matrix->canvas_count * matrix->type_count * SIZES, sizeof *matrix->looks);
    assert_non_null(matrix->looks);
    for (size_t t = 0; t < matrix->type_count; t++)
        for (size_t c = 0; c < matrix->canvas_count && is_there(matrix->types[t]); c++)
            for (int s = 0; s < SIZES; s++)
                matrix->looks[matrix->look_count++] = (struct look){matrix->canvases[c], sizes[s], matrix->types[t]};
    assert_true(matrix->look_count >= matrix->canvas_count * SIZES); /* the default pair at least */
}

/* What each text must not be smaller than, for a short side of 1080. */
static double floor_of(const char *slot)
{
    static const struct {
        const char *slot;
        double floor;
    } floors[] = {{"hook", 76}, {"heading", 50}, {"claim", 58},  {"text", 36}, {"sub-line", 36},
                  {"item", 36}, {"quote", 44},   {"number", 36}, {"post", 40}, {"item's detail", 36}};
    for (size_t i = 0; i < sizeof floors / sizeof floors[0]; i++)
        if (strcmp(floors[i].slot, slot) == 0)
            return floors[i].floor;
    return 28;
}

static double depth(double a0, double a1, double b0, double b1)
{
    return fmin(a1, b1) - fmax(a0, b0);
}

/* Told with where it is, so that the deck can be made again. */
static void must(bool good, const struct look *look, const char *text, size_t slide, const struct placed *placed,
                 const char *what)
{
    if (!good)
        fail_msg("%s %s %s, %s, slide %zu: %s at %.0f,%.0f %.0fx%.0f: %s", look->canvas, look->size, look->type, text,
                 slide + 1, placed->slot, placed->box.x, placed->box.y, placed->box.w, placed->box.h, what);
}

static void check_slide(const struct pages *pages, size_t index, const struct placed_list *placed,
                        const struct look *look, const char *text)
{
    const struct style *style = pages->items[index].style;
    const struct canvas *canvas = &style->canvas;
    size_t texts = 0;
    for (size_t i = 0; i < placed->count; i++) {
        const struct placed *a = &placed->items[i];
        bool inner = strcmp(a->slot, "visual") == 0 && a->what == PLACED_TEXT;
        if (a->what == PLACED_TEXT) {
            double ratio = color_contrast(style->theme.colors[a->ink], style->theme.colors[a->ground]);
            must(ratio >= 4.5, look, text, index, a, "contrast below 4.5");
            must(a->size >= floor_of(a->slot) * style->unit - 0.01, look, text, index, a, "below its floor");
            must(a->box.x >= canvas->inset_left - 2 && a->box.x + a->box.w <= canvas->width - canvas->inset_right + 2,
                 look, text, index, a, "over the side insets");
            must(a->box.y >= canvas->inset_top - 2 && a->box.y + a->box.h <= canvas->height - canvas->inset_bottom + 2,
                 look, text, index, a, "over the insets at head or foot");
            texts++;
        }
        for (size_t j = i + 1; j < placed->count && !inner; j++) {
            const struct placed *b = &placed->items[j];
            bool within = strcmp(b->slot, "visual") == 0 && b->what == PLACED_TEXT;
            double x = depth(a->box.x, a->box.x + a->box.w, b->box.x, b->box.x + b->box.w);
            double y = depth(a->box.y, a->box.y + a->box.h, b->box.y, b->box.y + b->box.h);
            must(within || x <= 2 || y <= 2, look, text, index, a, b->slot);
        }
    }
    assert_true(texts > 0);
}

/* The slide that a fault is of, by its words or by its line; -1: it is of the whole deck. */
static int slide_of(const struct diag *fault, const struct pages *pages)
{
    unsigned number = 0;
    int slide = -1;
    if (sscanf(fault->what, "slide %u:", &number) == 1)
        return (int)number - 1;
    for (size_t i = 0; i < pages->count && fault->line > 0; i++)
        if (pages->items[i].slide->slide->line <= fault->line)
            slide = (int)i;
    return slide;
}

/* The slides that the check refuses; what is refused of the whole deck is the canvas's own limit of slides only. */
static void gather_refused(const struct diags *diags, const struct pages *pages, bool *refused, const struct look *look,
                           const char *text)
{
    for (size_t i = 0; i < diags->count; i++) {
        const char *what = diags->items[i].what;
        int slide = slide_of(&diags->items[i], pages);
        if (diags->items[i].level != DIAG_ERROR)
            continue;
        if (slide >= 0)
            refused[slide] = true;
        else if (!strstr(what, "at most"))
            fail_msg("%s %s %s, %s: %s", look->canvas, look->size, look->type, text, what);
        if (strstr(what, "overlap") || strstr(what, "over the margins")) /* layouts know what they need */
            fail_msg("%s %s %s, %s: %s", look->canvas, look->size, look->type, text, what);
    }
}

static void try(struct matrix *matrix, const struct prepared *prepared, const struct look *look, const char *text,
                bool must_fit)
{
    struct pages pages;
    struct diags diags = {0};
    bool refused[32] = {false};
    struct pages_look how = {.size = look->canvas, .type = look->type, .text_size = look->size};
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    cairo_t *nowhere = cairo_create(surface);
    pages_open(prepared, &how, &pages, &diags);
    gather_refused(&diags, &pages, refused, look, text);
    for (size_t i = 0; i < pages.count; i++) {
        struct placed_list placed = {0};
        if (refused[i] && must_fit) {
            diags_print(&diags, stderr);
            fail_msg("%s %s %s: slide %zu must fit", look->canvas, look->size, look->type, i + 1);
        }
        if (!refused[i]) {
            pages_rehearse(&pages, i, nowhere, &placed, &diags);
            check_slide(&pages, i, &placed, look, text);
        }
        placed_free(&placed);
        matrix->slides++;
        matrix->good += !refused[i];
        matrix->refused += refused[i];
    }
    matrix->decks++;
    cairo_destroy(nowhere);
    cairo_surface_destroy(surface);
    pages_close(&pages);
    diags_free(&diags);
}

static void every_combination(void **state)
{
    (void)state;
    struct matrix matrix;
    const char *asked = getenv("MATRIX_EVERY");
    size_t step = asked ? (size_t)atoi(asked) : (size_t)every, at = 0, all;
    open_matrix(&matrix);
    for (int script = 0; script < SCRIPTS; script++)
        for (int length = 0; length < LENGTHS; length++) {
            struct desk desk;
            struct prepared prepared;
            char *source = deck_of(script, length), text[60];
            size_t layouts;
            snprintf(text, sizeof text, "%s %s", lengths[length].name, scripts[script].name);
            desk_open(&desk, source);
            assert_int_equal(prepare_deck(&desk.deck, desk.records, 1, false, &prepared, &desk.diags), STATUS_OK);
            layouts_all(&layouts);
            assert_int_equal(prepared.count, layouts);
            for (; at < matrix.look_count; at += step)
                try(&matrix, &prepared, &matrix.looks[at], text, script == 0 && length == 0);
            at -= matrix.look_count;
            prepared_free(&prepared);
            desk_close(&desk);
            free(source);
        }
    all = matrix.look_count * SCRIPTS * LENGTHS;
    print_message(
        "%zu of %zu combinations of canvas, size, type pair and text; %zu slides: %zu fit, %zu were refused\n",
        matrix.decks, all, matrix.slides, matrix.good, matrix.refused);
    assert_true(matrix.good > matrix.slides / 2);
    data_names_free(matrix.canvases, matrix.canvas_count);
    data_names_free(matrix.types, matrix.type_count);
    free(matrix.looks);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_combination)};
    return cmocka_run_group_tests(tests, make_drawing, remove_drawing);
}
