/* model.h - what a report says, in order: blocks that know nothing of Markdown or HTML.
 *
 * report_build (sections.h) fills it from records; one generator a format (markdown.c, html.c) writes it out. All words
 * are plain text: a generator escapes them. Out of memory is noted in `failed` and asked once, at the end. */
#ifndef REPORTS_MODEL_H
#define REPORTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>

enum report_block_kind {
    REPORT_HEADING, /* words, level */
    REPORT_ANSWER,  /* words: the one sentence that the report is about */
    REPORT_TEXT,    /* words */
    REPORT_WARNING, /* words: what a reader must know before believing the numbers */
    REPORT_COMMAND, /* words: a command line */
    REPORT_FACTS,   /* cells, two a row: name and words */
    REPORT_TABLE,   /* words: caption; columns, cells */
    REPORT_CHART    /* words: caption; script, alt. Formats without pictures leave it out: tables say the same */
};

enum report_column_kind { COLUMN_WORDS, COLUMN_NUMBER, COLUMN_CODE };

struct report_column {
    const char *title;
    enum report_column_kind kind;
};

struct report_block {
    enum report_block_kind kind;
    int level;
    char *words;
    const struct report_column *columns; /* static */
    size_t column_count;
    char **cells; /* row after row */
    size_t cell_count, cell_capacity;
    char *script; /* for gnuplot (chart.h) */
    char *alt;    /* what the picture shows, in words */
    bool tall;    /* takes the height of two others */
};

struct report {
    struct report_block *blocks;
    size_t count, capacity;
    bool failed; /* out of memory: incomplete */
};

/* One of the kinds that are words alone. */
void report_say(struct report *report, enum report_block_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void report_heading(struct report *report, int level, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Opens a table (or facts: `columns` of two); report_cell then fills it, row after row. `columns` must live on. */
void report_table(struct report *report, enum report_block_kind kind, const struct report_column *columns, size_t count,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
void report_cell(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes the three strings over; NULL counts as out of memory. */
void report_chart(struct report *report, char *script, char *caption, char *alt, bool tall);

size_t report_rows(const struct report_block *block);
void report_free(struct report *report);

#endif
