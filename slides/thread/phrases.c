#include "slides/thread/phrases.h"
#include "slides/thread/items.h"

#include <stdlib.h>
#include <string.h>

#include "slides/thread/sentence.h"

enum { WRAPPED = 50, TITLE_WORDS = 8, SHORT_LINE = 8 };

/* A mark of an item at the begin of a line: "- ", "3. ". NULL: none. *number 0 for the first. */
static const char *marker_end(struct slice line, int *number)
{
    static const char *const signs = "-*+";
    gunichar c = slice_first(line);
    const char *next = line.length ? g_utf8_next_char(line.at) : line.at, *end = slice_end(line);
    bool sign = (c < 0x80 && c && strchr(signs, (int)c)) || c == 0x2022 || c == 0x2013 || c == 0x2014 || c == 0x25aa ||
                c == 0x2023 || c == 0x25e6 || c == 0x25cf || c == 0x25cb || c == 0x25ba || c == 0x2192 || c == 0x27a1 ||
                c == 0x2713 || c == 0x2714 || c == 0x2717 || c == 0x2718 || c == 0xb7;
    *number = 0;
    if (c == MARK_BULLET)
        return next;
    if (sign && next < end && *next == ' ')
        return next;
    size_t digits = strspn(line.at, "0123456789");
    if (digits == 0 || digits > 2 || digits + 1 >= line.length || !strchr(".)", line.at[digits]) ||
        line.at[digits + 1] != ' ')
        return NULL;
    *number = atoi(line.at);
    return line.at + digits + 1;
}

/* A line that an editor broke: the next one goes on with it. */
static bool goes_on(const struct line *line, const struct line *next)
{
    int number;
    gunichar stop = sentence_stop(line->words), first = slice_first(next->words);
    if (next->role != LINE_WORDS || line->words.length < WRAPPED || marker_end(next->words, &number))
        return false;
    return !is_stop(stop) && stop != ':' && (g_unichar_islower(first) || line->words.length <= 100);
}

/* One line of the author's, of one or several of the text's. */
struct whole_line {
    struct slice text, words; /* words: behind the marker */
    int line, number;         /* number -1: no item */
    bool opens;
};

static size_t read_line(const struct lines *lines, const struct post *post, size_t at, struct whole_line *whole)
{
    size_t last = at;
    while (last + 1 < post->to && goes_on(&lines->items[last], &lines->items[last + 1]))
        last++;
    *whole = (struct whole_line){.text = slice_to(lines->items[at].words.at, slice_end(lines->items[last].words)),
                                 .line = lines->items[at].number,
                                 .number = -1,
                                 .opens = at == post->from || lines->items[at - 1].role != LINE_WORDS};
    const char *behind = marker_end(whole->text, &whole->number);
    whole->number = behind ? whole->number : -1;
    whole->words = slice_trimmed(behind ? slice_tail(whole->text, behind) : whole->text);
    return last + 1;
}

/* A number by itself heads a section, neighbours that count on make a list. */
static bool is_item(const struct whole_line *all, size_t count, size_t i)
{
    if (all[i].number <= 0)
        return all[i].number == 0;
    bool before = i > 0 && all[i - 1].number == all[i].number - 1 && all[i - 1].number > 0;
    return before || (i + 1 < count && all[i + 1].number == all[i].number + 1);
}

/* "1) Sparse Attention It limits": where the sentence begins. The whole when it is short and no sentence. */
static const char *title_end(struct slice text, struct slice words)
{
    struct slice rest = words, word;
    const char *last = NULL;
    int capitals = 0;
    if (slice_words(words) <= TITLE_WORDS && !is_stop(sentence_stop(words)) && slice_last(words) != ':')
        return slice_end(text);
    while ((word = next_word(&rest)).length > 0) {
        gunichar first = slice_first(word);
        if (capitals > 0 && is_starter(word) && is_capitalised(word))
            return word.at;
        if (!g_unichar_isupper(first) && !g_unichar_isdigit(first))
            break;
        if (is_stop(slice_last(word)) || slice_last(word) == ':') /* a sentence or a label ends here */
            return capitals < TITLE_WORDS ? slice_end(word) : NULL;
        last = word.at;
        capitals++;
    }
    return capitals >= 2 && capitals <= TITLE_WORDS ? last : NULL;
}

