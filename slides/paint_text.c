/* paint_text.c - text by Pango: the same outlines on a page, on a picture and while measuring. */
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/companions.h"
#include "slides/escape.h"
#include "slides/glyphs.h"
#include "slides/paint_links.h"

/* Up to so many lines, a text is wanted to end at home; in longer ones, only not to end lost. */
enum { LINES_EVEN = 4 };

static const char *family_of(const struct paint *paint, enum face face)
{
    const struct type_pair *type = &paint->style->type;
    return face == FACE_HEADING ? type->heading : face == FACE_MONO ? type->mono : type->body;
}

double paint_face_scale(const struct paint *paint, enum face face)
{
    const struct type_pair *type = &paint->style->type;
    return face == FACE_HEADING ? type->heading_scale : face == FACE_MONO ? type->mono_scale : type->body_scale;
}

/* A tag of ours becomes a span; 0 when `at` is none. */
static size_t add_own_tag(const struct paint *paint, struct text *whole, const char *at)
{
    static const struct {
        const char *tag;
        enum role role;
    } colors[] = {{"accent>", ROLE_ACCENT}, {"accent2>", ROLE_ACCENT2}, {"muted>", ROLE_MUTED}};
    bool end = at[1] == '/';
    const char *name = at + 1 + end;
    for (size_t i = 0; i < sizeof colors / sizeof colors[0]; i++) {
        struct color color = paint_color(paint, colors[i].role);
        if (strncmp(name, colors[i].tag, strlen(colors[i].tag)) != 0)
            continue;
        if (end)
            text_add(whole, "</span>");
        else
            text_format(whole, "<span foreground=\"#%02x%02x%02x\">", (int)(color.r * 255 + 0.5),
                        (int)(color.g * 255 + 0.5), (int)(color.b * 255 + 0.5));
        return (size_t)(name - at) + strlen(colors[i].tag);
    }
    if (strncmp(name, "tt>", 3) != 0)
        return 0;
    if (end)
        text_add(whole, "</span>");
    else /* Pango would set it in whatever "monospace" is here */
        text_format(whole, "<span font_family=\"%s\" size=\"94%%\">", paint->style->type.mono);
    return (size_t)(name - at) + 3;
}

/* Markup as Pango has it: links underlined, our own tags as spans. Fresh. */
static char *with_spans(const struct paint *paint, const char *linked)
{
    struct text whole = {0};
    char *links = escape_links(linked);
    for (const char *markup = links ? links : ""; *markup;) {
        size_t length = *markup == '<' ? add_own_tag(paint, &whole, markup) : 0;
        size_t plain = length ? 0 : 1 + strcspn(markup + 1, "<");
        text_add_bytes(&whole, markup, plain);
        markup += length + plain;
    }
    free(links);
    return text_take(&whole);
}

/* No hinting and no rounding: a line must break at the same word at every scale. */
static PangoLayout *new_layout(struct paint *paint)
{
    PangoLayout *layout = pango_cairo_create_layout(paint->cairo);
    PangoContext *context = pango_layout_get_context(layout);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_round_glyph_positions(context, FALSE);
    if (paint->lang)
        pango_context_set_language(context, pango_language_from_string(paint->lang));
    cairo_font_options_destroy(options);
    return layout;
}

/* Figures as high as capitals: among headings those with tails read as words. Code shows the characters that were
 * typed: no ligatures of -> or !=. */
static const char *features_of(const struct text_style *text)
{
    if (text->face == FACE_MONO)
        return "calt=0, liga=0";
    return text->tabular ? "lnum=1, tnum=1" : "lnum=1";
}

static void add_attributes(PangoAttrList *list, const struct text_style *text, double scale)
{
    if (text->letter_spacing != 0)
        pango_attr_list_insert_before(list, pango_attr_letter_spacing_new((int)(text->letter_spacing * PANGO_SCALE)));
    if (text->line_height > 0)
        pango_attr_list_insert_before(
            list, pango_attr_line_height_new_absolute((int)(text->line_height * text->size * scale * PANGO_SCALE)));
    pango_attr_list_insert_before(list, pango_attr_font_features_new(features_of(text)));
}

static void set_width(PangoLayout *layout, double width)
{
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
}

