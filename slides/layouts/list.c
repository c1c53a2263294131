/* list.c - a claim and its points: rows with a number or a mark, a bold lead, and what follows it in muted words.
 *
 * Slots: heading (#), sub-line (##), words before the list, items (- or 1.; `**Lead.** the rest`; inner items under
 * theirs; words between them keep their place), words after it. On a wide canvas heading left, rows right. What gives
 * way: the room between rows, the rules with it, then the type (46 and 38 to 38 and 36). Rows move apart where there is
 * room, no further than is beautiful.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/stack.h"

enum {
    ROW_GAP = 52,
    ROW_MOST = 96,
    MARKER = 76,
    LEAD_GAP = 8,
    INNER_GAP = 14,
    INNER = 40,
    WORDS_GAP = 30,
    AFTER_GAP = 72
};

struct parts {
    struct content_part before, items, after;
};

static bool is_item(const struct ready_block *block)
{
    return block->block->kind == BLOCK_ITEM;
}

static struct parts parts_of(const struct content_part *all)
{
    struct parts parts = {0};
    size_t last = all->body_count;
    while (last > 0 && !is_item(all->body[last - 1]))
        last--;
    for (size_t i = 0; i < all->body_count; i++) {
        bool listed = i < last && (parts.items.body_count || is_item(all->body[i]));
        struct content_part *to = listed ? &parts.items : i < last ? &parts.before : &parts.after;
        to->body[to->body_count++] = all->body[i];
    }
    return parts;
}

/* "<b>Lead.</b> rest" taken apart. Both fresh; the rest NULL when there is none. */
static void split_lead(const char *markup, char **lead, char **rest)
{
    const char *end = strncmp(markup, "<b>", 3) == 0 ? strstr(markup, "</b>") : NULL;
    const char *after = end ? end + 4 + strspn(end + 4, " ") : NULL;
    *lead = end ? strndup(markup + 3, (size_t)(end - markup - 3)) : strdup(markup);
    *rest = after && *after ? strdup(after) : NULL;
}

/* One text of an item, drawn or only measured; returns its height. */
static double say(const struct sheet *sheet, enum text_role role, const char *markup, struct box box, enum pass pass)
{
    if (pass == PASS_DRAW)
        return sheet_draw(sheet, role, "LBody", markup, box.x, box.y, box.w) - box.y;
    return sheet_height(sheet, role, markup, box.w);
}

static void draw_mark(const struct sheet *sheet, const struct ready_block *item, double x, double y, bool mirrored)
{
    struct text_style style = sheet_text(sheet, TEXT_LEAD);
    if (flow_number(sheet, item, TEXT_LEAD, x, y, mirrored))
        return;
    double side = sheet_px(sheet, 18), middle = y + style.size * style.line_height / 2;
    paint_fill_round(sheet->paint, (struct box){x - (mirrored ? side : 0), middle - side / 2, side, side},
                     sheet_px(sheet, 5), ROLE_ACCENT);
}

/* A small dash before an inner item. */
static void draw_dash(const struct sheet *sheet, double x, double y)
{
    struct text_style style = sheet_text(sheet, TEXT_DETAIL);
    double width = sheet_px(sheet, 18), middle = y + style.size * style.line_height / 2;
    paint_fill_round(sheet->paint, (struct box){x, middle - sheet_px(sheet, 2), width, sheet_px(sheet, 4)},
                     sheet_px(sheet, 2), ROLE_ACCENT);
}

/* An outer item from y on; returns its height. */
static double outer(const struct sheet *sheet, const struct ready_block *item, struct box box, enum pass pass)
{
    bool mirrored = paint_right_to_left(sheet->paint, item->text);
    double marker = sheet_px(sheet, MARKER), top = box.y;
    char *lead, *rest;
    split_lead(item->text, &lead, &rest);
    if (pass == PASS_DRAW)
        draw_mark(sheet, item, mirrored ? box.x + box.w : box.x, box.y, mirrored);
    box.x += mirrored ? 0 : marker;
    box.w -= marker;
    if (lead)
        box.y += say(sheet, TEXT_LEAD, lead, box, pass);
    if (rest) {
        box.y += sheet_px(sheet, LEAD_GAP);
        box.y += say(sheet, TEXT_DETAIL, rest, box, pass);
    }
    free(lead);
    free(rest);
    return box.y - top;
}

static double inner(const struct sheet *sheet, const struct ready_block *item, struct box box, enum pass pass)
{
    bool mirrored = paint_right_to_left(sheet->paint, item->text);
    double indent = sheet_px(sheet, MARKER + (item->block->depth > 1 ? INNER : 0)), dash = sheet_px(sheet, INNER);
    box.x += mirrored ? 0 : indent;
    box.w -= indent;
    if (pass == PASS_DRAW)
        draw_dash(sheet, mirrored ? box.x + box.w - sheet_px(sheet, 18) : box.x, box.y);
    box.x += mirrored ? 0 : dash;
    box.w -= dash;
    return say(sheet, TEXT_DETAIL, item->text, box, pass);
}