/* A short line over others. */
static bool is_heading(const struct whole_line *all, size_t count, size_t i)
{
    gunichar stop = sentence_stop(all[i].text);
    return i == 0 && count > 1 && slice_words(all[i].text) <= TITLE_WORDS && !is_stop(stop) && stop != ':' &&
           stop != ',';
}

/* Short lines under an introduction are a list without marks. */
static size_t unmarked_items(const struct whole_line *all, size_t count, size_t from)
{
    size_t to = from;
    while (to < count && (to == from || !all[to].opens) && all[to].number < 0 &&
           slice_words(all[to].text) <= SHORT_LINE && !is_stop(sentence_stop(all[to].text)) &&
           slice_last(all[to].text) != ':')
        to++;
    return to - from >= 2 ? to - from : 0;
}

/* "Before", with items under it, not at the top of its post: it introduces them without a colon. */
static bool heads_items(const struct whole_line *all, size_t count, size_t i)
{
    return i > 0 && i + 1 < count && all[i].number < 0 && is_item(all, count, i + 1) && !all[i + 1].opens &&
           slice_words(all[i].text) <= TITLE_WORDS && !is_stop(sentence_stop(all[i].text));
}

static bool is_after_intro(const struct phrases *phrases)
{
    return phrases->count > 0 && phrases->items[phrases->count - 1].kind == PHRASE_INTRO;
}

/* Adds line i; returns how many lines it took. */
static size_t add_whole(struct phrases *phrases, const struct whole_line *all, size_t count, size_t i,
                        struct findings *findings)
{
    const struct whole_line *line = &all[i];
    size_t short_lines = is_after_intro(phrases) ? unmarked_items(all, count, i) : 0;
    for (size_t k = 0; k < short_lines; k++)
        phrases_add(phrases, PHRASE_ITEM, all[i + k].text, all[i + k].line);
    if (short_lines)
        return short_lines;
    if (is_item(all, count, i)) {
        phrases_add(phrases, PHRASE_ITEM, line->words, line->line);
        if (phrases->count > 0)
            phrases->items[phrases->count - 1].number = line->number;
        return 1;
    }
    if (heads_items(all, count, i)) {
        phrases_add(phrases, PHRASE_INTRO, line->text, line->line);
        return 1;
    }
    const char *end = line->number > 0 && line->opens ? title_end(line->text, line->words) : NULL;
    if (end || is_heading(all, count, i)) {
        end = end ? end : slice_end(line->text);
        phrases_add(phrases, PHRASE_TITLE, slice_to(line->text.at, end), line->line);
        phrases_add_line(phrases, slice_tail(line->text, end), line->line, findings);
    } else if (slice_starts(line->text, "> ")) {
        phrases_add(phrases, PHRASE_QUOTE, slice_tail(line->text, line->text.at + 2), line->line);
    } else {
        phrases_add_line(phrases, line->text, line->line, findings);
    }
    return 1;
}

void phrases_read(const struct lines *lines, const struct post *post, struct phrases *phrases,
                  struct findings *findings)
{
    struct whole_line *all = calloc(post->to - post->from + 1, sizeof *all);
    size_t count = 0;
    *phrases = (struct phrases){.failed = !all};
    for (size_t i = post->from; all && i < post->to;)
        i = lines->items[i].role == LINE_WORDS ? read_line(lines, post, i, &all[count++]) : i + 1;
    for (size_t i = 0; i < count;) {
        size_t first = phrases->count;
        i += add_whole(phrases, all, count, i, findings);
        if (first < phrases->count)
            phrases->items[first].opens = all[i - 1].opens;
    }
    free(all);
    for (size_t i = 0; i + 1 < phrases->count; i++)
        if (phrases->items[i].kind == PHRASE_ITEM && phrases->items[i + 1].kind == PHRASE_ITEM)
            phrases->items[i].text = item_unglued(phrases->items[i].text);
    phrases_cut(phrases);
}

void phrases_free(struct phrases *phrases)
{
    free(phrases->items);
    *phrases = (struct phrases){0};
}
