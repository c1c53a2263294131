/* compare.c - two or three cards: a name (###), a figure, a value, a few words each.
 *
 * On a tall canvas cards of words alone lie under each other, as wide as the slide; else they stand beside each other.
 * The first name is in the accent, the second in its contrast. What gives way: gaps, then the type. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/stack.h"

#define LAST_GAPS 0.55 /* steps of the fit from here on are a last resort */
enum { GAP = 32, PADDING = 40, MORE = 64, CLOSING = 44 };

/* A first paragraph that is all bold is the card's value. */
static bool is_value(const struct ready_block *block)
{
    size_t length = block->text ? strlen(block->text) : 0;
    return length > 7 && strncmp(block->text, "<b>", 3) == 0 && strcmp(block->text + length - 4, "</b>") == 0 &&
           !strstr(block->text + 3, "<b>");
}

/* What stands on one card; the stack points into it. */
struct card {
    struct stack stack;
    struct content_part rest;
    struct ready_block name; /* its text is owned */
};

/* `large`: a card with room for larger words. */
static void card_open(const struct content *content, size_t index, bool large, struct card *card)
{
    static const char *const colors[CONTENT_COLUMNS] = {"accent", "accent2"};
    const struct content_part *column = &content->columns[index];
    bool value = column->body_count > 0 && is_value(column->body[0]);
    *card = (struct card){.rest = *column};
    if (column->name) {
        card->name = *column->name;
        card->name.text = NULL;
        if (column->name->text && asprintf(&card->name.text, colors[index] ? "<%s>%s</%s>" : "%.0s%s", colors[index],
                                           column->name->text, colors[index]) < 0)
            card->name.text = NULL;
    }
    if (value) {
        card->rest.body_count--;
        memmove(card->rest.body, card->rest.body + 1, card->rest.body_count * sizeof *card->rest.body);
    }
    stack_text(&card->stack, large ? TEXT_LEAD : TEXT_NAME, "H2", &card->name, 0);
    if (value)
        stack_text(&card->stack, TEXT_VALUE, "P", column->body[0], 24);
    stack_visual(&card->stack, column->visual, 36);
    stack_flow(&card->stack, large ? TEXT_CARD : TEXT_BODY, &card->rest, large ? 24 : 28);
}

static void card_close(struct card *card)
{
    free(card->name.text);
}

/* What a card needs at a width: its words, and a visual as high as it likes. */
static double card_height(const struct sheet *sheet, size_t index, bool large, double width)
{
    const struct content_part *column = &sheet->content->columns[index];
    struct card card;
    card_open(sheet->content, index, large, &card);
    double height = stack_place(&card.stack, sheet, (struct box){0, 0, width, 0}, PASS_MEASURE);
    if (column->visual)
        height += visual_height(sheet, column->visual, width) - visual_least(sheet, column->visual, width);
    card_close(&card);
    return height;
}

struct card_place {
    struct box box;
    bool large;   /* with room for larger words */
    bool middle;  /* the words of each card in its own middle */
    double above; /* pixels over the words, beside the padding, so that names of cards stand on one line */
};

/* One card in its place; returns by how much it is too high for it. */
static double place_card(const struct sheet *sheet, size_t index, struct card_place place, enum pass pass)
{
    double padding = sheet_px(sheet, PADDING);
    struct box box = place.box;
    struct box inside = {box.x + padding, box.y + padding + place.above, box.w - 2 * padding,
                         box.h - 2 * padding - place.above};
    enum role ground = sheet->paint->ground;
    struct card card;
    card_open(sheet->content, index, place.large, &card);
    card.stack.middle = place.middle && !sheet->content->columns[index].visual;
    if (pass == PASS_DRAW) {
        paint_fill_round(sheet->paint, box, sheet_px(sheet, 24), ROLE_SURFACE);
        sheet->paint->ground = ROLE_SURFACE;
    }
    double over = stack_place(&card.stack, sheet, inside, pass);
    sheet->paint->ground = ground;
    card_close(&card);
    return over;
}

static bool has_visual(const struct content *content)
{
    for (size_t i = 0; i < content->column_count; i++)
        if (content->columns[i].visual)
            return true;
    return false;
}

/* Where the cards end, and by how much they are too high together. */
struct placed_cards {
    double end, over;
};

