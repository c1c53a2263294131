/* flow.c - body blocks under each other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/escape.h"
#include "slides/sheet.h"

enum { CODE_LINES = 14, CODE_COLUMNS = 50 };

/* Code as Pango markup, without the last newline. */
static char *code_markup(const char *body)
{
    struct text markup = {0};
    size_t length = strlen(body);
    while (length > 0 && body[length - 1] == '\n')
        length--;
    escape_markup(&markup, body, length);
    return text_take(&markup);
}

/* A slide is read on a phone: more code than that cannot be. */
static void check_code(const struct sheet *sheet, const struct ready_block *block)
{
    int lines = 0, longest = 0;
    for (const char *at = block->block->body; at && *at; lines++) {
        int columns = (int)strcspn(at, "\n");
        longest = columns > longest ? columns : longest;
        at += columns + (at[columns] == '\n');
    }
    if (lines > CODE_LINES || longest > CODE_COLUMNS)
        diags_error(sheet->paint->diags, sheet->paint->file, block->block->line,
                    "Show the lines that matter, or split the slide.",
                    "code of %d lines and %d columns; a slide has room for %d lines of %d", lines, longest, CODE_LINES,
                    CODE_COLUMNS);
}

static double indent_of(const struct sheet *sheet, const struct ready_block *block)
{
    return block->block->kind == BLOCK_ITEM ? sheet_px(sheet, block->block->level ? 64 : 48) : 0;
}

static double code_padding(const struct sheet *sheet)
{
    return sheet_px(sheet, 32);
}

static double block_height(const struct sheet *sheet, const struct ready_block *block, enum text_role role,
                           double width)
{
    sheet->paint->line = block->block->line;
    if (block->block->kind != BLOCK_CODE)
        return block->text ? sheet_height(sheet, role, block->text, width - indent_of(sheet, block)) : 0;
    char *markup = code_markup(block->block->body);
    check_code(sheet, block);
    double height = markup ? sheet_height(sheet, TEXT_CODE, markup, -1) + 2 * code_padding(sheet) : 0;
    free(markup);
    return height;
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

static void draw_marker(const struct sheet *sheet, const struct ready_block *block, enum text_role role, double x,
                        double y)
{
    struct text_style style = sheet_text(sheet, role);
    char number[16];
    style.role = ROLE_ACCENT;
    style.weight = 700;
    style.tabular = true;
    if (block->block->level > 0) {
        snprintf(number, sizeof number, "%d", block->block->level);
        paint_text(sheet->paint, &style, number, x, y, -1);
        return;
    }
    double radius = sheet_px(sheet, 7);
    paint_role(sheet->paint, ROLE_ACCENT);
    cairo_arc(sheet->paint->cairo, x + radius, y + style.size * style.line_height / 2, radius, 0, 2 * M_PI);
    cairo_fill(sheet->paint->cairo);
}

static void draw_code(const struct sheet *sheet, const struct ready_block *block, struct box box)
{
    char *markup = code_markup(block->block->body);
    paint_role(sheet->paint, ROLE_SURFACE);
    paint_round_box(sheet->paint, box, sheet_px(sheet, 16));
    cairo_fill(sheet->paint->cairo);
    struct text_style style = sheet_text(sheet, TEXT_CODE);
    sheet->paint->line = block->block->line;
    if (markup) {
        sheet_draw(sheet, TEXT_CODE, "Code", markup, box.x + code_padding(sheet), box.y + code_padding(sheet), -1);
        sheet_check_width(sheet, paint_text_size(sheet->paint, &style, markup, -1).width,
                          box.w - 2 * code_padding(sheet), "a line of code");
    }
    free(markup);
}

void flow_draw(const struct sheet *sheet, const struct content_part *part, enum text_role role, struct box box)
{
    double y = box.y;
    for (size_t i = 0; i < part->body_count; i++) {
        const struct ready_block *block = part->body[i];
        double height = block_height(sheet, block, role, box.w), indent = indent_of(sheet, block);
        y += gap_before(sheet, part, i);
        if (block->block->kind == BLOCK_CODE)
            draw_code(sheet, block, (struct box){box.x, y, box.w, height});
        if (block->block->kind == BLOCK_ITEM)
            draw_marker(sheet, block, role, box.x, y);
        if (block->block->kind != BLOCK_CODE && block->text)
            sheet_draw(sheet, role, "P", block->text, box.x + indent, y, box.w - indent);
        y += height;
    }
}