/* How many lines end with a part of a word, at a hyphen that is seen only there. */
static int hyphens_of(PangoLayout *layout)
{
    static const char soft[] = "\xc2\xad";
    const char *text = pango_layout_get_text(layout);
    int lines = pango_layout_get_line_count(layout), count = 0;
    for (int i = 0; i + 1 < lines; i++) {
        const PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        const char *end = text + line->start_index + line->length;
        count += line->length >= 2 && memcmp(end - 2, soft, 2) == 0;
    }
    return count;
}

/* The narrowest width that needs no more lines than `width` does, and breaks no more words. */
static void balance(PangoLayout *layout, double width)
{
    int lines = pango_layout_get_line_count(layout), hyphens = hyphens_of(layout);
    double low = width / 2, high = width;
    if (lines < 2)
        return;
    while (high - low > 2) {
        double middle = (low + high) / 2;
        set_width(layout, middle);
        if (pango_layout_get_line_count(layout) > lines || hyphens_of(layout) > hyphens)
            low = middle;
        else
            high = middle;
    }
    set_width(layout, high);
}

/* How much of the longest line the last line of a paragraph fills, the emptiest of all paragraphs; 1: none has two
 * lines. A single word counts as less than it is. */
static double least_filled(PangoLayout *layout)
{
    const char *text = pango_layout_get_text(layout);
    int lines = pango_layout_get_line_count(layout), longest = 1;
    double least = 1;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < lines; i++) {
            PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
            bool last = i + 1 == lines || pango_layout_get_line_readonly(layout, i + 1)->is_paragraph_start;
            PangoRectangle logical;
            pango_layout_line_get_extents(line, NULL, &logical);
            if (pass == 0 && logical.width > longest)
                longest = logical.width;
            bool alone = !memchr(text + line->start_index, ' ', (size_t)line->length);
            if (pass == 1 && last && !line->is_paragraph_start)
                least = fmin(least, (double)logical.width / longest - (alone ? 0.06 : 0));
        }
    return least;
}

/* Below the first, a last line looks lost; at the second it looks at home. */
static const struct {
    double lost, home, narrowest, step;
} widow = {0.24, 0.5, 0.6, 0.02};

/* A little less width for all lines gives the last one company, as much as can be had; the number of lines stays. */
static void avoid_widow(PangoLayout *layout, double width)
{
    int lines = pango_layout_get_line_count(layout), hyphens = hyphens_of(layout);
    double best = lines > 1 ? least_filled(layout) : 1, at = 1;
    if (best >= (lines > LINES_EVEN ? widow.lost : widow.home))
        return;
    for (double share = 1 - widow.step; share > widow.narrowest && best < widow.home; share -= widow.step) {
        set_width(layout, width * share);
        if (pango_layout_get_line_count(layout) > lines)
            break;
        double filled = least_filled(layout);
        if (filled > best && hyphens_of(layout) <= hyphens) {
            best = filled;
            at = share;
        }
    }
    set_width(layout, width * at);
}

static void set_font(const struct paint *paint, const struct text_style *text, const char *plain, PangoLayout *layout)
{
    struct text families = {0};
    PangoFontDescription *font = pango_font_description_new();
    text_add(&families, family_of(paint, text->face));
    companions_add(&families, plain, paint->lang, text->face == FACE_MONO);
    pango_font_description_set_family(font, families.bytes ? families.bytes : "");
    pango_font_description_set_absolute_size(font, text->size * paint_face_scale(paint, text->face) * PANGO_SCALE);
    pango_font_description_set_weight(font, (PangoWeight)text->weight);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    text_free(&families);
}

