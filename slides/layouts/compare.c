/* compare.c - two or three cards beside each other: a name (###), a figure, a value, a few words each. */
#include <math.h>
#include <string.h>

#include "slides/stack.h"

/* A first paragraph that is all bold is the card's value. */
static bool is_value(const struct ready_block *block)
{
    size_t length = block->text ? strlen(block->text) : 0;
    return length > 7 && strncmp(block->text, "<b>", 3) == 0 && strcmp(block->text + length - 4, "</b>") == 0 &&
           !strstr(block->text + 3, "<b>");
}

static struct stack card_stack(const struct content_part *column, struct content_part *rest)
{
    struct stack stack = {0};
    bool value = column->body_count > 0 && is_value(column->body[0]);
    *rest = *column;
    if (value) {
        rest->body_count--;
        memmove(rest->body, rest->body + 1, rest->body_count * sizeof *rest->body);
    }
    stack_text(&stack, TEXT_NAME, "H2", column->name, 0);
    if (value)
        stack_text(&stack, TEXT_VALUE, "P", column->body[0], 24);
    stack_visual(&stack, column->visual, 36);
    stack_flow(&stack, TEXT_BODY, rest, 32);
    return stack;
}

/* What a card needs at a width: its words, and a visual as high as it likes. */
static double card_height(const struct sheet *sheet, const struct content_part *column, double width)
{
    struct content_part rest;
    struct stack stack = card_stack(column, &rest);
    double height = stack_place(&stack, sheet, (struct box){0, 0, width, 0}, PASS_MEASURE);
    if (column->visual)
        height += visual_height(sheet, column->visual, width) - visual_least(sheet, column->visual, width);
    return height;
}

static void draw_card(const struct sheet *sheet, struct box box)
{
    paint_role(sheet->paint, ROLE_SURFACE);
    paint_round_box(sheet->paint, box, sheet_px(sheet, 24));
    cairo_fill(sheet->paint->cairo);
}

static double place_cards(const struct sheet *sheet, struct box box, enum pass pass)
{
    const struct content *content = sheet->content;
    double gap = sheet_px(sheet, 32), padding = sheet_px(sheet, 36), over = -INFINITY, tallest = 0;
    double width = (box.w - gap * (double)(content->column_count - 1)) / (double)content->column_count;
    for (size_t i = 0; i < content->column_count; i++)
        tallest = fmax(tallest, card_height(sheet, &content->columns[i], width - 2 * padding) + 2 * padding);
    double height = fmin(tallest, box.h), y = box.y + (box.h - height) / 2;
    for (size_t i = 0; i < content->column_count; i++) {
        struct content_part rest;
        struct stack stack = card_stack(&content->columns[i], &rest);
        struct box card = {box.x + (double)i * (width + gap), y, width, height};
        struct box inside = {card.x + padding, card.y + padding, card.w - 2 * padding, card.h - 2 * padding};
        if (pass == PASS_DRAW)
            draw_card(sheet, card);
        over = fmax(over, stack_place(&stack, sheet, inside, pass));
    }
    return over;
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
    double gap = sheet_gap(sheet, 56), after = closing.count ? sheet_gap(sheet, 40) : 0;
    struct box cards = {room.x, room.y + head + gap, room.w, room.h - head - gap - after - foot};
    if (pass == PASS_DRAW)
        stack_place(&words, sheet, (struct box){room.x, room.y, room.w, head}, pass);
    double over = content->column_count ? place_cards(sheet, cards, pass) : -cards.h;
    if (pass == PASS_DRAW && closing.count)
        stack_place(&closing, sheet, (struct box){room.x, room.y + room.h - foot, room.w, foot}, pass);
    return over;
}

const struct layout layout_compare = {
    .name = "compare",
    .idea = "two or three cards (###) beside each other",
    .columns = CONTENT_COLUMNS,
    .code = true,
    .table = true,
    .place = place,
};
