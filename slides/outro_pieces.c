#include "slides/outro_pieces.h"

#include <math.h>
#include <stdlib.h>

#include "slides/escape.h"
#include "slides/outro_boxes.h"

enum { ROW_AVATAR = 96, FOOT_LINES = 3 };

struct text_style piece_text(const struct piece_place *place, enum text_role role, enum role color)
{
    struct text_style style = sheet_text(place->sheet, role);
    style.role = color;
    style.balance = true;
    style.align = place->centred ? ALIGN_CENTER : ALIGN_LEFT;
    return style;
}

double piece_text_height(const struct piece_place *place, const struct text_style *style, const char *markup)
{
    return markup ? paint_text_size(place->sheet->paint, style, markup, place->width).height : 0;
}

double piece_text_draw(const struct piece_place *place, const struct text_style *style, const char *tag,
                       const struct outro_text *text, double y)
{
    const struct sheet *sheet = place->sheet;
    if (!text->markup)
        return y;
    if (text->line)
        sheet->paint->line = text->line;
    bool linked = text == &place->outro->address && place->outro->url;
    paint_tag_begin(sheet->paint, tag, NULL);
    if (linked)
        paint_link_begin(sheet->paint, place->outro->url);
    struct text_size size = paint_text(sheet->paint, style, text->markup, place->x, y, place->width);
    if (linked)
        paint_link_end(sheet->paint);
    paint_tag_end(sheet->paint, tag);
    sheet_check_words(sheet, size.width, place->width);
    return y + size.height;
}

static const struct brand *brand_of(const struct piece_place *place)
{
    return &place->sheet->paint->style->brand;
}

/* A text of the kit's, drawn or only measured; 0 high without one. */
static double kit_text(const struct piece_place *place, const struct text_style *style, const char *words, double y,
                       bool draw)
{
    struct outro_text text = {words ? escaped_markup(words) : NULL, 0};
    double height = piece_text_height(place, style, text.markup);
    if (draw)
        piece_text_draw(place, style, "P", &text, y);
    free(text.markup);
    return height;
}

static double person(const struct piece_place *place, double y, bool draw)
{
    struct text_style name = piece_text(place, TEXT_PERSON, ROLE_TEXT);
    struct text_style handle = piece_text(place, TEXT_BODY, ROLE_MUTED);
    double height = kit_text(place, &name, brand_of(place)->person, y, draw);
    return height + kit_text(place, &handle, brand_of(place)->handle, y + height, draw);
}

static double bio(const struct piece_place *place, double y, bool draw)
{
    struct text_style style = piece_text(place, TEXT_NAME, ROLE_MUTED);
    style.weight = 400;
    return kit_text(place, &style, brand_of(place)->bio, y, draw);
}

static double words(const struct piece_place *place, double y, bool draw)
{
    struct text_style style = piece_text(place, TEXT_SUB, ROLE_MUTED);
    double top = y;
    for (size_t i = 0; i < place->outro->word_count; i++) {
        const struct outro_text *text = &place->outro->words[i];
        y += i ? sheet_gap(place->sheet, 24) : 0;
        if (draw)
            piece_text_draw(place, &style, "P", text, y);
        y += piece_text_height(place, &style, text->markup);
    }
    return y - top;
}

static double one_text(const struct piece_place *place, enum text_role role, enum role color, const char *tag,
                       const struct outro_text *text, double y, bool draw)
{
    struct text_style style = piece_text(place, role, color);
    if (draw)
        piece_text_draw(place, &style, tag, text, y);
    return piece_text_height(place, &style, text->markup);
}

double row(const struct piece_place *place, double y, bool draw)
{
    const struct sheet *sheet = place->sheet;
    double size = sheet_px(sheet, ROW_AVATAR), gap = sheet_px(sheet, 24);
    struct piece_place beside = *place;
    struct text_style name = piece_text(place, TEXT_PERSON, ROLE_TEXT),
                      handle = piece_text(place, TEXT_NAME, ROLE_MUTED);
    name.align = handle.align = ALIGN_LEFT;
    name.size = sheet_px(sheet, 38);
    handle.weight = 400;
    char *texts[2] = {escaped_markup(brand_of(place)->person),
                      brand_of(place)->handle ? escaped_markup(brand_of(place)->handle) : NULL};
    double width = 0, high[2] = {0, 0};
    for (int i = 0; i < 2; i++)
        if (texts[i]) {
            struct text_size text = paint_text_size(sheet->paint, i ? &handle : &name, texts[i], -1);
            width = fmax(width, text.width);
            high[i] = text.height;
        }
    beside.width = fmin(width + 1, place->width - size - gap);
    beside.x = place->x + (place->centred ? (place->width - beside.width - size - gap) / 2 : 0) + size + gap;
    if (draw) {
        avatar_draw(sheet, (struct box){beside.x - gap - size, y, size, size});
        double top = y + (size - high[0] - high[1]) / 2;
        for (int i = 0; i < 2; i++) {
            struct outro_text text = {texts[i], 0};
            piece_text_draw(&beside, i ? &handle : &name, "P", &text, top);
            top += high[i];
        }
    }
    free(texts[0]);
    free(texts[1]);
    return size;
}

