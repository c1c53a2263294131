/* outro.c - the last slide: who speaks, what to do next, a button, an address in print. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/escape.h"
#include "slides/stack.h"

/* The body by what it is: all bold is the button, all code the printed address, the rest is said. */
struct parts {
    struct content_part words;
    const struct ready_block *button, *address;
};

static bool is_all(const char *text, const char *open, const char *close)
{
    size_t length = text ? strlen(text) : 0;
    return length > strlen(open) + strlen(close) && strncmp(text, open, strlen(open)) == 0 &&
           strcmp(text + length - strlen(close), close) == 0;
}

static struct parts parts_of(const struct content *content)
{
    struct parts parts = {0};
    for (size_t i = 0; i < content->main.body_count; i++) {
        const struct ready_block *block = content->main.body[i];
        if (!parts.button && is_all(block->text, "<b>", "</b>"))
            parts.button = block;
        else if (!parts.address && is_all(block->text, "<tt>", "</tt>"))
            parts.address = block;
        else
            parts.words.body[parts.words.body_count++] = block;
    }
    return parts;
}

enum { CIRCLE = 196, BUTTON_HEIGHT = 112, BUTTON_SIDE = 200 };

/* One centred line after the other, drawn or only measured. */
struct column {
    const struct sheet *sheet;
    bool draw;
    double y;
};

static void centred(struct column *column, enum text_role role, const char *tag, const char *markup, enum role color,
                    double gap)
{
    const struct sheet *sheet = column->sheet;
    struct text_style style = sheet_text(sheet, role);
    struct box room = sheet->room;
    style.align = ALIGN_CENTER;
    style.role = color;
    column->y += sheet_gap(sheet, gap);
    double height = paint_text_size(sheet->paint, &style, markup, room.w).height;
    if (column->draw) {
        paint_tag_begin(sheet->paint, tag, NULL);
        sheet_check_width(sheet, paint_text(sheet->paint, &style, markup, room.x, column->y, room.w).width, room.w,
                          "a word");
        paint_tag_end(sheet->paint, tag);
    }
    column->y += height;
}

static void centred_block(struct column *column, enum text_role role, const char *tag, const struct ready_block *block,
                          enum role color, double gap)
{
    if (!block || !block->text)
        return;
    column->sheet->paint->line = block->block->line;
    centred(column, role, tag, block->text, color, gap);
}

/* What the brand says, which is no markup; `around` holds one %s. */
static void centred_plain(struct column *column, enum text_role role, const char *around, const char *text,
                          enum role color, double gap)
{
    struct text markup = {0};
    const char *hole = strstr(around, "%s");
    if (!text)
        return;
    text_add_bytes(&markup, around, (size_t)(hole - around));
    escape_markup(&markup, text, strlen(text));
    text_add(&markup, hole + 2);
    if (markup.bytes)
        centred(column, role, "P", markup.bytes, color, gap);
    text_free(&markup);
}

static void draw_circle(const struct sheet *sheet, double y)
{
    const struct brand *brand = &sheet->paint->style->brand;
    cairo_t *cairo = sheet->paint->cairo;
    double radius = sheet_px(sheet, CIRCLE) / 2, x = sheet->room.x + sheet->room.w / 2;
    struct text_style style = sheet_text(sheet, TEXT_VALUE);
    style.size = sheet_px(sheet, 72);
    style.align = ALIGN_CENTER;
    style.line_height = 1;
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x, y + radius, radius - sheet_px(sheet, 3), 0, 2 * M_PI);
    paint_role(sheet->paint, ROLE_SURFACE);
    cairo_fill_preserve(cairo);
    paint_role(sheet->paint, ROLE_ACCENT);
    cairo_set_line_width(cairo, sheet_px(sheet, 6));
    cairo_stroke(cairo);
    char *initials = brand->initials ? escaped_markup(brand->initials) : NULL;
    if (initials)
        paint_text_baseline(sheet->paint, &style, initials, x, y + radius + sheet_px(sheet, 26), 0);
    free(initials);
}

static void draw_button(const struct sheet *sheet, const struct ready_block *button, double y)
{
    const char *label = button->text;
    struct text_style style = sheet_text(sheet, TEXT_BUTTON);
    sheet->paint->line = button->block->line;
    struct text_size size = paint_text_size(sheet->paint, &style, label, -1);
    double width = fmin(size.width + sheet_px(sheet, BUTTON_SIDE), sheet->room.w);
    sheet_check_width(sheet, size.width, width - sheet_px(sheet, 64), "the button's label");
    double height = sheet_px(sheet, BUTTON_HEIGHT), x = sheet->room.x + (sheet->room.w - width) / 2;
    paint_role(sheet->paint, ROLE_ACCENT);
    paint_round_box(sheet->paint, (struct box){x, y, width, height}, height / 2);
    cairo_fill(sheet->paint->cairo);
    style.align = ALIGN_CENTER;
    paint_tag_begin(sheet->paint, "P", NULL);
    paint_text(sheet->paint, &style, label, x, y + (height - size.height) / 2, width);
    paint_tag_end(sheet->paint, "P");
}

/* From top to bottom; returns the y below. */
static double walk(const struct sheet *sheet, const struct parts *parts, double y, bool draw)
{
    const struct brand *brand = &sheet->paint->style->brand;
    struct column column = {sheet, draw, y};
    if (draw)
        draw_circle(sheet, column.y);
    column.y += sheet_px(sheet, CIRCLE);
    centred_plain(&column, TEXT_PERSON, "%s", brand->person, ROLE_TEXT, 36);
    centred_plain(&column, TEXT_SUB, "%s", brand->handle, ROLE_MUTED, 0);
    centred_block(&column, TEXT_CLAIM, "H1", sheet->content->title, ROLE_TEXT, 72);
    for (size_t i = 0; i < parts->words.body_count; i++)
        centred_block(&column, TEXT_SUB, "P", parts->words.body[i], ROLE_MUTED, i ? 12 : 32);
    if (parts->button) {
        column.y += sheet_gap(sheet, 64);
        if (draw)
            draw_button(sheet, parts->button, column.y);
        column.y += sheet_px(sheet, BUTTON_HEIGHT);
    }
    if (parts->address)
        centred_block(&column, TEXT_BODY, "P", parts->address, ROLE_ACCENT, 48);
    else
        centred_plain(&column, TEXT_BODY, "<tt>%s</tt>", brand->website, ROLE_ACCENT, 48);
    return column.y;
}

static double place(const struct sheet *sheet, enum pass pass)
{
    struct parts parts = parts_of(sheet->content);
    double height = walk(sheet, &parts, 0, false);
    if (pass == PASS_DRAW)
        walk(sheet, &parts, sheet->room.y + fmax(0, sheet->room.h - height) / 2, true);
    return height - sheet->room.h;
}

const struct layout layout_outro = {
    .name = "outro",
    .idea = "the last slide: who speaks, a call to action (**button**), an address (`in code`)",
    .pattern = true,
    .place = place,
};
