/* claim.c - one claim in large letters and a few words or a list under it. */
#include "slides/stack.h"

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct stack words = {.middle = sheet->content->main.visual == NULL};
    stack_text(&words, TEXT_CLAIM, "H1", content->title, 0);
    stack_text(&words, TEXT_SUB, "H2", content->subtitle, 36);
    stack_flow(&words, TEXT_BODY, &content->main, 64);
    return stack_beside(&words, 72, sheet, 0.5, pass);
}

const struct layout layout_claim = {
    .name = "claim",
    .idea = "one full-sentence claim and a few words or a list",
    .subtitle = true,
    .visual = true,
    .code = true,
    .table = true,
    .place = place,
};
