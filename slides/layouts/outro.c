/* outro.c - the last slide: who speaks, what to do next, a button, an address in print, what it all rests on. */
#include <math.h>

#include "slides/layout.h"
#include "slides/outro_pieces.h"

enum { MOST = 10 };

/* From top to bottom; the first list of a hero that fits is taken, and pieces with nothing to show are left out. On a
 * wide canvas a second column stands at the right. */
struct composition {
    enum piece left[MOST], right[MOST];
};

enum { LISTS = 3 };
static const struct composition tall[][LISTS] = {
    [HERO_AVATAR] = {{{PIECE_AVATAR, PIECE_PERSON, PIECE_BIO, PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON,
                       PIECE_CARD}},
                     {{PIECE_ROW, PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_CARD}},
                     {{PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_OWN_CARD, PIECE_OWN_ROW}}},
    [HERO_ICON] = {{{PIECE_ICON, PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_CARD, PIECE_ROW}},
                   {{PIECE_ROW, PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_CARD}},
                   {{PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_OWN_CARD, PIECE_OWN_ROW}}},
    [HERO_BUBBLE] = {{{PIECE_BUBBLE, PIECE_ROW, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_CARD}},
                     {{PIECE_BUBBLE, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_OWN_CARD, PIECE_OWN_ROW}},
                     {{PIECE_BUBBLE, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_OWN_CARD, PIECE_OWN_ROW}}}};

static const struct composition wide[] = {
    [HERO_AVATAR] = {{PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_ADDRESS},
                     {PIECE_AVATAR, PIECE_PERSON, PIECE_BIO}},
    [HERO_ICON] = {{PIECE_ROW, PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_ADDRESS}, {PIECE_ICON}},
    [HERO_BUBBLE] = {{PIECE_BUBBLE, PIECE_ROW}, {PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON, PIECE_ADDRESS}}};

/* With a QR code in the second column. */
static const struct composition wide_qr[] = {
    [HERO_AVATAR] = {{PIECE_ROW, PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON}, {PIECE_TOWER}},
    [HERO_ICON] = {{PIECE_ROW, PIECE_HEADING, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON}, {PIECE_TOWER}},
    [HERO_BUBBLE] = {{PIECE_BUBBLE, PIECE_ROW, PIECE_WORDS, PIECE_TERMINAL, PIECE_BUTTON}, {PIECE_TOWER}}};

/* Cards are there for QR codes: without one, what they hold stands by itself. */
static enum piece shown(const struct piece_place *place, enum piece piece)
{
    if (place->outro->qr)
        return piece;
    if (piece == PIECE_CARD || piece == PIECE_OWN_CARD)
        return PIECE_ADDRESS;
    return piece == PIECE_OWN_ROW ? PIECE_ROW : piece;
}

/* From y downwards, drawn or only measured; returns the height. */
static double column(const struct piece_place *place, const enum piece *pieces, double y, bool draw)
{
    double top = y;
    enum piece before = PIECE_END;
    for (int i = 0; i < MOST && pieces[i] != PIECE_END; i++) {
        enum piece piece = shown(place, pieces[i]);
        double height = piece_height(place, piece);
        if (height <= 0)
            continue;
        y += before != PIECE_END ? piece_gap(place, piece, before) : 0;
        before = piece;
        if (draw)
            piece_draw(place, piece, y);
        y += height;
    }
    return y - top;
}

static double middle(double top, double room, double height)
{
    return top + fmax(0, room - height) / 2;
}

/* The large face of the first list is worth gaps of three quarters, where some air is left around all. A bubble speaks
 * from the left; all else is centred. */
static double place_tall(const struct piece_place *place, double room, enum pass pass)
{
    static const struct {
        int list;
        double gaps, air;
    } attempts[] = {{0, 1, 0}, {0, 0.75, 40}, {1, 1, 0}, {2, 1, 0}};
    enum { ATTEMPTS = sizeof attempts / sizeof attempts[0] };
    const struct composition *lists = tall[place->outro->call.hero];
    struct sheet sheet = *place->sheet;
    struct piece_place tried = *place;
    double height = 0;
    tried.sheet = &sheet;
    for (int i = 0; i < ATTEMPTS; i++) {
        const enum piece *pieces = lists[attempts[i].list].left;
        sheet.gap_scale = place->sheet->gap_scale * attempts[i].gaps;
        height = column(&tried, pieces, 0, false);
        if (height + sheet_px(&sheet, attempts[i].air) > room && i + 1 < ATTEMPTS)
            continue;
        if (pass == PASS_DRAW)
            column(&tried, pieces, middle(place->sheet->room.y, room, height), true);
        break;
    }
    return height - room;
}

static double place_wide(const struct piece_place *place, double room, enum pass pass)
{
    enum call_hero hero = place->outro->call.hero;
    const struct composition *list = place->outro->qr ? &wide_qr[hero] : &wide[hero];
    struct piece_place left = *place, right = *place;
    left.centred = false;
    left.width = place->width * 0.6;
    right.width = place->width * 0.34;
    right.x = place->x + place->width - right.width;
    right.hero = sheet_px(place->sheet, 300);
    right.centred = hero != HERO_BUBBLE || place->outro->qr;
    double y = place->sheet->room.y;
    double of_left = column(&left, list->left, 0, false), of_right = column(&right, list->right, 0, false);
    if (pass == PASS_DRAW) {
        column(&left, list->left, middle(y, room, of_left), true);
        column(&right, list->right, middle(y, room, of_right), true);
    }
    return fmax(of_left, of_right) - room;
}

static double place(const struct sheet *sheet, enum pass pass)
{
    struct piece_place all = {.sheet = sheet,
                              .outro = sheet->outro,
                              .centred = !sheet->wide && sheet->outro->call.hero != HERO_BUBBLE,
                              .x = sheet->room.x,
                              .width = sheet->room.w,
                              .hero = sheet_px(sheet, sheet->outro->call.hero == HERO_ICON ? 168 : 196)};
    double foot = foot_height(&all);
    double room = sheet->room.h - foot - (foot > 0 ? sheet_gap(sheet, 40) : 0);
    double over = sheet->wide ? place_wide(&all, room, pass) : place_tall(&all, room, pass);
    if (pass == PASS_DRAW)
        foot_draw(&all, sheet->room.y + sheet->room.h - foot + sheet_px(sheet, 16));
    return over;
}

const struct layout layout_outro = {
    .name = "outro",
    .idea = "the last slide: who speaks, a call to action (**button**), an address (`in code`)",
    .pattern = true,
    .place = place,
};
