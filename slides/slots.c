#include "slides/slots.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/escape.h"
#include "slides/frame_measures.h"
#include "slides/image.h"
#include "slides/progress.h"

enum { LOGO_HEIGHT = 56, LOGO_WIDTH = 380, ITEM_GAP = 18, APART = 16, ARROW = 53 };

/* The kit's words, and what they are called in messages. */
static const char *words_of(const struct sheet *sheet, enum slot_word word, char buffer[64], const char **called)
{
    const struct brand *brand = &sheet->paint->style->brand;
    switch (word) {
    case SLOT_NAME:
        *called = "the brand's name";
        return brand->name;
    case SLOT_PERSON:
        *called = "the brand's person";
        return brand->person;
    case SLOT_HANDLE:
        *called = "the brand's handle";
        return brand->handle;
    case SLOT_WEBSITE:
        *called = "the brand's website";
        return brand->website;
    case SLOT_TITLE:
        *called = "the deck's title";
        return sheet->title;
    case SLOT_COUNTER:
        *called = "the counter";
        snprintf(buffer, 64, "%d / %d", sheet->index + 1, sheet->total);
        return sheet->paginate ? buffer : NULL;
    case SLOT_ARROW:
        *called = "the words at the arrow";
        return brand->swipe_label;
    case SLOT_SOURCE:
        *called = "the source";
        return slots_hold_sources(sheet) ? sheet->sources[0].text : NULL;
    default:
        *called = "the logo";
        return NULL;
    }
}

static struct text_style style_of(const struct sheet *sheet, enum slot_word word)
{
    if (word == SLOT_NAME || word == SLOT_PERSON)
        return frame_text(sheet, 30, 600, ROLE_TEXT);
    return frame_text(sheet, 28, 500, ROLE_MUTED);
}

static double text_width(const struct sheet *sheet, enum slot_word word)
{
    char buffer[64];
    const char *called, *words = words_of(sheet, word, buffer, &called);
    char *markup = words ? escaped_markup(words) : NULL;
    struct text_style style = style_of(sheet, word);
    double width = markup ? paint_text_size(sheet->paint, &style, markup, -1).width : 0;
    free(markup);
    return width;
}

static const struct image *logo_of(const struct sheet *sheet)
{
    const struct brand *brand = &sheet->paint->style->brand;
    bool dark = sheet->paint->style->dark;
    struct image *first = dark ? brand->logo_on_dark : brand->logo_on_light;
    return first ? first : dark ? brand->logo_on_light : brand->logo_on_dark;
}

/* Under the footer's rule there is less room than in the header. */
static struct box logo_box(const struct sheet *sheet, const struct brand_strip *strip, double x, double middle)
{
    bool foot = strip == &sheet->paint->style->brand.footer;
    const struct image *logo = logo_of(sheet);
    double aspect = logo ? image_aspect(logo) : 1, height = sheet_px(sheet, logo && !foot ? LOGO_HEIGHT : MARK);
    double width = fmin(height * aspect, sheet_px(sheet, LOGO_WIDTH));
    height = width / aspect;
    return (struct box){x, middle - height / 2, width, height};
}

/* An arrow points to what comes: not on the last slide. */
static bool has_arrow(const struct sheet *sheet)
{
    return sheet->index + 1 < sheet->total &&
           brand_shows(sheet->paint->style->brand.swipe_show, sheet->index, sheet->total);
}

static bool is_progress(enum slot_word word)
{
    return word == SLOT_DOTS || word == SLOT_BAR;
}

/* Of what does not give way; an arrow counts on every slide, so that what stands beside it never jumps. */
static double firm_width(const struct sheet *sheet, const struct brand_strip *strip, enum slot_word word)
{
    if (word == SLOT_LOGO)
        return logo_box(sheet, strip, 0, 0).w;
    if (word != SLOT_ARROW)
        return is_progress(word) ? 0 : text_width(sheet, word);
    double label = text_width(sheet, word);
    return label + (label > 0 ? sheet_px(sheet, ITEM_GAP) : 0) + sheet_px(sheet, ARROW + 3);
}

