#include "slides/thread/lines.h"

#include <stdlib.h>
#include <string.h>

static bool is_rule(struct slice words)
{
    size_t signs = 0;
    for (const char *at = words.at; at < slice_end(words); at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool sign = (c < 0x80 && strchr("-*_=~#", (int)c)) || c == 0x2014 || c == 0x2013 || c == 0x2500 ||
                    c == 0x2501 || c == 0x2042 || c == 0x2e3b || c == 0x2015;
        if (!sign && c != ' ')
            return false;
        signs += sign;
    }
    return signs >= 3 || (signs == 1 && words.length > 1);
}

/* The first handle of the line, or nothing. */
static struct slice handle_in(struct slice words, struct slice *before, struct slice *behind)
{
    struct slice rest = words, word;
    while ((word = next_word(&rest)).length > 0) {
        struct slice bare = word;
        while (bare.length > 0 && bare.at[0] == '(')
            bare = slice_tail(bare, bare.at + 1);
        while (bare.length > 0 && strchr("):", *(slice_end(bare) - 1)))
            bare.length--;
        if (!is_handle(bare))
            continue;
        *before = slice_trimmed(slice_to(words.at, word.at));
        *behind = slice_trimmed(slice_tail(words, slice_end(word)));
        return bare;
    }
    return (struct slice){NULL, 0};
}

static bool is_dots(struct slice words)
{
    for (const char *at = words.at; at < slice_end(words); at = g_utf8_next_char(at))
        if (g_unichar_isalnum(g_utf8_get_char(at)))
            return false;
    return true;
}

/* "Ada Example", no sentence. */
static bool is_name(struct slice words)
{
    gunichar last = slice_last(words);
    struct slice rest = words, word;
    int small = 0;
    while ((word = next_word(&rest)).length > 0)
        small += g_unichar_islower(slice_first(word)) || g_unichar_ispunct(slice_first(word));
    return words.length > 0 && slice_words(words) >= 1 && slice_words(words) <= 5 && words.length <= 60 &&
           small * 2 <= slice_words(words) && !(last < 0x80 && strchr(".!?:;,", (int)last)) &&
           !slice_has(words, "http");
}

/* "Name @handle · 3h", "@handle", "@handle · Aug 3". */
static bool is_author(struct slice words, bool may, struct slice *name, struct slice *handle)
{
    struct slice before = {NULL, 0}, behind = {NULL, 0};
    *handle = handle_in(words, &before, &behind);
    if (handle->length == 0)
        return false;
    *name = before;
    if (before.length > 0 && behind.length == 0 && !may) /* "Follow me @name" */
        return false;
    bool dated = is_dots(behind) || furniture_is_date(behind) || furniture_is_label(behind);
    return dated && (before.length == 0 || is_name(before));
}

/* Over a lone handle stands the name, when it stands there each time or the handle is the first. */
static void take_author(struct lines *lines, size_t at, struct slice name, struct slice handle)
{
    struct line *over = at > 0 ? &lines->items[at - 1] : NULL;
    if (name.length == 0 && over && over->role == LINE_WORDS && is_name(over->words)) {
        bool first = at < 2 || lines->items[at - 2].role != LINE_WORDS;
        if (first || (lines->person.length == over->words.length && lines->person.length > 0 &&
                      memcmp(lines->person.at, over->words.at, over->words.length) == 0)) {
            name = over->words;
            over->role = LINE_AUTHOR;
        }
    }
    lines->items[at].role = LINE_AUTHOR;
    if (lines->handle.length == 0) {
        lines->handle = handle;
        lines->person = name;
    }
}

static bool add_line(struct lines *lines, struct slice words, size_t *capacity)
{
    if (lines->count == *capacity) {
        size_t more = *capacity ? 2 * *capacity : 64;
        struct line *items = realloc(lines->items, more * sizeof *items);
        if (!items)
            return false;
        lines->items = items;
        *capacity = more;
    }
    struct slice bare = words;
    while (bare.length > 0 && is_space(slice_first(bare)))
        bare = slice_tail(bare, g_utf8_next_char(bare.at));
    while (bare.length > 0 && is_space(slice_last(bare)))
        bare.length = (size_t)(g_utf8_prev_char(slice_end(bare)) - bare.at);
    enum line_role role = slice_trimmed(bare).length == 0 ? LINE_BLANK : is_rule(bare) ? LINE_RULE : LINE_WORDS;
    lines->items[lines->count] = (struct line){bare, (int)lines->count + 1, role};
    lines->count++;
    return true;
}

static bool is_lone_number(const struct line *line)
{
    return line->role == LINE_WORDS && line->words.length <= 3 &&
           strspn(line->words.at, "0123456789") >= line->words.length;
}

/* Numbers by themselves are counts where two stand under each other, or beside other furniture. */
static void mark_lone_numbers(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i], *next = i + 1 < lines->count ? line + 1 : NULL;
        if (!is_lone_number(line))
            continue;
        bool beside = (i > 0 && line[-1].role == LINE_FURNITURE) ||
                      (next && (next->role == LINE_FURNITURE || is_lone_number(next)));
        if (beside)
            lines->items[i].role = LINE_FURNITURE;
    }
}

static void mark_furniture(struct lines *lines)
{
    bool first = true;
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        struct slice name, handle;
        if (line->role != LINE_WORDS)
            continue;
        bool may = first; /* a name and a handle with no date behind them: only over the first post */
        first = false;
        if (is_author(line->words, may, &name, &handle))
            take_author(lines, i, name, handle);
        else if (furniture_is_label(line->words) || furniture_is_date(line->words) || furniture_is_count(line->words) ||
                 slice_starts(line->words, "replying to @") || is_dots(line->words))
            line->role = LINE_FURNITURE;
    }
    mark_lone_numbers(lines);
    panels_mark(lines);
}

bool lines_read(const char *text, bool keep, struct lines *lines, struct findings *findings)
{
    size_t capacity = 0;
    *lines = (struct lines){0};
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, "\n");
        if (!add_line(lines, (struct slice){at, length}, &capacity))
            return false;
        at += length + (at[length] == '\n');
    }
    if (!keep)
        mark_furniture(lines);
    for (size_t i = 0; i < lines->count; i++)
        if (lines->items[i].role == LINE_FURNITURE || lines->items[i].role == LINE_AUTHOR)
            findings_add(findings, FINDING_FURNITURE, lines->items[i].number, 1, lines->items[i].words);
    return true;
}

void lines_free(struct lines *lines)
{
    free(lines->items);
    *lines = (struct lines){0};
}