/* How a row stands under the one before. */
enum joint { JOINT_FIRST, JOINT_RULE, JOINT_INNER, JOINT_WORDS };

static enum joint joint_of(const struct content_part *items, size_t i)
{
    if (i == 0)
        return JOINT_FIRST;
    if (!is_item(items->body[i - 1]))
        return JOINT_WORDS;
    return is_item(items->body[i]) && items->body[i]->block->depth > 0 ? JOINT_INNER : JOINT_RULE;
}

static double say_row(const struct sheet *sheet, const struct ready_block *row, struct box box, enum pass pass)
{
    sheet->paint->line = row->block->line;
    if (!row->text)
        return 0;
    if (!is_item(row))
        return say(sheet, TEXT_BODY, row->text, box, pass);
    return (row->block->depth > 0 ? inner : outer)(sheet, row, box, pass);
}

/* All rows with `gap` between outer ones; returns the height. */
static double rows(const struct sheet *sheet, const struct content_part *items, struct box box, double gap,
                   enum pass pass)
{
    double top = box.y;
    for (size_t i = 0; i < items->body_count; i++) {
        enum joint joint = joint_of(items, i);
        if (joint == JOINT_RULE && pass == PASS_DRAW)
            paint_rule(sheet->paint, box.x, box.y + gap / 2, box.w, ROLE_LINE);
        box.y += joint == JOINT_RULE    ? gap
                 : joint == JOINT_INNER ? sheet_px(sheet, INNER_GAP)
                 : joint == JOINT_WORDS ? sheet_gap(sheet, WORDS_GAP)
                                        : 0;
        box.y += say_row(sheet, items->body[i], box, pass);
    }
    return box.y - top;
}

static size_t rule_count(const struct content_part *items)
{
    size_t count = 0;
    for (size_t i = 0; i < items->body_count; i++)
        count += joint_of(items, i) == JOINT_RULE;
    return count;
}

/* Rows and what follows them in a box; returns by how much they are too high. */
static double place_rows(const struct sheet *sheet, const struct parts *parts, struct box box, bool middle,
                         enum pass pass)
{
    struct stack after = {0};
    size_t rules = rule_count(&parts->items);
    double gap = sheet_gap(sheet, ROW_GAP), between = sheet_gap(sheet, AFTER_GAP);
    stack_flow(&after, TEXT_BODY, &parts->after, 0);
    double foot = after.count ? stack_place(&after, sheet, (struct box){0, 0, box.w, 0}, PASS_MEASURE) + between : 0;
    double over = rows(sheet, &parts->items, box, gap, PASS_MEASURE) + foot - box.h;
    if (pass == PASS_MEASURE)
        return over;
    if (over < 0 && rules > 0)
        gap += fmin(-over / (double)rules, fmax(0, sheet_px(sheet, ROW_MOST) - gap));
    double height = rows(sheet, &parts->items, box, gap, PASS_MEASURE);
    double slack = fmax(0, box.h - foot - height);
    struct box place = {box.x, box.y + (middle ? slack / 2 : fmin(slack / 2, sheet_px(sheet, 40))), box.w, height};
    paint_tag_begin(sheet->paint, "L", NULL);
    rows(sheet, &parts->items, place, gap, pass);
    paint_tag_end(sheet->paint, "L");
    place.y += height + between;
    place.h = foot - between;
    if (after.count)
        stack_place(&after, sheet, place, pass);
    return over;
}

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    struct parts parts = parts_of(&content->main);
    struct stack words = {0};
    struct box room = sheet->room;
    stack_text(&words, TEXT_HEADING, "H1", content->title, 0);
    stack_text(&words, TEXT_SUB, "H2", content->subtitle, 28);
    stack_flow(&words, TEXT_SUB, &parts.before, 28);
    if (sheet->wide && words.count) {
        double between = sheet_px(sheet, 100), left = (room.w - between) * 0.38;
        double over = stack_place(&words, sheet, (struct box){room.x, room.y, left, room.h}, pass);
        struct box right = {room.x + left + between, room.y, room.w - left - between, room.h};
        return fmax(over, place_rows(sheet, &parts, right, true, pass));
    }
    double head = words.count ? stack_place(&words, sheet, (struct box){0, 0, room.w, 0}, PASS_MEASURE) : 0;
    if (pass == PASS_DRAW)
        stack_place(&words, sheet, (struct box){room.x, room.y, room.w, head}, pass);
    double down = head + (head > 0 ? sheet_gap(sheet, 72) : 0);
    return place_rows(sheet, &parts, (struct box){room.x, room.y + down, room.w, room.h - down}, false, pass);
}

const struct layout layout_list = {
    .name = "list",
    .idea = "a claim and its points (- or 1.), each with a bold lead",
    .subtitle = true,
    .code = true,
    .table = true,
    .place = place,
};
