/* table.c - a claim and the table that shows it; words before the table under the heading, words after it below.
 *
 * On a wide canvas words left, table right. What gives way: the room between rows, then the cells' type (40 to 30),
 * and with it the words'; columns of words break their lines, columns of numbers never. */
#include "slides/stack.h"

static void split(const struct content_part *all, struct content_part *table, struct content_part *before,
                  struct content_part *after)
{
    for (size_t i = 0; i < all->body_count; i++) {
        bool is_table = all->body[i]->block->kind == BLOCK_TABLE;
        struct content_part *to = is_table ? table : table->body_count ? after : before;
        to->body[to->body_count++] = all->body[i];
    }
}

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct content_part table = {0}, before = {0}, after = {0};
    struct stack words = {0}, rows = {.middle = true};
    split(&content->main, &table, &before, &after);
    stack_text(&words, TEXT_HEADING, "H1", content->title, 0);
    stack_text(&words, TEXT_SUB, "H2", content->subtitle, 28);
    stack_flow(&words, TEXT_BODY, &before, 32);
    stack_flow(&rows, TEXT_CELL, &table, 0);
    if (sheet->wide) {
        stack_flow(&words, TEXT_CAPTION, &after, 44);
        return stack_pair(&words, &rows, sheet, 0.32, pass);
    }
    stack_flow(&rows, TEXT_CAPTION, &after, 44);
    return stack_under(&words, &rows, 72, sheet, pass);
}

const struct layout layout_table = {
    .name = "table",
    .idea = "a claim and a table; numbers on their decimal points, a bold row in the accent",
    .subtitle = true,
    .table = true,
    .place = place,
};
