#include "slides/sheet.h"

#include <math.h>

/* Sizes for a 1080 short side, as anchored on a phone: a slide is shown there at a third. */
static const struct {
    enum face face;
    double size, floor;
    int weight;
    double spacing, line_height;
    enum role role;
    bool balance;
    const char *slot; /* what a fault calls it */
} styles[] = {
    [TEXT_HOOK] = {FACE_HEADING, 112, 76, 800, -3, 1.06, ROLE_TEXT, false, "hook"},
    [TEXT_HEADING] = {FACE_HEADING, 64, 50, 700, -1.2, 1.18, ROLE_TEXT, true, "heading"},
    [TEXT_CLAIM] = {FACE_HEADING, 80, 58, 700, -1.8, 1.12, ROLE_TEXT, true, "claim"},
    [TEXT_SUB] = {FACE_BODY, 44, 38, 400, 0, 1.36, ROLE_MUTED, false, "sub-line"},
    [TEXT_BODY] = {FACE_BODY, 42, 36, 400, 0, 1.4, ROLE_TEXT, false, "text"},
    [TEXT_NAME] = {FACE_BODY, 36, 32, 600, 0, 1.3, ROLE_MUTED, false, "name"},
    [TEXT_VALUE] = {FACE_HEADING, 76, 56, 800, -2, 1.1, ROLE_ACCENT, false, "value"},
    [TEXT_QUOTE] = {FACE_HEADING, 58, 44, 600, -0.8, 1.3, ROLE_TEXT, false, "quote"},
    [TEXT_MARK] = {FACE_HEADING, 200, 140, 800, 0, 0.5, ROLE_ACCENT, false, "quotation mark"},
    [TEXT_NUMBER] = {FACE_HEADING, 220, 140, 800, -8, 1.0, ROLE_ACCENT, false, "number"},
    [TEXT_SMALL] = {FACE_BODY, 28, 28, 400, 0, 1.36, ROLE_MUTED, false, "small print"},
    [TEXT_CODE] = {FACE_MONO, 30, 28, 400, 0, 1.4, ROLE_TEXT, false, "code"},
    [TEXT_LISTING] = {FACE_MONO, 44, 28, 400, 0, 1.4, ROLE_TEXT, false, "code"},
    [TEXT_LEAD] = {FACE_BODY, 46, 38, 600, -0.4, 1.26, ROLE_TEXT, false, "item"},
    [TEXT_DETAIL] = {FACE_BODY, 38, 36, 400, 0, 1.36, ROLE_MUTED, false, "item's detail"},
    [TEXT_CELL] = {FACE_BODY, 40, 30, 400, 0, 1.25, ROLE_TEXT, false, "cell"},
    [TEXT_COLUMN] = {FACE_BODY, 32, 28, 500, 0, 1.25, ROLE_MUTED, false, "column's head"},
    [TEXT_CAPTION] = {FACE_BODY, 34, 30, 400, 0, 1.36, ROLE_MUTED, false, "caption"},
    [TEXT_CARD] = {FACE_BODY, 50, 36, 400, -0.3, 1.34, ROLE_TEXT, false, "large text"},
    [TEXT_POST] = {FACE_BODY, 52, 40, 400, -0.4, 1.36, ROLE_TEXT, false, "post"},
    [TEXT_BUTTON] = {FACE_BODY, 40, 36, 600, 0, 1.2, ROLE_ON_ACCENT, false, "button"},
    [TEXT_PERSON] = {FACE_BODY, 44, 40, 600, 0, 1.25, ROLE_TEXT, false, "person"},
};

double sheet_px(const struct sheet *sheet, double measure)
{
    return measure * sheet->paint->style->unit;
}

double sheet_gap(const struct sheet *sheet, double measure)
{
    return sheet_px(sheet, fmax(24, measure * sheet->gap_scale));
}

double sheet_floor(const struct sheet *sheet, enum text_role role)
{
    return sheet_px(sheet, styles[role].floor / paint_face_scale(sheet->paint, styles[role].face));
}

struct text_style sheet_text(const struct sheet *sheet, enum text_role role)
{
    double size = fmax(sheet_floor(sheet, role), sheet_px(sheet, styles[role].size * sheet->type_scale));
    return (struct text_style){
        .face = styles[role].face,
        .size = size,
        .weight = styles[role].weight,
        .letter_spacing = styles[role].spacing * size / styles[role].size,
        .line_height = styles[role].line_height,
        .role = styles[role].role,
        .balance = styles[role].balance,
    };
}

static void check_width(const struct sheet *sheet, double width, double room, const char *what, const char *remedy)
{
    if (width > room + 1)
        diags_error(sheet->paint->diags, sheet->paint->file, sheet->paint->line, remedy,
                    "slide %d: %s: %.0f pixels too wide", sheet->index + 1, what, width - room);
}

void sheet_check_width(const struct sheet *sheet, double width, double room, const char *what)
{
    check_width(sheet, width, room, what, "Shorten it, or choose a wider canvas.");
}

void sheet_check_words(const struct sheet *sheet, double width, double room)
{
    check_width(sheet, width, room, "a word",
                "Shorten it, write &shy; where it may be broken, or choose a wider canvas.");
}

double sheet_height(const struct sheet *sheet, enum text_role role, const char *markup, double width)
{
    struct text_style style = sheet_text(sheet, role);
    return paint_text_size(sheet->paint, &style, markup, width).height;
}

double sheet_draw(const struct sheet *sheet, enum text_role role, const char *tag, const char *markup, double x,
                  double y, double width)
{
    struct text_style style = sheet_text(sheet, role);
    return sheet_draw_as(sheet, role, &style, tag, markup, (struct box){x, y, width, 0});
}

double sheet_draw_as(const struct sheet *sheet, enum text_role role, const struct text_style *style, const char *tag,
                     const char *markup, struct box at)
{
    sheet->paint->slot = styles[role].slot;
    paint_tag_begin(sheet->paint, tag, NULL);
    struct text_size size = paint_text(sheet->paint, style, markup, at.x, at.y, at.w);
    if (at.w > 0)
        sheet_check_words(sheet, size.width, at.w);
    paint_tag_end(sheet->paint, tag);
    sheet->paint->slot = NULL;
    return at.y + size.height;
}
