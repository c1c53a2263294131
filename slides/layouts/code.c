/* code.c - a claim and the lines of code that show it; what is said about them stands under the heading.
 *
 * On a wide canvas words left, code right. What gives way: gaps, then the code's type (40 to 28), and with it the
 * words'. */
#include <math.h>

#include "slides/stack.h"

static void split(const struct content_part *all, struct content_part *code, struct content_part *words)
{
    for (size_t i = 0; i < all->body_count; i++) {
        struct content_part *to = all->body[i]->block->kind == BLOCK_CODE ? code : words;
        to->body[to->body_count++] = all->body[i];
    }
}

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct content_part code = {0}, notes = {0};
    struct stack words = {0}, listing = {.middle = true};
    split(&content->main, &code, &notes);
    stack_text(&words, TEXT_HEADING, "H1", content->title, 0);
    stack_text(&words, TEXT_SUB, "H2", content->subtitle, 28);
    if (sheet->wide) {
        stack_flow(&words, TEXT_BODY, &notes, 40);
        stack_flow(&listing, TEXT_LISTING, &code, 0);
        return stack_pair(&words, &listing, sheet, 0.36, pass);
    }
    stack_flow(&listing, TEXT_LISTING, &code, 0);
    stack_flow(&listing, TEXT_BODY, &notes, 44);
    return stack_under(&words, &listing, 64, sheet, pass);
}

const struct layout layout_code = {
    .name = "code",
    .idea = "a claim and the code that shows it (```cuda file.cu {3,5-7})",
    .subtitle = true,
    .code = true,
    .place = place,
};
