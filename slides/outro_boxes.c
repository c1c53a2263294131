#include "slides/outro_boxes.h"

#include <math.h>
#include <stdlib.h>

#include "slides/escape.h"

enum { BUTTON_LEAST = 64, BUTTON_MORE = 48, BUTTON_SIDE = 76, BUTTON_ICON = 44, BUTTON_GAP = 22 };
enum {
    PADDING = 46,
    TAIL = 36,
    BAR = 64,
    CARD_PADDING = 28,
    CARD_QR = 300,
    SMALL_QR = 222,
    TOWER_QR = 380,
    CORNER = 28
};

static void ring(const struct sheet *sheet, struct box box, double stroke)
{
    paint_role(sheet->paint, ROLE_ACCENT);
    cairo_set_line_width(sheet->paint->cairo, stroke);
    paint_round_box(sheet->paint, (struct box){box.x + stroke / 2, box.y + stroke / 2, box.w - stroke, box.h - stroke},
                    box.w / 2);
    cairo_stroke(sheet->paint->cairo);
}

void avatar_draw(const struct sheet *sheet, struct box box)
{
    const struct brand *brand = &sheet->paint->style->brand;
    double stroke = fmax(sheet_px(sheet, 3), box.w * 0.03), inner = box.w - 2 * stroke;
    struct text_style style = sheet_text(sheet, TEXT_VALUE);
    paint_fill_round(sheet->paint, box, box.w / 2, ROLE_SURFACE);
    if (brand->avatar) {
        image_draw_round(brand->avatar, sheet->paint, (struct box){box.x + stroke, box.y + stroke, inner, inner});
    } else if (brand->initials) {
        char *initials = escaped_markup(brand->initials);
        style.size = box.w * 0.37;
        style.letter_spacing = 0;
        style.align = ALIGN_CENTER;
        style.line_height = 1;
        if (initials)
            paint_text_baseline(sheet->paint, &style, initials, box.x + box.w / 2, box.y + box.w * 0.633, 0);
        free(initials);
    }
    ring(sheet, box, stroke);
}

void icon_draw(const struct sheet *sheet, const struct image *icon, struct box box)
{
    double inner = box.w * 0.46, at = (box.w - inner) / 2;
    paint_fill_round(sheet->paint, box, box.w / 2, ROLE_SURFACE);
    image_draw(icon, sheet->paint, (struct box){box.x + at, box.y + at, inner, inner});
    ring(sheet, box, fmax(sheet_px(sheet, 3), box.w * 0.03));
}

/* The place inside a box's padding. */
static struct piece_place inside(const struct piece_place *place, double padding)
{
    struct piece_place inner = *place;
    inner.centred = false;
    inner.x += padding;
    inner.width -= 2 * padding;
    return inner;
}

static void draw_bubble(const struct sheet *sheet, struct box box)
{
    cairo_t *cairo = sheet->paint->cairo;
    double stroke = sheet_px(sheet, 5), tail = sheet_px(sheet, TAIL), r = sheet_px(sheet, 36);
    double left = box.x + stroke / 2, top = box.y + stroke / 2, right = box.x + box.w - stroke / 2;
    double low = box.y + box.h - stroke / 2, from = left + sheet_px(sheet, 76);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, right - r, top + r, r, -M_PI / 2, 0);
    cairo_arc(cairo, right - r, low - r, r, 0, M_PI / 2);
    cairo_line_to(cairo, from + tail * 1.3, low);
    cairo_line_to(cairo, from - tail * 0.5, low + tail);
    cairo_line_to(cairo, from, low);
    cairo_arc(cairo, left + r, low - r, r, M_PI / 2, M_PI);
    cairo_arc(cairo, left + r, top + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(cairo);
    paint_role(sheet->paint, ROLE_SURFACE);
    cairo_fill_preserve(cairo);
    paint_role(sheet->paint, ROLE_ACCENT);
    cairo_set_line_width(cairo, stroke);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
}

double bubble(const struct piece_place *place, double y, bool draw)
{
    double padding = sheet_gap(place->sheet, PADDING);
    struct piece_place inner = inside(place, padding);
    struct text_style style = piece_text(&inner, TEXT_CLAIM, ROLE_TEXT);
    if (!place->outro->heading.markup)
        return 0;
    double height = piece_text_height(&inner, &style, place->outro->heading.markup) + 2 * padding;
    if (draw) {
        draw_bubble(place->sheet, (struct box){place->x, y, place->width, height});
        piece_text_draw(&inner, &style, "H1", &place->outro->heading, y + padding);
    }
    return height + sheet_px(place->sheet, TAIL);
}

/* A window with three dots, a prompt, and the command; its lines hang on the prompt. */
double terminal(const struct piece_place *place, double y, bool draw)
{
    const struct sheet *sheet = place->sheet;
    double padding = sheet_px(sheet, 40), bar = sheet_px(sheet, BAR), prompt = sheet_px(sheet, 40);
    struct piece_place inner = inside(place, padding), first = inner;
    struct text_style style = piece_text(&inner, TEXT_CODE, ROLE_TEXT), sign = style;
    const struct outro_text dollar = {"<b>$</b>", 0};
    if (!place->outro->command.markup)
        return 0;
    style.size = sign.size = sheet_px(sheet, 34);
    sign.role = ROLE_ACCENT;
    inner.x += prompt;
    inner.width -= prompt;
    double height = bar + piece_text_height(&inner, &style, place->outro->command.markup) + padding;
    if (!draw)
        return height;
    paint_fill_round(sheet->paint, (struct box){place->x, y, place->width, height}, sheet_px(sheet, CORNER),
                     ROLE_SURFACE);
    for (int i = 0; i < 3; i++) {
        paint_role(sheet->paint, i == 0 ? ROLE_ACCENT : ROLE_LINE);
        cairo_arc(sheet->paint->cairo, place->x + padding + sheet_px(sheet, 8 + 30 * i),
                  y + bar / 2 + sheet_px(sheet, 2), sheet_px(sheet, 8), 0, 2 * M_PI);
        cairo_fill(sheet->paint->cairo);
    }
    paint_text(sheet->paint, &sign, dollar.markup, first.x, y + bar, -1);
    piece_text_draw(&inner, &style, "Code", &place->outro->command, y + bar);
    return height;
}

