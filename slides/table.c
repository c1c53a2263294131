#include "slides/table.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 44, PAD = 24, PAD_MOST = 40 };

/* One column: its natural width, the width that it gets, and where numbers have their points. */
struct column {
    bool numbers;
    char align; /* l, c, r or - */
    double x, width, natural, point, head;
};

struct table {
    char *text; /* owned copy, cut into cells */
    const char *cells[TABLE_ROWS][TABLE_COLUMNS];
    bool strong[TABLE_ROWS];
    double heights[TABLE_ROWS];
    struct column columns[TABLE_COLUMNS];
    size_t rows, column_count;
    bool too_large, mirrored;
    bool headless; /* nothing stands in its head */
};

static void cut(struct table *table, const char *text)
{
    table->text = strdup(text);
    for (char *row = table->text; row && *row;) {
        char *end = row + strcspn(row, "\n"), *next = *end ? end + 1 : end;
        *end = '\0';
        table->too_large |= table->rows == TABLE_ROWS;
        for (size_t column = 0; *row && !table->too_large; column++) {
            char *stop = row + strcspn(row, "\t");
            table->too_large |= column >= TABLE_COLUMNS;
            if (!table->too_large)
                table->cells[table->rows][column] = row;
            table->column_count = column + 1 > table->column_count ? column + 1 : table->column_count;
            row = *stop ? stop + 1 : stop;
            *stop = '\0';
        }
        table->rows += !table->too_large;
        row = next;
    }
    if (table->too_large)
        table->column_count = table->rows = 0;
}

static const char *cell(const struct table *table, size_t row, size_t column)
{
    return table->cells[row][column] ? table->cells[row][column] : "";
}

/* Begins with a figure, perhaps behind a sign or "about"; what follows it is its unit. */
static bool is_number(const char *markup)
{
    static const char *const before[] = {
        "+", "-", "\xe2\x88\x92", "\xc2\xb1", "~", "\xe2\x89\x88", "&lt;", "&gt;", "$", "\xe2\x82\xac", "\xc2\xa0",
        " ", "."};
    while (*markup && !isdigit((unsigned char)*markup)) {
        size_t step = *markup == '<' ? strcspn(markup, ">") + 1 : 0;
        for (size_t i = 0; i < sizeof before / sizeof before[0] && step == 0; i++)
            step = strncmp(markup, before[i], strlen(before[i])) == 0 ? strlen(before[i]) : 0;
        if (step == 0)
            return false;
        markup += step;
    }
    return *markup != '\0';
}

/* A dash says that there is no number. */
static bool is_nothing(const char *markup)
{
    return strspn(markup, " -") == strlen(markup) || strcmp(markup, "\xe2\x80\x93") == 0 ||
           strcmp(markup, "\xe2\x80\x94") == 0;
}

static bool holds_numbers(const struct table *table, size_t column)
{
    bool any = false;
    for (size_t row = 1; row < table->rows; row++) {
        if (is_nothing(cell(table, row, column)))
            continue;
        if (!is_number(cell(table, row, column)))
            return false;
        any = true;
    }
    return any;
}

static bool is_strong(const char *markup)
{
    size_t length = strlen(markup);
    return length > 7 && strncmp(markup, "<b>", 3) == 0 && strcmp(markup + length - 4, "</b>") == 0;
}

static struct text_style style_of(const struct sheet *sheet, const struct table *table, size_t row)
{
    struct text_style style = sheet_text(sheet, row == 0 ? TEXT_COLUMN : TEXT_CELL);
    style.tabular = true;
    if (row > 0 && table->strong[row]) {
        style.role = ROLE_ACCENT;
        style.weight = 600;
    }
    return style;
}

/* What a column would like: its widest cell, or for numbers what lies before and behind the points. */
static void measure_column(const struct sheet *sheet, struct table *table, size_t c)
{
    struct column *column = &table->columns[c];
    double behind = 0;
    for (size_t row = 0; row < table->rows; row++) {
        struct text_style style = style_of(sheet, table, row);
        double width = paint_text_size(sheet->paint, &style, cell(table, row, c), -1).width, point = width;
        if (row == 0)
            column->head = width;
        if (row == 0 || !column->numbers || is_nothing(cell(table, row, c))) {
            column->natural = fmax(column->natural, width);
            continue;
        }
        point = paint_text_point(sheet->paint, &style, cell(table, row, c));
        column->point = fmax(column->point, point);
        behind = fmax(behind, width - point);
    }
    column->natural = fmax(column->natural, column->point + behind);
    column->point += column->natural - column->point - behind; /* numbers end where the column does */
}

/* Columns of words that like more than an equal share of the room get that share; the others what they like. */
static double equal_share(const struct table *table, double room)
{
    double share = 0;
    for (size_t round = 0; round <= table->column_count; round++) {
        double left = room;
        size_t over = 0;
        for (size_t c = 0; c < table->column_count; c++) {
            const struct column *column = &table->columns[c];
            if (column->numbers)
                continue;
            if (column->natural > share)
                over++;
            else
                left -= column->natural;
        }
        if (over == 0)
            break;
        share = fmax(share, left / (double)over);
    }
    return share;
}

/* Numbers get what they like; words share what is left, and what nobody needs stands between the columns. */
static void share_width(const struct sheet *sheet, struct table *table, double width)
{
    double gap = sheet_px(sheet, GAP), numbers = 0, used = 0, x = 0;
    size_t count = table->column_count;
    for (size_t c = 0; c < count; c++)
        numbers += table->columns[c].numbers ? table->columns[c].natural : 0;
    double share = equal_share(table, width - numbers - gap * (double)(count - 1));
    for (size_t c = 0; c < count; c++) {
        struct column *column = &table->columns[c];
        column->width = column->numbers ? column->natural : fmin(column->natural, share);
        used += column->width;
    }
    if (count > 1)
        gap += fmax(0, (width - used - gap * (double)(count - 1)) / (double)(count - 1));
    for (size_t c = 0; c < count; c++) {
        table->columns[c].x = x;
        x += table->columns[c].width + gap;
    }
}

