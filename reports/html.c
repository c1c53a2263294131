/* html.c - a report as one self-contained page: the style inside, charts as inline SVG, no script. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "harness/data_path.h"
#include "reports/chart.h"
#include "reports/gnuplot.h"
#include "reports/html_text.h"
#include "reports/report.h"
#include "reports/sections.h"

enum { STYLE_LIMIT = 1 << 20 };

/* The page so far. */
struct page {
    struct text out;
    struct gnuplot *gnuplot; /* NULL until the first chart */
    struct diags *diags;
    int tables, charts, sections;
    bool in_section, in_charts;
};

static void close_charts(struct page *page)
{
    if (page->in_charts)
        text_add(&page->out, "</div>\n");
    page->in_charts = false;
}

static void close_section(struct page *page)
{
    close_charts(page);
    if (page->in_section)
        text_add(&page->out, "</section>\n");
    page->in_section = false;
}

static void add_element(struct page *page, const char *open, const char *words, const char *close)
{
    text_add(&page->out, open);
    html_words(&page->out, words);
    text_add(&page->out, close);
}

static void add_heading(struct page *page, const struct report_block *block)
{
    close_section(page);
    int id = ++page->sections;
    text_format(&page->out, "<section aria-labelledby=\"s%d\">\n<h%d id=\"s%d\">", id, block->level, id);
    html_words(&page->out, block->words);
    text_format(&page->out, "</h%d>\n", block->level);
    page->in_section = true;
}

static void add_facts(struct page *page, const struct report_block *block)
{
    text_add(&page->out, "<dl>\n");
    for (size_t r = 0; r < report_rows(block); r++) {
        add_element(page, "<div><dt>", block->cells[2 * r], "</dt>");
        add_element(page, "<dd>", block->cells[2 * r + 1], "</dd></div>\n");
    }
    text_add(&page->out, "</dl>\n");
}

static void add_row(struct page *page, const struct report_block *block, char *const *cells)
{
    text_add(&page->out, "<tr>");
    for (size_t c = 0; c < block->column_count; c++) {
        bool code = block->columns[c].kind == COLUMN_CODE;
        const char *style = block->columns[c].kind == COLUMN_NUMBER ? " class=\"number\"" : "";
        text_format(&page->out, c == 0 ? "<th scope=\"row\"%s>" : "<td%s>", style);
        add_element(page, code ? "<code>" : "", cells[c], code ? "</code>" : "");
        text_add(&page->out, c == 0 ? "</th>" : "</td>");
    }
    text_add(&page->out, "</tr>\n");
}

/* Wide tables scroll in a box of their own, which the keyboard reaches as well. */
static void add_table(struct page *page, const struct report_block *block)
{
    int id = ++page->tables;
    text_format(&page->out,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"t%d\">\n<table>\n"
                "<caption><span id=\"t%d\">",
                id, id);
    html_words(&page->out, block->words);
    text_add(&page->out, "</span></caption>\n<thead><tr>");
    for (size_t c = 0; c < block->column_count; c++) {
        text_format(&page->out, "<th scope=\"col\"%s>",
                    block->columns[c].kind == COLUMN_NUMBER ? " class=\"number\"" : "");
        add_element(page, "", block->columns[c].title, "</th>");
    }
    text_add(&page->out, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < report_rows(block); r++)
        add_row(page, block, block->cells + r * block->column_count);
    text_add(&page->out, "</tbody>\n</table>\n</div>\n");
}

static enum status add_chart(struct page *page, const struct report_block *block)
{
    char *plain = NULL, *svg = NULL, id[32];
    size_t length;
    enum status status = page->gnuplot ? STATUS_OK : gnuplot_open(&page->gnuplot, page->diags);
    if (status == STATUS_OK)
        status = gnuplot_svg(page->gnuplot, block->script, &plain, &length, page->diags);
    if (status != STATUS_OK)
        return status;
    snprintf(id, sizeof id, "c%d", ++page->charts);
    svg = chart_svg(plain, id, block->words, block->alt);
    if (!page->in_charts)
        text_add(&page->out, "<div class=\"charts\">\n");
    page->in_charts = true;
    text_add(&page->out, block->tall ? "<figure class=\"tall\">\n" : "<figure>\n");
    text_add(&page->out, svg ? svg : "");
    add_element(page, "<figcaption>", block->words, "</figcaption>\n</figure>\n");
    page->out.failed |= !svg;
    free(plain);
    free(svg);
    return STATUS_OK;
}

static enum status add_block(struct page *page, const struct report_block *block)
{
    if (block->kind != REPORT_CHART)
        close_charts(page);
    switch (block->kind) {
    case REPORT_HEADING:
        add_heading(page, block);
        break;
    case REPORT_ANSWER:
        add_element(page, "<p class=\"answer\">", block->words, "</p>\n");
        break;
    case REPORT_TEXT:
        add_element(page, "<p>", block->words, "</p>\n");
        break;
    case REPORT_WARNING:
        add_element(page, "<p class=\"warning\" role=\"note\">", block->words, "</p>\n");
        break;
    case REPORT_COMMAND:
        add_element(page, "<pre tabindex=\"0\"><code>", block->words, "</code></pre>\n");
        break;
    case REPORT_FACTS:
        add_facts(page, block);
        break;
    case REPORT_TABLE:
        add_table(page, block);
        break;
    case REPORT_CHART:
        return add_chart(page, block);
    }
    return STATUS_OK;
}

static enum status add_head(struct page *page, const struct report *report)
{
    char *path = data_path("reports/report.css"), *style = NULL;
    size_t length;
    enum status status = path ? file_read(path, STYLE_LIMIT, &style, &length, page->diags) : STATUS_NO_MEMORY;
    text_add(&page->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    html_words(&page->out, report->count ? report->blocks[0].words : "");
    text_add(&page->out, "</title>\n<style>\n");
    text_add(&page->out, style ? style : "");
    text_add(&page->out, "</style>\n</head>\n<body>\n<main>\n<p class=\"brand\">flashdeck report</p>\n");
    free(style);
    free(path);
    return status;
}

/* `built` is how making the report ended; the report is freed. */
static enum status write_out(struct report *report, enum status built, char **html, struct diags *diags)
{
    struct page page = {.diags = diags};
    enum status status = built;
    if (status == STATUS_OK)
        status = add_head(&page, report);
    for (size_t i = 0; status == STATUS_OK && i < report->count; i++)
        status = add_block(&page, &report->blocks[i]);
    close_section(&page);
    text_add(&page.out, "</main>\n</body>\n</html>\n");
    gnuplot_close(page.gnuplot);
    report_free(report);
    *html = text_take(&page.out);
    if (status == STATUS_OK && !*html) {
        diags_error(diags, NULL, 0, NULL, "out of memory while the report was made");
        status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        free(*html);
        *html = NULL;
    }
    return status;
}

enum status report_html_all(const struct record *const *records, size_t count, char **html, struct diags *diags)
{
    struct report report;
    enum status status = report_build(records, count, &report, diags);
    return write_out(&report, status, html, diags);
}

enum status report_changes_html(const struct changes *changes, char **html, struct diags *diags)
{
    struct report report;
    enum status status = report_build_changes(changes, &report, diags);
    return write_out(&report, status, html, diags);
}

enum status report_html(const struct record *record, const char *path, struct diags *diags)
{
    char *html;
    enum status status = report_html_all(&record, 1, &html, diags);
    if (status == STATUS_OK)
        status = file_write(path, html, strlen(html), diags);
    free(html);
    return status;
}
