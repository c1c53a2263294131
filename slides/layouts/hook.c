/* hook.c - the first slide: a promise in few words, what stands behind it, and a strip that makes curious. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/stack.h"

/* Bold words of the hook are said in the accent, and begin a line of their own. */
static char *accented(const struct sheet *sheet, const char *markup)
{
    struct color color = paint_color(sheet->paint, ROLE_ACCENT);
    struct text text = {0};
    while (*markup) {
        if (strncmp(markup, " <b>", 4) == 0) {
            text_add(&text, "\n");
            markup++;
        } else if (strncmp(markup, "<b>", 3) == 0) {
            text_format(&text, "<span foreground=\"#%02x%02x%02x\">", (int)(color.r * 255 + 0.5),
                        (int)(color.g * 255 + 0.5), (int)(color.b * 255 + 0.5));
            markup += 3;
        } else if (strncmp(markup, "</b>", 4) == 0) {
            text_add(&text, "</span>");
            markup += 4;
        } else {
            text_add_bytes(&text, markup++, 1);
        }
    }
    return text_take(&text);
}

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct stack words = {.middle = true};
    struct ready_block title = content->title ? *content->title : (struct ready_block){0};
    title.text = title.text ? accented(sheet, title.text) : NULL;
    stack_text(&words, TEXT_HOOK, "H1", &title, 0);
    stack_text(&words, TEXT_SUB, "P", content->subtitle, 40);
    stack_flow(&words, TEXT_SUB, &content->main, 40);
    double over = stack_beside(&words, 96, sheet, 0.5, pass);
    free(title.text);
    return over;
}

const struct layout layout_hook = {
    .name = "hook",
    .idea = "the first slide: a promise of 4 to 12 words, a sub-line, a strip",
    .pattern = true,
    .subtitle = true,
    .visual = true,
    .code = true,
    .table = true,
    .place = place,
};
