/* quote.c - somebody's thought in large letters, over it a figure or a quotation mark. */
#include "slides/stack.h"

/* Quotes and what is said about them stand in the body one after the other. */
static void split(const struct content_part *all, struct content_part *quotes, struct content_part *rest)
{
    for (size_t i = 0; i < all->body_count; i++) {
        struct content_part *to = all->body[i]->block->kind == BLOCK_QUOTE ? quotes : rest;
        if (to->body_count < CONTENT_BODY)
            to->body[to->body_count++] = all->body[i];
    }
}

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct content_part quotes = {0}, rest = {0};
    struct stack words = {.middle = true};
    struct ready_block mark = {.text = (char *)"\xe2\x80\x9c"};
    split(&content->main, &quotes, &rest);
    split(&content->after, &quotes, &rest);
    bool columns = sheet->wide && content->main.visual;
    if (!content->main.visual)
        stack_text(&words, TEXT_MARK, "P", &mark, 0);
    else if (!columns)
        stack_visual(&words, content->main.visual, 0);
    stack_text(&words, TEXT_HEADING, "H1", content->title, 64);
    stack_flow(&words, TEXT_QUOTE, &quotes, content->main.visual ? 72 : 8);
    stack_flow(&words, TEXT_SUB, &rest, 44);
    return columns ? stack_columns(&words, content->main.visual, sheet, 0.56, pass)
                   : stack_place(&words, sheet, sheet->room, pass);
}

const struct layout layout_quote = {
    .name = "quote",
    .idea = "a thought (>) in large letters, with a figure or a quotation mark",
    .pattern = true,
    .visual = true,
    .code = true,
    .table = true,
    .place = place,
};