static double firm_widths(const struct sheet *sheet, const struct brand_strip *strip, const struct slot *slot)
{
    double width = 0;
    for (int i = 0; i < slot->count; i++)
        width += firm_width(sheet, strip, slot->words[i]) + (i ? sheet_px(sheet, ITEM_GAP) : 0);
    return width;
}

/* In the middle of a strip, the progress has what its neighbours leave. */
static struct progress progress_of(const struct sheet *sheet, const struct brand_strip *strip, enum slot_word word)
{
    const struct slot *center = &strip->sides[BRAND_CENTER];
    bool centred = false;
    for (int i = 0; i < center->count; i++)
        centred |= center->words[i] == word;
    double beside = fmax(firm_widths(sheet, strip, &strip->sides[BRAND_LEFT]),
                         firm_widths(sheet, strip, &strip->sides[BRAND_RIGHT]));
    double most = sheet->page.w - 2 * (beside + sheet_px(sheet, 2 * APART)) - firm_widths(sheet, strip, center);
    return progress_fit(sheet, word == SLOT_BAR, centred ? most : INFINITY);
}

static double item_width(const struct sheet *sheet, const struct brand_strip *strip, enum slot_word word)
{
    if (is_progress(word))
        return progress_of(sheet, strip, word).width;
    return word == SLOT_ARROW && !has_arrow(sheet) ? 0 : firm_width(sheet, strip, word);
}

static double slot_width(const struct sheet *sheet, const struct brand_strip *strip, const struct slot *slot)
{
    double width = 0;
    for (int i = 0; i < slot->count; i++) {
        double item = item_width(sheet, strip, slot->words[i]);
        width += item + (width > 0 && item > 0 ? sheet_px(sheet, ITEM_GAP) : 0);
    }
    return width;
}

/* The widest text is what to shorten. */
static const char *to_blame(const struct sheet *sheet, const struct slot *slot)
{
    const char *blamed = "the logo", *called;
    char buffer[64];
    double widest = 0;
    for (int i = 0; i < slot->count; i++) {
        double width = text_width(sheet, slot->words[i]);
        words_of(sheet, slot->words[i], buffer, &called);
        if (width > widest) {
            widest = width;
            blamed = called;
        }
    }
    return blamed;
}

static void draw_mark(const struct sheet *sheet, struct box box)
{
    const struct brand *brand = &sheet->paint->style->brand;
    struct text_style style = frame_text(sheet, 28, 800, ROLE_ON_ACCENT);
    style.align = ALIGN_CENTER;
    style.face = FACE_HEADING;
    paint_fill_round(sheet->paint, box, sheet_px(sheet, 12), ROLE_ACCENT);
    char *markup = brand->mark ? escaped_markup(brand->mark) : NULL;
    if (markup) {
        paint_text_baseline(sheet->paint, &style, markup, box.x, box.y + box.h * 0.73, box.w);
        sheet_check_width(sheet, paint_text_size(sheet->paint, &style, markup, -1).width, box.w, "the brand's mark");
    }
    free(markup);
}

static void draw_words(const struct sheet *sheet, enum slot_word word, double x, double base)
{
    char buffer[64];
    const char *called, *words = words_of(sheet, word, buffer, &called);
    struct text_style style = style_of(sheet, word);
    char *markup = words ? escaped_markup(words) : NULL;
    if (markup)
        paint_text_baseline(sheet->paint, &style, markup, x, base, -1);
    free(markup);
}

static void draw_chevrons(const struct sheet *sheet, double right, double middle)
{
    cairo_t *cairo = sheet->paint->cairo;
    double w = sheet_px(sheet, 11), h = sheet_px(sheet, 13);
    cairo_save(cairo);
    cairo_set_line_width(cairo, sheet_px(sheet, 5));
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    for (int i = 0; i < 3; i++) { /* the eye is led by the last, in the accent */
        double x = right - sheet_px(sheet, 3) - i * sheet_px(sheet, 18);
        paint_role(sheet->paint, i == 0 ? ROLE_ACCENT : ROLE_LINE);
        cairo_move_to(cairo, x - w, middle - h);
        cairo_line_to(cairo, x, middle);
        cairo_line_to(cairo, x - w, middle + h);
        cairo_stroke(cairo);
    }
    cairo_restore(cairo);
}

