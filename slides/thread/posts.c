#include "slides/thread/posts.h"

#include <stdlib.h>

#include "slides/thread/numbering.h"

/* Cuts the numbers off; marks[i]: a post begins with line i. */
static bool by_numbers(struct lines *lines, bool *marks, struct findings *findings)
{
    size_t count;
    struct numbered *numbered = numbering_find(lines, &count);
    for (size_t i = 0; i < count; i++) {
        struct line *line = &lines->items[numbered[i].line];
        findings_add(findings, FINDING_NUMBERING, line->number, 1, line->words);
        line->words = numbered[i].words;
        line->role = line->words.length ? LINE_WORDS : LINE_BLANK;
        marks[numbered[i].line + numbered[i].ends] = true;
    }
    free(numbered);
    return count > 0;
}

static bool by_role(const struct lines *lines, enum line_role role, size_t least, bool *marks)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->items[i].role == role) {
            marks[i] = true;
            count++;
        }
    for (size_t i = 0; i < lines->count && count < least; i++)
        marks[i] = false;
    return count >= least;
}

static void by_blanks(const struct lines *lines, bool *marks)
{
    for (size_t i = 1; i < lines->count; i++)
        marks[i] = lines->items[i].role == LINE_WORDS && lines->items[i - 1].role != LINE_WORDS;
}

static bool has_words(const struct lines *lines, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (lines->items[i].role == LINE_WORDS)
            return true;
    return false;
}

bool posts_read(struct lines *lines, struct posts *posts, struct findings *findings)
{
    bool *marks = calloc(lines->count + 2, sizeof *marks);
    *posts = (struct posts){.items = calloc(lines->count + 1, sizeof *posts->items)};
    if (!marks || !posts->items) {
        free(marks);
        return false;
    }
    posts->manner = by_numbers(lines, marks, findings)      ? "numbers"
                    : by_role(lines, LINE_RULE, 1, marks)   ? "rules"
                    : by_role(lines, LINE_AUTHOR, 2, marks) ? "names"
                                                            : "blank lines";
    if (posts->manner[0] == 'b')
        by_blanks(lines, marks);
    size_t from = 0;
    for (size_t i = 1; i <= lines->count; i++) {
        if (i < lines->count && !marks[i])
            continue;
        if (has_words(lines, from, i))
            posts->items[posts->count++] = (struct post){from, i};
        from = i;
    }
    free(marks);
    return true;
}

void posts_free(struct posts *posts)
{
    free(posts->items);
    *posts = (struct posts){0};
}
