/* lines.h - a thread by lines: which are words, which are blank, which belong to the page around it. */
#ifndef SLIDES_THREAD_LINES_H
#define SLIDES_THREAD_LINES_H

#include "slides/thread/finding.h"

enum line_role {
    LINE_WORDS,
    LINE_BLANK,
    LINE_RULE,     /* ---, ***, ... between posts */
    LINE_AUTHOR,   /* name, handle, or both, over a post */
    LINE_FURNITURE /* dates, counts, buttons, panels */
};

struct line {
    struct slice words; /* without blanks at either end */
    int number;         /* 1-based */
    enum line_role role;
};

struct lines {
    struct line *items; /* owned; words point into the text */
    size_t count;
    struct slice person, handle; /* of the author; empty: not named */
};

/* Every line with its role. `keep`: nothing is furniture. Returns false when out of memory. */
bool lines_read(const char *text, bool keep, struct lines *lines, struct findings *findings);
void lines_free(struct lines *lines);

/* For lines_read, one kind of furniture each (furniture.c, panels.c). */
bool furniture_is_label(struct slice words); /* a button's: "Show more" */
bool furniture_is_date(struct slice words);  /* "10:32 AM · Aug 23, 2025 · 12.3K Views", "3h" */
bool furniture_is_count(struct slice words); /* "1.2K", "12 Retweets 3 Quotes" */
/* Headings and hints of a page's panels: runs of short lines without sentences before or after all posts. */
void panels_mark(struct lines *lines);

#endif