double button(const struct piece_place *place, double y, bool draw)
{
    const struct sheet *sheet = place->sheet;
    const struct outro_text *label = &place->outro->button;
    const struct image *icon = place->outro->call.button_icon;
    struct text_style style = sheet_text(sheet, TEXT_BUTTON);
    double height = sheet_px(sheet, BUTTON_LEAST) + sheet_gap(sheet, BUTTON_MORE), side = sheet_px(sheet, BUTTON_SIDE);
    double sign = icon ? sheet_px(sheet, BUTTON_ICON) : 0, gap = icon ? sheet_px(sheet, BUTTON_GAP) : 0;
    if (!label->markup)
        return 0;
    if (!draw)
        return height;
    sheet->paint->line = label->line ? label->line : sheet->paint->line;
    struct text_size size = paint_text_size(sheet->paint, &style, label->markup, -1);
    double width = fmin(size.width + sign + gap + 2 * side, place->width);
    double x = place->x + (place->centred ? (place->width - width) / 2 : 0);
    double room = width - sign - gap - sheet_px(sheet, 64);
    sheet_check_width(sheet, size.width, room, "the button's label");
    paint_fill_round(sheet->paint, (struct box){x, y, width, height}, height / 2, ROLE_ACCENT);
    double at = x + (width - size.width - sign - gap) / 2;
    if (icon)
        image_draw(icon, sheet->paint, (struct box){at, y + (height - sign) / 2, sign, sign});
    paint_tag_begin(sheet->paint, "P", NULL);
    paint_text(sheet->paint, &style, label->markup, at + sign + gap, y + (height - size.height) / 2, -1);
    paint_tag_end(sheet->paint, "P");
    return height;
}

/* "Scan, or visit" over the address. */
static double invitation(const struct piece_place *place, double y, bool draw)
{
    const char *scan = place->outro->call.scan;
    struct text_style small = piece_text(place, TEXT_NAME, ROLE_MUTED),
                      address = piece_text(place, TEXT_BODY, ROLE_ACCENT);
    struct outro_text words = {escaped_markup(scan ? scan : "Scan, or visit"), 0};
    small.size = sheet_px(place->sheet, 34);
    double height = piece_text_height(place, &small, words.markup);
    if (draw) {
        piece_text_draw(place, &small, "P", &words, y);
        piece_text_draw(place, &address, "P", &place->outro->address, y + height);
    }
    free(words.markup);
    return height + piece_text_height(place, &address, place->outro->address.markup);
}

static void draw_code(const struct piece_place *place, double x, double y, double wished)
{
    char *alt = NULL;
    if (asprintf(&alt, "QR code of %s", place->outro->url) < 0)
        alt = NULL;
    paint_tag_begin(place->sheet->paint, "Figure", alt);
    qr_draw(place->outro->qr, place->sheet->paint, x, y, wished);
    paint_tag_end(place->sheet->paint, "Figure");
    free(alt);
}

double qr_card(const struct piece_place *place, double y, bool own, bool draw)
{
    const struct sheet *sheet = place->sheet;
    if (!place->outro->qr)
        return 0;
    double padding = sheet_px(sheet, CARD_PADDING), wished = sheet_px(sheet, own ? SMALL_QR : CARD_QR);
    double side = qr_side(place->outro->qr, sheet->paint, wished), gap = sheet_px(sheet, 20);
    struct piece_place beside = inside(place, padding);
    beside.x += side + padding * 1.4;
    beside.width -= side + padding * 1.4;
    double words = invitation(&beside, 0, false), who = own ? row(&beside, 0, false) + gap : 0;
    double height = fmax(side, words + who) + 2 * padding, top = y + (height - words - who) / 2;
    if (!draw)
        return height;
    paint_fill_round(sheet->paint, (struct box){place->x, y, place->width, height}, sheet_px(sheet, CORNER),
                     ROLE_SURFACE);
    draw_code(place, place->x + padding, y + (height - side) / 2, wished);
    if (own)
        row(&beside, top, true);
    invitation(&beside, top + who, true);
    return height;
}

double qr_tower(const struct piece_place *place, double y, bool draw)
{
    const struct sheet *sheet = place->sheet;
    if (!place->outro->qr)
        return 0;
    double padding = sheet_px(sheet, 36), wished = fmin(sheet_px(sheet, TOWER_QR), place->width - 2 * padding);
    double side = qr_side(place->outro->qr, sheet->paint, wished), gap = sheet_px(sheet, 28);
    struct piece_place below = inside(place, padding);
    below.centred = true;
    double height = padding + side + gap + invitation(&below, 0, false) + padding;
    if (draw) {
        paint_fill_round(sheet->paint, (struct box){place->x, y, place->width, height}, sheet_px(sheet, CORNER),
                         ROLE_SURFACE);
        draw_code(place, place->x + (place->width - side) / 2, y + padding, wished);
        invitation(&below, y + padding + side + gap, true);
    }
    return height;
}
