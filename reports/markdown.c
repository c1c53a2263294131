/* markdown.c - a report as GitHub's Markdown. Charts are left out: the tables say the same. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "reports/report.h"
#include "reports/sections.h"

/* Nothing in `words` may act as markup; a line break would end a row. */
static void add_words(struct text *out, const char *words)
{
    for (const char *at = words; at && *at; at++) {
        if (*at == '<')
            text_add(out, "&lt;");
        else if (*at == '>')
            text_add(out, "&gt;");
        else if (*at == '&')
            text_add(out, "&amp;");
        else if ((unsigned char)*at < ' ')
            text_add(out, " ");
        else if (strchr("\\`*_[]|#~$!", *at))
            text_format(out, "\\%c", *at);
        else
            text_add_bytes(out, at, 1);
    }
}

/* A code span whose fence is longer than any run of backticks inside. A bar is escaped even there: tables are cut
 * into cells first. */
static void add_code(struct text *out, const char *words)
{
    size_t longest = 0, run = 0;
    for (const char *at = words; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        text_add(out, "`");
    text_add(out, longest ? " " : "");
    for (const char *at = words; *at; at++)
        text_add_bytes(out, *at == '|' ? "\\|" : (unsigned char)*at < ' ' ? " " : at, *at == '|' ? 2 : 1);
    text_add(out, longest ? " " : "");
    for (size_t i = 0; i <= longest; i++)
        text_add(out, "`");
}

static void add_row(struct text *out, const struct report_block *block, char *const *cells)
{
    for (size_t c = 0; c < block->column_count; c++) {
        text_add(out, "| ");
        if (block->columns[c].kind == COLUMN_CODE && *cells[c])
            add_code(out, cells[c]);
        else
            add_words(out, cells[c]);
        text_add(out, " ");
    }
    text_add(out, "|\n");
}

static void add_table(struct text *out, const struct report_block *block)
{
    if (block->kind == REPORT_TABLE) {
        text_add(out, "**");
        add_words(out, block->words);
        text_add(out, "**\n\n");
    }
    for (size_t c = 0; c < block->column_count; c++)
        text_format(out, "| %s ", block->columns[c].title);
    text_add(out, "|\n");
    for (size_t c = 0; c < block->column_count; c++)
        text_add(out, block->columns[c].kind == COLUMN_NUMBER ? "| ---: " : "| --- ");
    text_add(out, "|\n");
    for (size_t r = 0; r < report_rows(block); r++)
        add_row(out, block, block->cells + r * block->column_count);
    text_add(out, "\n");
}

static void add_fenced(struct text *out, const char *words)
{
    /* Four spaces make a block of code that nothing inside can close. */
    text_add(out, "    ");
    for (const char *at = words; *at; at++)
        text_add_bytes(out, (unsigned char)*at < ' ' ? " " : at, 1);
    text_add(out, "\n\n");
}

static void add_block(struct text *out, const struct report_block *block)
{
    switch (block->kind) {
    case REPORT_HEADING:
        for (int i = 0; i < block->level; i++)
            text_add(out, "#");
        text_add(out, " ");
        break;
    case REPORT_ANSWER:
        text_add(out, "**");
        add_words(out, block->words);
        text_add(out, "**\n\n");
        return;
    case REPORT_WARNING:
        text_add(out, "> **Note.** ");
        break;
    case REPORT_TEXT:
        break;
    case REPORT_COMMAND:
        add_fenced(out, block->words);
        return;
    case REPORT_FACTS:
    case REPORT_TABLE:
        add_table(out, block);
        return;
    case REPORT_CHART:
        return;
    }
    add_words(out, block->words);
    text_add(out, "\n\n");
}

/* A heading over charts alone would stand over nothing here: no words before the next heading of its level. */
static bool empty_here(const struct report *report, size_t i)
{
    if (report->blocks[i].kind != REPORT_HEADING)
        return false;
    int level = report->blocks[i].level;
    for (i++; i < report->count; i++) {
        const struct report_block *block = &report->blocks[i];
        if (block->kind == REPORT_HEADING && block->level <= level)
            return true;
        if (block->kind != REPORT_HEADING && block->kind != REPORT_CHART)
            return false;
    }
    return true;
}

/* `built` is how making the report ended; the report is freed. */
static enum status write_out(struct report *report, enum status built, char **markdown, struct diags *diags)
{
    struct text out = {0};
    enum status status = built;
    for (size_t i = 0; status == STATUS_OK && i < report->count; i++)
        if (!empty_here(report, i))
            add_block(&out, &report->blocks[i]);
    report_free(report);
    *markdown = text_take(&out);
    if (status == STATUS_OK && !*markdown) {
        diags_error(diags, NULL, 0, NULL, "out of memory while the report was made");
        status = STATUS_NO_MEMORY;
    }
    return status;
}

enum status report_markdown_all(const struct record *const *records, size_t count, char **markdown, struct diags *diags)
{
    struct report report;
    enum status status = report_build(records, count, &report, diags);
    return write_out(&report, status, markdown, diags);
}

enum status report_changes_markdown(const struct changes *changes, char **markdown, struct diags *diags)
{
    struct report report;
    enum status status = report_build_changes(changes, &report, diags);
    return write_out(&report, status, markdown, diags);
}

enum status report_markdown(const struct record *record, const char *path, struct diags *diags)
{
    char *markdown;
    enum status status = report_markdown_all(&record, 1, &markdown, diags);
    if (status == STATUS_OK)
        status = file_write(path, markdown, strlen(markdown), diags);
    free(markdown);
    return status;
}
