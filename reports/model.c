#include "reports/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct report_block *add(struct report *report, enum report_block_kind kind)
{
    if (report->count == report->capacity) {
        size_t capacity = report->capacity ? 2 * report->capacity : 32;
        struct report_block *blocks = realloc(report->blocks, capacity * sizeof *blocks);
        if (!blocks) {
            report->failed = true;
            return NULL;
        }
        report->blocks = blocks;
        report->capacity = capacity;
    }
    struct report_block *block = &report->blocks[report->count++];
    *block = (struct report_block){.kind = kind};
    return block;
}

static char *words_of(struct report *report, const char *format, va_list arguments)
{
    char *words = NULL;
    if (vasprintf(&words, format, arguments) < 0) {
        report->failed = true;
        return NULL;
    }
    return words;
}

void report_say(struct report *report, enum report_block_kind kind, const char *format, ...)
{
    struct report_block *block = add(report, kind);
    if (!block)
        return;
    va_list arguments;
    va_start(arguments, format);
    block->words = words_of(report, format, arguments);
    va_end(arguments);
}

void report_heading(struct report *report, int level, const char *format, ...)
{
    struct report_block *block = add(report, REPORT_HEADING);
    if (!block)
        return;
    va_list arguments;
    va_start(arguments, format);
    block->level = level;
    block->words = words_of(report, format, arguments);
    va_end(arguments);
}

void report_table(struct report *report, enum report_block_kind kind, const struct report_column *columns, size_t count,
                  const char *format, ...)
{
    struct report_block *block = add(report, kind);
    if (!block)
        return;
    va_list arguments;
    va_start(arguments, format);
    block->columns = columns;
    block->column_count = count;
    block->words = words_of(report, format, arguments);
    va_end(arguments);
}

void report_cell(struct report *report, const char *format, ...)
{
    struct report_block *block = report->count ? &report->blocks[report->count - 1] : NULL;
    if (report->failed || !block)
        return;
    if (block->cell_count == block->cell_capacity) {
        size_t capacity = block->cell_capacity ? 2 * block->cell_capacity : 32;
        char **cells = realloc(block->cells, capacity * sizeof *cells);
        if (!cells) {
            report->failed = true;
            return;
        }
        block->cells = cells;
        block->cell_capacity = capacity;
    }
    va_list arguments;
    va_start(arguments, format);
    char *words = words_of(report, format, arguments);
    va_end(arguments);
    if (words)
        block->cells[block->cell_count++] = words;
}

void report_chart(struct report *report, char *script, char *caption, char *alt, bool tall)
{
    struct report_block *block = script && caption && alt ? add(report, REPORT_CHART) : NULL;
    if (!block) {
        report->failed = true;
        free(script);
        free(caption);
        free(alt);
        return;
    }
    block->script = script;
    block->words = caption;
    block->alt = alt;
    block->tall = tall;
}

size_t report_rows(const struct report_block *block)
{
    return block->column_count ? block->cell_count / block->column_count : 0;
}

void report_free(struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        struct report_block *block = &report->blocks[i];
        for (size_t c = 0; c < block->cell_count; c++)
            free(block->cells[c]);
        free(block->cells);
        free(block->words);
        free(block->script);
        free(block->alt);
    }
    free(report->blocks);
    *report = (struct report){0};
}
