/* evidence.c - chart and figure: the heading claims, the visual shows, a sentence may stand between. */
#include "slides/stack.h"

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct stack words = {.middle = false};
    stack_text(&words, TEXT_HEADING, "H1", content->title, 0);
    stack_text(&words, TEXT_SUB, "H2", content->subtitle, 28);
    stack_flow(&words, TEXT_BODY, &content->main, 32);
    return stack_beside(&words, 64, sheet, 0.36, pass);
}

const struct layout layout_chart = {
    .name = "chart",
    .idea = "a claim and the chart that shows it",
    .subtitle = true,
    .visual = true,
    .code = true,
    .table = true,
    .place = place,
};

const struct layout layout_figure = {
    .name = "figure",
    .idea = "a claim and the figure that explains it",
    .subtitle = true,
    .visual = true,
    .code = true,
    .table = true,
    .place = place,
};
