#include "slides/code_block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/escape.h"
#include "slides/highlight.h"

enum { CODE_LINES = 14, CODE_COLUMNS = 50 };

/* A slide is read on a phone: more code than that cannot be. */
static void check_size(const struct sheet *sheet, const struct ready_block *block)
{
    int lines = 0, longest = 0;
    for (const char *at = block->block->body; at && *at; lines++) {
        int columns = 0;
        for (; *at && *at != '\n'; at++)
            columns += ((unsigned char)*at & 0xc0) != 0x80; /* characters, not bytes */
        longest = columns > longest ? columns : longest;
        at += *at == '\n';
    }
    if (lines > CODE_LINES || longest > CODE_COLUMNS)
        diags_error(sheet->paint->diags, sheet->paint->file, block->block->line,
                    "Show the lines that matter, or split the slide.",
                    "code of %d lines and %d columns; a slide has room for %d lines of %d", lines, longest, CODE_LINES,
                    CODE_COLUMNS);
}

static double padding(const struct sheet *sheet, enum text_role role)
{
    return sheet_px(sheet, role == TEXT_LISTING ? fmax(28, 40 * sheet->gap_scale) : 32);
}

/* What stands over the code; NULL: nothing, or no room for it. */
static const char *label_of(const struct sheet *sheet, const struct code_info *info, enum text_role role)
{
    if (role != TEXT_LISTING || sheet->gap_scale < 0.5)
        return NULL;
    return *info->title ? info->title : *info->language ? info->language : NULL;
}

static double label_height(const struct sheet *sheet, const struct code_info *info, enum text_role role)
{
    return label_of(sheet, info, role) ? sheet_px(sheet, 84) : 0;
}

/* So small that its longest line fits, but never below the floor: words on the slide keep their size. */
static struct text_style code_style(const struct sheet *sheet, const struct ready_block *block, enum text_role role,
                                    double width)
{
    struct text_style style = sheet_text(sheet, role);
    double natural = paint_text_size(sheet->paint, &style, block->code, -1).width;
    double room = width - 2 * padding(sheet, role);
    if (natural > room)
        style.size = fmax(sheet_floor(sheet, role), style.size * room / natural);
    return style;
}

double code_height(const struct sheet *sheet, const struct ready_block *block, enum text_role role, double width)
{
    struct code_info info = code_info_read(block->block->info);
    double code = 0;
    sheet->paint->line = block->block->line;
    check_size(sheet, block);
    if (block->code) {
        struct text_style style = code_style(sheet, block, role, width);
        code = paint_text_size(sheet->paint, &style, block->code, -1).height;
    }
    return code + 2 * padding(sheet, role) + label_height(sheet, &info, role);
}

static void draw_label(const struct sheet *sheet, const char *label, struct box box, double pad)
{
    struct text_style style = sheet_text(sheet, TEXT_SMALL);
    char *markup = escaped_markup(label);
    double base = box.y + sheet_px(sheet, 53), line = box.y + sheet_px(sheet, 84);
    style.face = FACE_MONO;
    style.weight = 500;
    if (markup) {
        struct text_size size = paint_text_baseline(sheet->paint, &style, markup, box.x + pad, base, -1);
        sheet_check_width(sheet, size.width, box.w - 2 * pad, "the code's title");
    }
    free(markup);
    paint_role(sheet->paint, ROLE_LINE);
    cairo_rectangle(sheet->paint->cairo, box.x, line - sheet_px(sheet, 2), box.w, sheet_px(sheet, 2));
    cairo_fill(sheet->paint->cairo);
}

static void draw_bars(const struct sheet *sheet, const struct code_info *info, int lines, double x, double y,
                      double line_height)
{
    paint_role(sheet->paint, ROLE_ACCENT);
    for (int line = 1; info->lines && line <= lines; line++)
        if (code_line_chosen(info, line))
            cairo_rectangle(sheet->paint->cairo, x, y + (line - 1) * line_height, sheet_px(sheet, 8), line_height);
    cairo_fill(sheet->paint->cairo);
}

void code_draw(const struct sheet *sheet, const struct ready_block *block, enum text_role role, struct box box)
{
    struct code_info info = code_info_read(block->block->info);
    double pad = padding(sheet, role), top = box.y + label_height(sheet, &info, role);
    enum role ground = sheet->paint->ground;
    sheet->paint->line = block->block->line;
    paint_fill_round(sheet->paint, box, sheet_px(sheet, 16), ROLE_SURFACE);
    if (!block->code)
        return;
    struct text_style style = code_style(sheet, block, role, box.w);
    sheet->paint->ground = ROLE_SURFACE;
    struct text_size size = paint_text_size(sheet->paint, &style, block->code, -1);
    if (label_of(sheet, &info, role))
        draw_label(sheet, label_of(sheet, &info, role), box, pad);
    draw_bars(sheet, &info, size.lines, box.x, top + pad, style.size * style.line_height);
    sheet_draw_as(sheet, role, &style, "Code", block->code, (struct box){box.x + pad, top + pad, -1, 0});
    sheet_check_width(sheet, size.width, box.w - 2 * pad, "a line of code");
    sheet->paint->ground = ground;
}
