/* outro.c - the last slide: who speaks, what to do next, a button, an address in print. */
#include <math.h>
#include <stdio.h>
#include <string.h>

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
        paint_text(sheet->paint, &style, markup, room.x, column->y, room.w);
        paint_tag_end(sheet->paint, tag);
    }
    column->y += height;
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
    if (brand->initials)
        paint_text_baseline(sheet->paint, &style, brand->initials, x, y + radius + sheet_px(sheet, 26), 0);
}

static void draw_button(const struct sheet *sheet, const char *label, double y)
{
    struct text_style style = sheet_text(sheet, TEXT_BUTTON);
    struct text_size size = paint_text_size(sheet->paint, &style, label, -1);
    double width = fmin(size.width + sheet_px(sheet, BUTTON_SIDE), sheet->room.w);
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
    if (brand->person)
        centred(&column, TEXT_PERSON, "P", brand->person, ROLE_TEXT, 36);
    if (brand->handle)
        centred(&column, TEXT_SUB, "P", brand->handle, ROLE_MUTED, 0);
    if (sheet->content->title && sheet->content->title->text)
        centred(&column, TEXT_CLAIM, "H1", sheet->content->title->text, ROLE_TEXT, 72);
    for (size_t i = 0; i < parts->words.body_count; i++)
        centred(&column, TEXT_SUB, "P", parts->words.body[i]->text, ROLE_MUTED, i ? 12 : 32);
    if (parts->button) {
        column.y += sheet_gap(sheet, 64);
        if (draw)
            draw_button(sheet, parts->button->text, column.y);
        column.y += sheet_px(sheet, BUTTON_HEIGHT);
    }
    const char *address = parts->address ? parts->address->text : NULL;
    char website[256];
    if (!address && brand->website) {
        snprintf(website, sizeof website, "<tt>%.200s</tt>", brand->website);
        address = website;
    }
    if (address)
        centred(&column, TEXT_BODY, "P", address, ROLE_ACCENT, 48);
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