static void measure_rows(const struct sheet *sheet, struct table *table)
{
    for (size_t row = 0; row < table->rows; row++)
        for (size_t c = 0; c < table->column_count; c++) {
            struct text_style style = style_of(sheet, table, row);
            double width = table->columns[c].numbers ? -1 : table->columns[c].width + 1;
            double height = paint_text_size(sheet->paint, &style, cell(table, row, c), width).height;
            table->heights[row] = fmax(table->heights[row], height);
        }
}

static struct table lay_out(const struct sheet *sheet, const struct ready_block *block, double width)
{
    struct table table = {0};
    const char *align = block->block->info ? block->block->info : "";
    sheet->paint->line = block->block->line;
    cut(&table, block->text ? block->text : "");
    table.headless = table.rows > 1;
    for (size_t c = 0; c < table.column_count; c++)
        table.headless &= !*cell(&table, 0, c);
    for (size_t row = 1; row < table.rows; row++)
        table.strong[row] = is_strong(cell(&table, row, 0));
    for (size_t c = 0; c < table.column_count; c++) {
        table.columns[c].align = c < strlen(align) ? align[c] : '-';
        table.columns[c].numbers =
            table.columns[c].align == '-' || table.columns[c].align == 'r' ? holds_numbers(&table, c) : false;
        measure_column(sheet, &table, c);
    }
    if (table.column_count > 0) {
        table.mirrored = paint_right_to_left(sheet->paint, cell(&table, 0, 0));
        share_width(sheet, &table, width);
        measure_rows(sheet, &table);
    }
    return table;
}

static double pad(const struct sheet *sheet)
{
    return sheet_px(sheet, fmax(14, PAD * sheet->gap_scale));
}

static double height_of(const struct table *table, double space)
{
    double height = 0;
    for (size_t row = table->headless; row < table->rows; row++)
        height += table->heights[row] + 2 * space;
    return table->rows ? height - space : 0; /* none over the head */
}

double table_height(const struct sheet *sheet, const struct ready_block *block, double width)
{
    struct table table = lay_out(sheet, block, width);
    double height = height_of(&table, pad(sheet));
    free(table.text);
    return height;
}

double table_most(const struct sheet *sheet, const struct ready_block *block, double width)
{
    struct table table = lay_out(sheet, block, width);
    double height = height_of(&table, fmax(pad(sheet), sheet_px(sheet, PAD_MOST)));
    free(table.text);
    return height;
}

static void draw_cell(const struct sheet *sheet, const struct table *table, size_t row, size_t c, struct box box)
{
    const struct column *column = &table->columns[c];
    struct text_style style = style_of(sheet, table, row);
    const char *markup = cell(table, row, c);
    double x = box.x + (table->mirrored ? box.w - column->x - column->width : column->x);
    bool number = column->numbers && row > 0 && !is_nothing(markup);
    if (!*markup)
        return;
    sheet->paint->slot = row == 0 ? "column's head" : "cell";
    if (number) {
        x += column->point - paint_text_point(sheet->paint, &style, markup);
        paint_text(sheet->paint, &style, markup, x, box.y, -1);
        return;
    }
    style.align = column->numbers || column->align == 'r' ? ALIGN_RIGHT
                  : column->align == 'c'                  ? ALIGN_CENTER
                                                          : ALIGN_LEFT;
    if (row > 0 && is_nothing(markup)) {
        style.role = ROLE_MUTED;
        markup = "\xe2\x80\x93";
    }
    double width = column->width + 1;
    sheet_check_width(sheet, paint_text(sheet->paint, &style, markup, x, box.y, width).width, width, "a table's cell");
}

void table_draw(const struct sheet *sheet, const struct ready_block *block, struct box box)
{
    struct table table = lay_out(sheet, block, box.w);
    size_t last = table.column_count - 1;
    double space = pad(sheet), natural = height_of(&table, space), y = box.y;
    if (table.too_large)
        diags_error(sheet->paint->diags, sheet->paint->file, block->block->line,
                    "Show the rows that matter, or split the table.",
                    "a table has at most %d columns and, with its head, %d rows on a slide", TABLE_COLUMNS, TABLE_ROWS);
    if (table.rows > 0 && box.h > natural)
        space += fmin((box.h - natural) / (2 * (double)table.rows - 1), sheet_px(sheet, PAD_MOST) - space);
    paint_tag_begin(sheet->paint, "Table", NULL);
    for (size_t row = table.headless; row < table.rows; row++) {
        if (row > table.headless)
            paint_rule(sheet->paint, box.x, y, box.w, row == 1 ? ROLE_MUTED : ROLE_LINE);
        y += row > table.headless ? space : 0;
        paint_tag_begin(sheet->paint, "TR", NULL);
        for (size_t c = 0; c < table.column_count; c++) {
            paint_tag_begin(sheet->paint, row == 0 ? "TH" : "TD", NULL);
            draw_cell(sheet, &table, row, c, (struct box){box.x, y, box.w, table.heights[row]});
            paint_tag_end(sheet->paint, row == 0 ? "TH" : "TD");
        }
        paint_tag_end(sheet->paint, "TR");
        y += table.heights[row] + space;
    }
    paint_tag_end(sheet->paint, "Table");
    if (table.column_count > 0)
        sheet_check_width(sheet, table.columns[last].x + table.columns[last].width, box.w, "a table");
    sheet->paint->slot = NULL;
    free(table.text);
}