/* All as high as the highest, where that fits, and a little higher where there is room. */
static struct placed_cards place_under(const struct sheet *sheet, struct box box, enum pass pass)
{
    size_t count = sheet->content->column_count;
    double gap = sheet_gap(sheet, GAP), padding = sheet_px(sheet, PADDING), tallest = 0, sum = 0;
    double heights[CONTENT_COLUMNS] = {0}, gaps = gap * (double)(count - 1);
    for (size_t i = 0; i < count; i++) {
        heights[i] = card_height(sheet, i, true, box.w - 2 * padding) + 2 * padding;
        tallest = fmax(tallest, heights[i]);
        sum += heights[i];
    }
    bool even = tallest * (double)count + gaps <= box.h;
    double all = even ? tallest * (double)count + gaps : sum + gaps;
    double more = fmax(0, fmin((box.h - all) / (double)count, sheet_px(sheet, MORE)));
    double y = box.y;
    for (size_t i = 0; i < count; i++) {
        double height = (even ? tallest : heights[i]) + more;
        if (pass == PASS_DRAW)
            place_card(sheet, i, (struct card_place){{box.x, y, box.w, height}, true, true, 0}, pass);
        y += height + gap;
    }
    return (struct placed_cards){y - gap, all - box.h};
}

static struct placed_cards place_beside(const struct sheet *sheet, struct box box, enum pass pass)
{
    size_t count = sheet->content->column_count;
    double gap = sheet_px(sheet, GAP), padding = sheet_px(sheet, PADDING), over = -INFINITY, tallest = 0;
    double width = (box.w - gap * (double)(count - 1)) / (double)count;
    bool large = sheet->wide && !has_visual(sheet->content);
    for (size_t i = 0; i < count; i++)
        tallest = fmax(tallest, card_height(sheet, i, large, width - 2 * padding) + 2 * padding);
    double more = large ? sheet_px(sheet, 2 * MORE) : 0; /* few words on a wide slide: room around them */
    double height = fmin(tallest + more, box.h), above = fmax(0, height - tallest) / 2,
           y = box.y + (box.h - height) / (large ? 2.6 : 2);
    for (size_t i = 0; i < count; i++) {
        struct box card = {box.x + (double)i * (width + gap), y, width, height};
        over = fmax(over, place_card(sheet, i, (struct card_place){card, large, false, above}, pass));
    }
    return (struct placed_cards){y + height, over};
}

/* Under each other where there is room for it; when the type has become small, only if they fit so. */
static bool lie_under(const struct sheet *sheet, struct box cards)
{
    if (cards.h < 0.7 * cards.w || has_visual(sheet->content))
        return false;
    return sheet->gap_scale > LAST_GAPS || place_under(sheet, cards, PASS_MEASURE).over <= 0.5;
}

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct stack words = {0}, closing = {0};
    struct box room = sheet->room;
    stack_text(&words, TEXT_HEADING, "H1", content->title, 0);
    stack_flow(&closing, TEXT_BODY, &content->main, 0);
    double head = stack_place(&words, sheet, (struct box){room.x, 0, room.w, 0}, PASS_MEASURE);
    double foot = stack_place(&closing, sheet, (struct box){room.x, 0, room.w, 0}, PASS_MEASURE);
    double gap = sheet_gap(sheet, 64), after = closing.count ? sheet_gap(sheet, CLOSING) : 0;
    struct box cards = {room.x, room.y + head + gap, room.w, room.h - head - gap - after - foot};
    struct placed_cards placed = {cards.y, -cards.h};
    if (pass == PASS_DRAW)
        stack_place(&words, sheet, (struct box){room.x, room.y, room.w, head}, pass);
    if (content->column_count)
        placed = (lie_under(sheet, cards) ? place_under : place_beside)(sheet, cards, pass);
    if (pass == PASS_DRAW && closing.count)
        stack_place(&closing, sheet, (struct box){room.x, placed.end + after, room.w, foot}, pass);
    return placed.over;
}

const struct layout layout_compare = {
    .name = "compare",
    .idea = "two or three cards (###) beside or under each other",
    .columns = CONTENT_COLUMNS,
    .code = true,
    .table = true,
    .place = place,
};