static PangoLayout *lay_out(struct paint *paint, const struct text_style *text, const char *markup, double width)
{
    static const PangoAlignment alignments[] = {
        [ALIGN_LEFT] = PANGO_ALIGN_LEFT, [ALIGN_CENTER] = PANGO_ALIGN_CENTER, [ALIGN_RIGHT] = PANGO_ALIGN_RIGHT};
    PangoLayout *layout = new_layout(paint);
    PangoAttrList *attributes = NULL;
    char *plain = NULL, *whole = with_spans(paint, markup);
    GError *error = NULL;
    if (!whole || !pango_parse_markup(whole, -1, 0, &attributes, &plain, NULL, &error)) {
        diags_error(paint->diags, paint->file, paint->line, NULL, "text that cannot be set: %s",
                    error ? error->message : "out of memory");
        g_clear_error(&error);
        attributes = pango_attr_list_new();
        plain = g_strdup("");
    }
    free(whole);
    set_font(paint, text, plain, layout);
    add_attributes(attributes, text, paint_face_scale(paint, text->face));
    pango_layout_set_text(layout, plain, -1);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    g_free(plain);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    pango_layout_set_alignment(layout, alignments[text->align]);
    if (width > 0) {
        set_width(layout, width);
        if (text->balance)
            balance(layout, width);
        else
            avoid_widow(layout, width);
    }
    return layout;
}

static struct text_size size_of(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (struct text_size){.width = (double)logical.width / PANGO_SCALE,
                              .height = (double)logical.height / PANGO_SCALE,
                              .baseline = (double)pango_layout_get_baseline(layout) / PANGO_SCALE,
                              .lines = pango_layout_get_line_count(layout)};
}

struct text_size paint_text_size(struct paint *paint, const struct text_style *text, const char *markup, double width)
{
    PangoLayout *layout = lay_out(paint, text, markup, width);
    struct text_size size = size_of(layout);
    g_object_unref(layout);
    return size;
}

/* Where the box begins, given where its anchor is. */
static double left_of(enum align align, const struct text_size *size, double x, double width)
{
    if (align == ALIGN_LEFT)
        return x;
    double room = width > 0 ? width : 0;
    return align == ALIGN_CENTER ? x + (room - size->width) / 2 : x + room - size->width;
}

static struct text_size show(struct paint *paint, const struct text_style *text, const char *markup, double x, double y,
                             double width, bool at_baseline)
{
    PangoLayout *layout = lay_out(paint, text, markup, width);
    struct text_size size = size_of(layout);
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    bool from_right = width > 0 && pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
    double left = left_of(from_right && text->align == ALIGN_LEFT ? ALIGN_RIGHT : text->align, &size, x, width);
    double top = at_baseline ? y - size.baseline : y;
    cairo_save(paint->cairo);
    paint_role(paint, text->role);
    cairo_move_to(paint->cairo, left - (double)logical.x / PANGO_SCALE, top);
    pango_cairo_show_layout(paint->cairo, layout);
    paint_links(paint, layout, markup, left - (double)logical.x / PANGO_SCALE, top);
    glyphs_check(paint, layout);
    cairo_restore(paint->cairo);
    g_object_unref(layout);
    paint_note(paint, &(struct placed){.what = PLACED_TEXT,
                                       .box = {left, top, size.width, size.height},
                                       .size = text->size * paint_face_scale(paint, text->face),
                                       .ink = text->role,
                                       .ground = text->role == ROLE_ON_ACCENT ? ROLE_ACCENT : paint->ground});
    return size;
}

struct text_size paint_text(struct paint *paint, const struct text_style *text, const char *markup, double x, double y,
                            double width)
{
    return show(paint, text, markup, x, y, width, false);
}

struct text_size paint_text_baseline(struct paint *paint, const struct text_style *text, const char *markup, double x,
                                     double y, double width)
{
    return show(paint, text, markup, x, y, width, true);
}

/* The plain text's first number: how many bytes lie before its decimal point, or before what follows its digits. */
static size_t point_of(const char *plain)
{
    size_t at = strcspn(plain, "0123456789");
    if (!plain[at])
        return strlen(plain);
    while (plain[at] && strchr("0123456789,'", plain[at]))
        at++;
    return at;
}

double paint_text_point(struct paint *paint, const struct text_style *text, const char *markup)
{
    PangoLayout *layout = lay_out(paint, text, markup, -1);
    PangoRectangle before;
    pango_layout_index_to_pos(layout, (int)point_of(pango_layout_get_text(layout)), &before);
    g_object_unref(layout);
    return (double)before.x / PANGO_SCALE;
}

bool paint_right_to_left(struct paint *paint, const char *markup)
{
    PangoLayout *layout = lay_out(paint, &(struct text_style){.size = 10}, markup, -1);
    bool so = pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
    g_object_unref(layout);
    return so;
}
