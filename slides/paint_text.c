/* paint_text.c - text by Pango: the same outlines on a page, on a picture and while measuring. */
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "slides/escape.h"
#include "slides/paint.h"
#include "slides/paint_links.h"

static const char *family_of(const struct paint *paint, enum face face)
{
    const struct type_pair *type = &paint->style->type;
    return face == FACE_HEADING ? type->heading : face == FACE_MONO ? type->mono : type->body;
}

/* Markdown's code spans come as <tt>, which Pango would set in whatever "monospace" is here; links are underlined. */
static char *with_mono(const struct paint *paint, const char *linked)
{
    struct text whole = {0};
    char *links = escape_links(linked);
    for (const char *markup = links ? links : ""; *markup;) {
        if (strncmp(markup, "<tt>", 4) == 0) {
            text_format(&whole, "<span font_family=\"%s\" size=\"94%%\">", paint->style->type.mono);
            markup += 4;
        } else if (strncmp(markup, "</tt>", 5) == 0) {
            text_add(&whole, "</span>");
            markup += 5;
        } else {
            text_add_bytes(&whole, markup++, 1);
        }
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
    cairo_font_options_destroy(options);
    return layout;
}

static void add_attributes(PangoAttrList *list, const struct text_style *text)
{
    if (text->letter_spacing != 0)
        pango_attr_list_insert_before(list, pango_attr_letter_spacing_new((int)(text->letter_spacing * PANGO_SCALE)));
    if (text->line_height > 0)
        pango_attr_list_insert_before(
            list, pango_attr_line_height_new_absolute((int)(text->line_height * text->size * PANGO_SCALE)));
    if (text->tabular)
        pango_attr_list_insert_before(list, pango_attr_font_features_new("tnum=1"));
}

/* The narrowest width that needs no more lines than `width` does. */
static void balance(PangoLayout *layout, double width)
{
    int lines = pango_layout_get_line_count(layout);
    double low = width / 2, high = width;
    if (lines < 2)
        return;
    while (high - low > 2) {
        double middle = (low + high) / 2;
        pango_layout_set_width(layout, (int)(middle * PANGO_SCALE));
        if (pango_layout_get_line_count(layout) > lines || pango_layout_is_ellipsized(layout))
            low = middle;
        else
            high = middle;
    }
    pango_layout_set_width(layout, (int)(high * PANGO_SCALE));
}

static PangoLayout *lay_out(struct paint *paint, const struct text_style *text, const char *markup, double width)
{
    static const PangoAlignment alignments[] = {
        [ALIGN_LEFT] = PANGO_ALIGN_LEFT, [ALIGN_CENTER] = PANGO_ALIGN_CENTER, [ALIGN_RIGHT] = PANGO_ALIGN_RIGHT};
    PangoLayout *layout = new_layout(paint);
    PangoFontDescription *font = pango_font_description_new();
    PangoAttrList *attributes = NULL;
    char *plain = NULL, *whole = with_mono(paint, markup);
    GError *error = NULL;
    pango_font_description_set_family(font, family_of(paint, text->face));
    pango_font_description_set_absolute_size(font, text->size * PANGO_SCALE);
    pango_font_description_set_weight(font, (PangoWeight)text->weight);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    if (!whole || !pango_parse_markup(whole, -1, 0, &attributes, &plain, NULL, &error)) {
        diags_error(paint->diags, paint->file, paint->line, NULL, "text that cannot be set: %s",
                    error ? error->message : "out of memory");
        g_clear_error(&error);
        attributes = pango_attr_list_new();
        plain = g_strdup("");
    }
    free(whole);
    add_attributes(attributes, text);
    pango_layout_set_text(layout, plain, -1);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    g_free(plain);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    pango_layout_set_alignment(layout, alignments[text->align]);
    if (width > 0) {
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
        if (text->balance)
            balance(layout, width);
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

static bool is_ours(const struct paint *paint, PangoFont *font)
{
    PangoFontDescription *description = pango_font_describe(font);
    const char *family = pango_font_description_get_family(description);
    const struct type_pair *type = &paint->style->type;
    bool ours = family && (strcasecmp(family, type->heading) == 0 || strcasecmp(family, type->body) == 0 ||
                           strcasecmp(family, type->mono) == 0);
    pango_font_description_free(description);
    return ours;
}

/* Fallback passes unnoticed on the machine that has the font and shows boxes on the one that has not. */
static void check_glyphs(struct paint *paint, PangoLayout *layout)
{
    PangoLayoutIter *runs = pango_layout_get_iter(layout);
    const char *text = pango_layout_get_text(layout);
    bool told = false;
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(runs);
        if (!run || told)
            continue;
        bool unknown = false;
        for (int g = 0; g < run->glyphs->num_glyphs; g++)
            unknown |= (run->glyphs->glyphs[g].glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0;
        if (!unknown && is_ours(paint, run->item->analysis.font))
            continue;
        diags_error(paint->diags, paint->file, paint->line, "Choose other characters, or a type pair that has them.",
                    "the fonts %s, %s and %s have no glyphs for \"%.*s\"", paint->style->type.heading,
                    paint->style->type.body, paint->style->type.mono,
                    (int)(run->item->length < 60 ? run->item->length : 60), text + run->item->offset);
        told = true;
    } while (pango_layout_iter_next_run(runs));
    pango_layout_iter_free(runs);
}

struct text_size paint_text_size(struct paint *paint, const struct text_style *text, const char *markup, double width)
{
    PangoLayout *layout = lay_out(paint, text, markup, width);
    struct text_size size = size_of(layout);
    g_object_unref(layout);
    return size;
}

/* Where the box begins, given where its anchor is. */
static double left_of(const struct text_style *text, const struct text_size *size, double x, double width)
{
    if (text->align == ALIGN_LEFT)
        return x;
    double room = width > 0 ? width : 0;
    return text->align == ALIGN_CENTER ? x + (room - size->width) / 2 : x + room - size->width;
}

static struct text_size show(struct paint *paint, const struct text_style *text, const char *markup, double x, double y,
                             double width, bool at_baseline)
{
    PangoLayout *layout = lay_out(paint, text, markup, width);
    struct text_size size = size_of(layout);
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    cairo_save(paint->cairo);
    paint_role(paint, text->role);
    double left = left_of(text, &size, x, width) - (double)logical.x / PANGO_SCALE;
    double top = at_baseline ? y - size.baseline : y;
    cairo_move_to(paint->cairo, left, top);
    pango_cairo_show_layout(paint->cairo, layout);
    paint_links(paint, layout, markup, left, top);
    check_glyphs(paint, layout);
    cairo_restore(paint->cairo);
    g_object_unref(layout);
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
