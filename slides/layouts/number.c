/* number.c - one number, as large as it goes, what it means, and the chart behind it. */
#include "slides/stack.h"

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    bool alone = content->main.visual == NULL; /* then the words may be larger */
    struct stack words = {.middle = alone};
    stack_text(&words, TEXT_NUMBER, "H1", content->title, 0);
    stack_text(&words, TEXT_HEADING, "H2", content->subtitle, 24);
    stack_flow(&words, alone ? TEXT_CARD : TEXT_BODY, &content->main, 36);
    return stack_beside(&words, 56, sheet, 0.42, pass);
}

const struct layout layout_number = {
    .name = "big-number",
    .idea = "one number (#), what it means (##), and the chart behind it",
    .subtitle = true,
    .visual = true,
    .code = true,
    .table = true,
    .place = place,
};
