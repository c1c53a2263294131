/* flow.c - body blocks under each other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/code_block.h"
#include "slides/table.h"

/* Where an item's words begin: room for a bullet, or for two figures, in the type of the words. */
static double indent_of(const struct sheet *sheet, const struct ready_block *block, enum text_role role)
{
    double size = sheet_text(sheet, role).size, own = block->block->level ? 1.52 : 1.14;
    if (block->block->kind != BLOCK_ITEM)
        return 0;
    return size * (own + 1.14 * (block->block->depth < 3 ? block->block->depth : 3));
}

static double block_height(const struct sheet *sheet, const struct ready_block *block, enum text_role role,
                           double width)
{
    sheet->paint->line = block->block->line;
    if (block->block->kind == BLOCK_CODE)
        return code_height(sheet, block, role == TEXT_LISTING ? role : TEXT_CODE, width);
    if (block->block->kind == BLOCK_TABLE)
        return table_height(sheet, block, width);
    return block->text ? sheet_height(sheet, role, block->text, width - indent_of(sheet, block, role)) : 0;
}

/* Items of one list stand nearer to each other than paragraphs do. */
static double gap_before(const struct sheet *sheet, const struct content_part *part, size_t i)
{
    if (i == 0)
        return 0;
    bool list = part->body[i]->block->kind == BLOCK_ITEM && part->body[i - 1]->block->kind == BLOCK_ITEM;
    return sheet_gap(sheet, list ? 30 : 40);
}

double flow_height(const struct sheet *sheet, const struct content_part *part, enum text_role role, double width)
{
    double height = 0;
    for (size_t i = 0; i < part->body_count; i++)
        height += gap_before(sheet, part, i) + block_height(sheet, part->body[i], role, width);
    return height;
}

double flow_most(const struct sheet *sheet, const struct content_part *part, enum text_role role, double width)
{
    if (part->body_count == 1 && part->body[0]->block->kind == BLOCK_TABLE)
        return table_most(sheet, part->body[0], width);
    return flow_height(sheet, part, role, width);
}

bool flow_number(const struct sheet *sheet, const struct ready_block *item, enum text_role role, double x, double y,
                 bool mirrored)
{
    struct text_style style = sheet_text(sheet, role);
    char number[16];
    if (item->block->level <= 0)
        return false;
    style.role = ROLE_ACCENT;
    style.weight = 700;
    style.tabular = true;
    style.align = mirrored ? ALIGN_RIGHT : ALIGN_LEFT;
    snprintf(number, sizeof number, "%d", item->block->level);
    sheet->paint->slot = "number";
    paint_text(sheet->paint, &style, number, x, y, -1);
    sheet->paint->slot = NULL;
    return true;
}

/* At the side where the words begin. Inner items have a ring, outer ones a disc. */
static void draw_marker(const struct sheet *sheet, const struct ready_block *block, enum text_role role, struct box box)
{
    struct text_style style = sheet_text(sheet, role);
    cairo_t *cairo = sheet->paint->cairo;
    double own = style.size * (block->block->level ? 1.52 : 1.14), indent = indent_of(sheet, block, role) - own;
    bool mirrored = block->text && paint_right_to_left(sheet->paint, block->text);
    double x = mirrored ? box.x + box.w - indent : box.x + indent;
    if (flow_number(sheet, block, role, x, box.y, mirrored))
        return;
    bool inner = block->block->depth > 0;
    double radius = style.size / 6;
    paint_role(sheet->paint, inner ? ROLE_MUTED : ROLE_ACCENT);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + (mirrored ? -radius : radius), box.y + style.size * style.line_height / 2,
              inner ? radius * 0.8 : radius, 0, 2 * M_PI);
    cairo_set_line_width(cairo, sheet_px(sheet, 4));
    if (inner)
        cairo_stroke(cairo);
    else
        cairo_fill(cairo);
}

void flow_draw(const struct sheet *sheet, const struct content_part *part, enum text_role role, struct box box)
{
    double y = box.y;
    for (size_t i = 0; i < part->body_count; i++) {
        const struct ready_block *block = part->body[i];
        double height = block_height(sheet, block, role, box.w), indent = indent_of(sheet, block, role);
        y += gap_before(sheet, part, i);
        bool mirrored = indent > 0 && block->text && paint_right_to_left(sheet->paint, block->text);
        if (block->block->kind == BLOCK_ITEM)
            draw_marker(sheet, block, role, (struct box){box.x, y, box.w, height});
        if (block->block->kind == BLOCK_CODE)
            code_draw(sheet, block, role == TEXT_LISTING ? role : TEXT_CODE, (struct box){box.x, y, box.w, height});
        else if (block->block->kind == BLOCK_TABLE)
            table_draw(sheet, block, (struct box){box.x, y, box.w, part->body_count == 1 ? box.h : height});
        else if (block->text)
            sheet_draw(sheet, role, "P", block->text, box.x + (mirrored ? 0 : indent), y, box.w - indent);
        y += height;
    }
}
