#include "slides/dotted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/escape.h"

#define DOT        "\xc2\xb7"
#define SPACED_DOT "\xc2\xa0\xc2\xb7 "

/* A word, and the cheapest way to break the text so that a line ends behind it. */
struct word {
    const char *at;
    size_t length;
    double width;
    bool dotted; /* a dot stands before it */
    double cost;
    size_t line; /* the first word of that last line */
};

struct gaps {
    double space, dot; /* widths between two words */
};

static double width_of(struct paint *paint, const struct text_style *style, const char *plain, size_t length)
{
    struct text markup = {0};
    escape_markup(&markup, plain, length);
    double width = paint_text_size(paint, style, markup.bytes ? markup.bytes : "", -1).width;
    text_free(&markup);
    return width;
}

/* What lies between two letters, without the letters. */
static double gap_of(struct paint *paint, const struct text_style *style, const char *gap)
{
    char around[16] = "n";
    strcat(strcat(around, gap), "n");
    return width_of(paint, style, around, strlen(around)) - 2 * width_of(paint, style, "n", 1);
}

static size_t blank_at(const char *at)
{
    return *at == ' ' ? 1 : strncmp(at, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

/* The bytes of a dot with blanks on both sides; 0 where there is none. */
static size_t dot_at(const char *at)
{
    size_t before = blank_at(at);
    if (!before || strncmp(at + before, DOT, strlen(DOT)) != 0)
        return 0;
    size_t dot = before + strlen(DOT), after = blank_at(at + dot);
    return after ? dot + after : 0;
}

/* Words keep their no-break spaces. Returns how many. */
static size_t split(const char *plain, struct word *words)
{
    size_t count = 0;
    bool dotted = false;
    for (const char *at = plain; *at;) {
        size_t dot = dot_at(at), gap = dot ? dot : *at == ' ';
        if (gap) {
            dotted |= dot > 0;
            at += gap;
            continue;
        }
        struct word *word = &words[count++];
        *word = (struct word){.at = at, .dotted = dotted && count > 1};
        dotted = false;
        while (*at && *at != ' ' && !dot_at(at))
            at++;
        word->length = (size_t)(at - word->at);
    }
    return count;
}

/* Of one more line: lines weigh most, then broken parts ("; " ends one too), then how uneven the lines are. */
static double line_cost(const struct word *words, size_t first, double width, double room)
{
    enum { LINE = 10000, BROKEN_PART = 4 };
    bool whole = first == 0 || words[first].dotted || words[first - 1].at[words[first - 1].length - 1] == ';';
    double lines = fmax(1, ceil(width / room)), slack = fmax(0, 1 - width / room);
    return LINE * lines + (whole ? 0 : BROKEN_PART) + slack * slack;
}

static void find_lines(struct word *words, size_t count, struct gaps gaps, double room)
{
    for (size_t end = 0; end < count; end++) {
        double width = words[end].width;
        words[end].cost = INFINITY;
        for (size_t first = end;; first--) { /* a single word may be wider than a line */
            double before = first ? words[first - 1].cost : 0, cost = before + line_cost(words, first, width, room);
            if (cost < words[end].cost) {
                words[end].cost = cost;
                words[end].line = first;
            }
            if (first == 0)
                break;
            width += words[first - 1].width + (words[first].dotted ? gaps.dot : gaps.space);
            if (width > room)
                break;
        }
    }
}

static char *joined(const struct word *words, size_t count)
{
    struct text text = {0};
    bool *begins = calloc(count + 1, sizeof *begins);
    if (!begins)
        return NULL;
    for (size_t end = count; end > 0; end = words[end - 1].line)
        begins[words[end - 1].line] = true;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_add(&text, begins[i] ? "\n" : words[i].dotted ? SPACED_DOT : " ");
        text_add_bytes(&text, words[i].at, words[i].length);
    }
    free(begins);
    return text_take(&text);
}

char *dotted_broken(struct paint *paint, const struct text_style *style, const char *plain, double width)
{
    char *markup = escaped_markup(plain);
    bool as_it_is = !markup || !strstr(plain, DOT) || paint_text_size(paint, style, markup, width).lines < 2;
    free(markup);
    struct word *words = as_it_is ? NULL : calloc(strlen(plain) + 1, sizeof *words);
    if (!words)
        return as_it_is ? strdup(plain) : NULL;
    size_t count = split(plain, words);
    struct gaps gaps = {gap_of(paint, style, " "), gap_of(paint, style, SPACED_DOT)};
    for (size_t i = 0; i < count; i++)
        words[i].width = width_of(paint, style, words[i].at, words[i].length);
    find_lines(words, count, gaps, width - 1); /* less a pixel: letters may be drawn apart by a hair at a gap */
    char *broken = joined(words, count);
    free(words);
    return broken;
}
