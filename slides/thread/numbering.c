#include "slides/thread/numbering.h"

#include <stdlib.h>
#include <string.h>

/* "1/" "2/10", "(3/10)" "[4/10]", "Post 5", "6." on a line of its own block, "7" on a line of its own; at the end of a
 * post "8/10" or "(9/10)". */
enum form { FORM_SLASH, FORM_BRACKET, FORM_WORD, FORM_LONE, FORM_DOT, FORM_END, FORMS };

static const char *digits(const char *at, const char *end, int *number)
{
    const char *from = at;
    *number = 0;
    while (at < end && g_ascii_isdigit(*at) && at - from < 3)
        *number = 10 * *number + (*at++ - '0');
    return at > from ? at : NULL;
}

static bool breaks(const char *at, const char *end)
{
    return at >= end || is_space(g_utf8_get_char(at));
}

/* "3/" or "3/10" or "3/n" from `at`; NULL: no. */
static const char *slashed(const char *at, const char *end, int *number)
{
    int whole;
    const char *next = digits(at, end, number);
    if (!next || next >= end || *next != '/')
        return NULL;
    next++;
    const char *behind = digits(next, end, &whole);
    if (behind)
        return whole >= *number && whole > 1 ? behind : NULL;
    return next < end && (*next == 'n' || *next == 'N' || *next == 'x') ? next + 1 : next;
}

static const char *bracketed(const char *at, const char *end, int *number)
{
    char close = *at == '(' ? ')' : *at == '[' ? ']' : '\0';
    if (!close || at >= end)
        return NULL;
    const char *next = slashed(at + 1, end, number);
    return next && next < end && *next == close ? next + 1 : NULL;
}

/* "Post 3", "Tweet 3:", "Part 3 of 9". */
static const char *worded(struct slice words, int *number)
{
    static const char *const names[] = {"post", "tweet", "part", "slide", "thread"};
    struct slice rest = words, word = next_word(&rest), count = next_word(&rest);
    bool named = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        named |= slice_is(word, names[i]);
    const char *next = named && count.length ? digits(count.at, slice_end(count), number) : NULL;
    if (!next)
        return NULL;
    next += next < slice_end(count) && strchr(":.)/", *next);
    if (next != slice_end(count))
        return NULL;
    struct slice peek = rest, of = next_word(&peek), whole = next_word(&peek);
    int ignored;
    return slice_is(of, "of") && whole.length && digits(whole.at, slice_end(whole), &ignored) ? slice_end(whole) : next;
}

/* The number of a line in one form, and the line without it. */
static bool read_form(const struct lines *lines, size_t i, enum form form, int *number, struct slice *words)
{
    const struct line *line = &lines->items[i];
    const char *at = line->words.at, *end = slice_end(line->words), *next = NULL;
    bool opens = i == 0 || lines->items[i - 1].role != LINE_WORDS;
    if (line->words.length == 0)
        return false;
    if (form == FORM_SLASH && (next = slashed(at, end, number)) && !breaks(next, end) && *next != '.' && *next != ':')
        next = NULL;
    if (form == FORM_BRACKET && (next = bracketed(at, end, number)) && !breaks(next, end))
        next = NULL;
    if (form == FORM_WORD)
        next = worded(line->words, number);
    if (form == FORM_LONE && (next = digits(at, end, number)) && next != end)
        next = NULL;
    if (form == FORM_DOT && opens && (next = digits(at, end, number)))
        next = next < end && strchr(".)", *next) && breaks(next + 1, end) ? next + 1 : NULL;
    if (form == FORM_END) {
        const char *last = end;
        while (last > at && !is_space((unsigned char)last[-1]))
            last--;
        next = slashed(last, end, number);
        next = next ? next : bracketed(last, end, number);
        bool closes = i + 1 >= lines->count || lines->items[i + 1].role != LINE_WORDS;
        if (next != end || last == at || !closes)
            return false;
        *words = slice_trimmed(slice_to(at, last));
        return true;
    }
    if (!next)
        return false;
    next += next < end && strchr(".:", *next) ? 1 : 0;
    *words = slice_trimmed(slice_to(next, end));
    return true;
}

static size_t blocks_of(const struct lines *lines)
{
    size_t blocks = 0;
    for (size_t i = 0; i < lines->count; i++)
        blocks += lines->items[i].role == LINE_WORDS && (i == 0 || lines->items[i - 1].role != LINE_WORDS);
    return blocks;
}

/* Lines of the form whose numbers count up from 0, 1 or 2. */
static size_t chain(const struct lines *lines, enum form form, struct numbered *found)
{
    size_t count = 0;
    int expected = -1;
    for (size_t i = 0; i < lines->count; i++) {
        struct slice words;
        int number;
        /* A lone number is furniture to whoever does not know that it counts on. */
        bool may = lines->items[i].role == LINE_WORDS || (form == FORM_LONE && lines->items[i].role == LINE_FURNITURE);
        if (!may || !read_form(lines, i, form, &number, &words))
            continue;
        if (expected < 0 ? number > 2 : number != expected)
            continue;
        expected = number + 1;
        found[count++] = (struct numbered){i, words, form == FORM_END};
    }
    return count;
}

/* Sections of a thread are numbered with dots too: only numbers over nearly every block are those of posts. */
static bool is_enough(enum form form, size_t count, size_t blocks)
{
    if (form == FORM_DOT)
        return count >= 3 && count * 10 >= blocks * 7;
    return count >= (form == FORM_LONE ? 3 : 2);
}

struct numbered *numbering_find(const struct lines *lines, size_t *count)
{
    struct numbered *best = NULL;
    size_t blocks = blocks_of(lines);
    *count = 0;
    for (int form = 0; form < FORMS; form++) {
        struct numbered *found = calloc(lines->count + 1, sizeof *found);
        size_t length = found ? chain(lines, (enum form)form, found) : 0;
        if (length > *count && is_enough((enum form)form, length, blocks)) {
            free(best);
            best = found;
            *count = length;
        } else {
            free(found);
        }
    }
    return best;
}