static void draw_arrow(const struct sheet *sheet, double x, double width, double base, double middle)
{
    double right = x + width;
    if (!has_arrow(sheet))
        return;
    draw_words(sheet, SLOT_ARROW, x, base);
    if (sheet->paint->style->brand.swipe == SWIPE_CHEVRONS)
        draw_chevrons(sheet, right, middle);
    else
        paint_arrow(sheet->paint, right - sheet_px(sheet, ARROW + 3), middle, right - sheet_px(sheet, 3), middle,
                    sheet_px(sheet, 5), ROLE_ACCENT);
}

static void draw_item(const struct sheet *sheet, const struct brand_strip *strip, enum slot_word word, double x,
                      double width, double base, double middle)
{
    const struct image *logo = logo_of(sheet);
    if (word == SLOT_LOGO && logo)
        image_draw(logo, sheet->paint, logo_box(sheet, strip, x, middle));
    else if (word == SLOT_LOGO)
        draw_mark(sheet, logo_box(sheet, strip, x, middle));
    else if (is_progress(word)) {
        struct progress progress = progress_of(sheet, strip, word);
        progress_draw(sheet, &progress, x, middle);
    } else if (word == SLOT_ARROW)
        draw_arrow(sheet, x, width, base, middle);
    else
        draw_words(sheet, word, x, base);
}

static void draw_slot(const struct sheet *sheet, const struct brand_strip *strip, const struct slot *slot, double x,
                      double base, double middle)
{
    for (int i = 0; i < slot->count; i++) {
        double width = item_width(sheet, strip, slot->words[i]);
        if (width <= 0)
            continue;
        draw_item(sheet, strip, slot->words[i], x, width, base, middle);
        x += width + sheet_px(sheet, ITEM_GAP);
    }
}

void slots_draw(const struct sheet *sheet, const struct brand_strip *strip, double base, double middle)
{
    const struct slot *sides = strip->sides;
    double page = sheet->page.w, widths[BRAND_SIDES], apart = sheet_px(sheet, APART);
    for (int side = 0; side < BRAND_SIDES; side++)
        widths[side] = slot_width(sheet, strip, &sides[side]);
    double center = widths[BRAND_CENTER], left = widths[BRAND_LEFT], right = widths[BRAND_RIGHT];
    double half = (page - center) / 2 - apart;
    if (center > 0) {
        sheet_check_width(sheet, left, half, to_blame(sheet, &sides[BRAND_LEFT]));
        sheet_check_width(sheet, right, half, to_blame(sheet, &sides[BRAND_RIGHT]));
        sheet_check_width(sheet, center, page, to_blame(sheet, &sides[BRAND_CENTER]));
    } else {
        double room = page - (right > 0 ? right + 2 * apart : 0);
        sheet_check_width(sheet, left, room, to_blame(sheet, &sides[left > 0 ? BRAND_LEFT : BRAND_RIGHT]));
    }
    draw_slot(sheet, strip, &sides[BRAND_LEFT], sheet->page.x, base, middle);
    draw_slot(sheet, strip, &sides[BRAND_CENTER], sheet->page.x + (page - center) / 2, base, middle);
    draw_slot(sheet, strip, &sides[BRAND_RIGHT], sheet->page.x + page - right, base, middle);
}

static bool holds(const struct sheet *sheet, const struct brand_strip *strip)
{
    bool found = false;
    for (int side = 0; side < BRAND_SIDES; side++)
        for (int i = 0; i < strip->sides[side].count; i++)
            found |= strip->sides[side].words[i] == SLOT_SOURCE;
    return found && brand_shows(strip->show, sheet->index, sheet->total);
}

/* One kind, in at most half of the width. */
bool slots_hold_sources(const struct sheet *sheet)
{
    const struct brand *brand = &sheet->paint->style->brand;
    struct text_style style = frame_text(sheet, 28, 500, ROLE_MUTED);
    if (sheet->source_count != 1 || !(holds(sheet, &brand->header) || holds(sheet, &brand->footer)))
        return false;
    char *markup = escaped_markup(sheet->sources[0].text);
    double width = markup ? paint_text_size(sheet->paint, &style, markup, -1).width : INFINITY;
    free(markup);
    return width <= sheet->page.w / 2;
}