static double circle(const struct piece_place *place, enum piece piece, double y, bool draw)
{
    double x = place->x + (place->centred ? (place->width - place->hero) / 2 : 0);
    struct box box = {x, y, place->hero, place->hero};
    if (piece == PIECE_ICON && !place->outro->call.icon)
        return 0;
    if (draw && piece == PIECE_ICON)
        icon_draw(place->sheet, place->outro->call.icon, box);
    else if (draw)
        avatar_draw(place->sheet, box);
    return place->hero;
}

static double piece_do(const struct piece_place *place, enum piece piece, double y, bool draw)
{
    const struct outro *outro = place->outro;
    switch (piece) {
    case PIECE_AVATAR:
    case PIECE_ICON:
        return circle(place, piece, y, draw);
    case PIECE_PERSON:
        return person(place, y, draw);
    case PIECE_BIO:
        return bio(place, y, draw);
    case PIECE_ROW:
        return row(place, y, draw);
    case PIECE_BUBBLE:
        return bubble(place, y, draw);
    case PIECE_HEADING:
        return one_text(place, TEXT_CLAIM, ROLE_TEXT, "H1", &outro->heading, y, draw);
    case PIECE_WORDS:
        return words(place, y, draw);
    case PIECE_TERMINAL:
        return terminal(place, y, draw);
    case PIECE_BUTTON:
        return button(place, y, draw);
    case PIECE_ADDRESS:
        return one_text(place, TEXT_BODY, ROLE_ACCENT, "P", &outro->address, y, draw);
    case PIECE_CARD:
        return qr_card(place, y, false, draw);
    case PIECE_OWN_CARD:
        return qr_card(place, y, true, draw);
    case PIECE_TOWER:
        return qr_tower(place, y, draw);
    default:
        return 0;
    }
}

double piece_height(const struct piece_place *place, enum piece piece)
{
    return piece_do(place, piece, 0, false);
}

void piece_draw(const struct piece_place *place, enum piece piece, double y)
{
    piece_do(place, piece, y, true);
}

double piece_gap(const struct piece_place *place, enum piece piece, enum piece before)
{
    if (before == PIECE_BUBBLE && piece == PIECE_ROW) /* who says it */
        return sheet_px(place->sheet, 24);
    if (before == PIECE_ROW && piece == PIECE_WORDS)
        return sheet_gap(place->sheet, 48);
    static const double gaps[PIECES] = {
        [PIECE_PERSON] = 32, [PIECE_BIO] = 24,      [PIECE_ROW] = 64,      [PIECE_HEADING] = 64,
        [PIECE_WORDS] = 28,  [PIECE_BUTTON] = 60,   [PIECE_TERMINAL] = 52, [PIECE_ADDRESS] = 44,
        [PIECE_CARD] = 60,   [PIECE_OWN_CARD] = 60, [PIECE_TOWER] = 60};
    return sheet_gap(place->sheet, gaps[piece]);
}

/* Sources and licence as one paragraph. */
static char *foot_markup(const struct outro_text *credits, const struct outro_text *licence)
{
    struct text markup = {0};
    text_format(&markup, "%s%s%s", credits->markup ? credits->markup : "",
                credits->markup && licence->markup ? "\xe2\x80\x83 " : "", licence->markup ? licence->markup : "");
    return text_take(&markup);
}

/* The sources whole while they take three lines, else counted. */
static double foot(const struct piece_place *place, double y, bool draw)
{
    const struct outro *outro = place->outro;
    struct text_style style = piece_text(place, TEXT_SMALL, ROLE_MUTED);
    struct outro_text text = {foot_markup(&outro->credits, &outro->licence), 0};
    if (text.markup && outro->credits_short.markup &&
        paint_text_size(place->sheet->paint, &style, text.markup, place->width).lines > FOOT_LINES) {
        free(text.markup);
        text.markup = foot_markup(&outro->credits_short, &outro->licence);
    }
    bool empty = !text.markup || !*text.markup;
    double height = empty ? 0 : piece_text_height(place, &style, text.markup);
    if (draw && !empty)
        piece_text_draw(place, &style, "P", &text, y);
    free(text.markup);
    return height;
}

double foot_height(const struct piece_place *place)
{
    return foot(place, 0, false);
}

void foot_draw(const struct piece_place *place, double y)
{
    foot(place, y, true);
}
