#include "slides/thread/sentence.h"

#include <string.h>

bool is_stop(gunichar c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xff01 || c == 0xff1f ||
           c == 0x061f || c == 0x06d4 || c == 0x0964 || c == 0x203c || c == 0x2049;
}

/* Scripts that write no blank behind a stop. */
static bool is_dense(gunichar c)
{
    return c == 0x3002 || c == 0xff01 || c == 0xff1f;
}

static bool is_closer(gunichar c)
{
    return (c < 0x80 && c && strchr("\"')]", (int)c)) || c == 0x201d || c == 0x2019 || c == 0xbb || c == 0x300d ||
           c == 0x300f;
}

static bool is_abbreviation(struct slice word)
{
    static const char *const table[] = {"e.g.",  "i.e.",  "vs.",  "mr.",  "mrs.", "ms.",  "dr.",  "prof.",
                                        "fig.",  "figs.", "eq.",  "sec.", "cf.",  "no.",  "st.",  "approx.",
                                        "resp.", "al.",   "u.s.", "u.k.", "inc.", "ltd.", "bzw.", "z.b.",
                                        "d.h.",  "p.ej.", "ca.",  "vol.", "ch.",  "pp."};
    while (word.length > 0 && strchr("(\"'[", word.at[0]))
        word = slice_tail(word, word.at + 1);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (slice_is(word, table[i]))
            return true;
    /* "J. Smith", and the number of a list */
    bool initial = word.length == 2 && g_ascii_isupper(word.at[0]) && word.at[0] != 'I';
    return initial || (word.length <= 3 && word.length > 1 && g_ascii_isdigit(word.at[0]) &&
                       g_ascii_isdigit(word.at[word.length - 2]));
}

/* Behind stops, closers and a mark that points. */
static const char *skip_end(const char *at, const char *end)
{
    while (at < end && (is_stop(g_utf8_get_char(at)) || is_closer(g_utf8_get_char(at))))
        at = g_utf8_next_char(at);
    const char *mark = at;
    while (mark < end && *mark == ' ')
        mark++;
    return mark < end && g_utf8_get_char(mark) == MARK_POINTER ? g_utf8_next_char(mark) : at;
}

/* A stop at `at` ends a sentence: what is behind it, `next`, does not go on with it. */
static bool ends_here(struct slice text, const char *word_at, const char *at, const char *next)
{
    const char *end = slice_end(text), *behind = next;
    gunichar stop = g_utf8_get_char(at);
    if (next >= end || is_dense(stop))
        return true;
    if (!is_space(g_utf8_get_char(next)))
        return false;
    while (behind < end && is_space(g_utf8_get_char(behind)))
        behind = g_utf8_next_char(behind);
    if (behind < end && g_unichar_islower(g_utf8_get_char(behind)) && !is_address(slice_to(behind, end)))
        return false;
    return stop != '.' || !is_abbreviation(slice_to(word_at, g_utf8_next_char(at)));
}

/* Behind a handle or an address a sentence may begin without a stop. */
static bool begins_behind(struct slice word, struct slice rest)
{
    gunichar last = slice_last(word);
    struct slice next = next_word(&rest);
    return (is_handle(word) || is_address(word) || last == MARK_LINK_CLOSE) && next.length > 0 && is_starter(next);
}

static const char *link_end(const char *at, const char *end)
{
    while (at < end && g_utf8_get_char(at) != MARK_LINK_CLOSE)
        at = g_utf8_next_char(at);
    return at < end ? g_utf8_next_char(at) : end;
}

const char *sentence_end(struct slice text)
{
    const char *end = slice_end(text), *word = text.at;
    for (const char *at = text.at; at < end;) {
        gunichar c = g_utf8_get_char(at);
        const char *next = g_utf8_next_char(at);
        if (c == MARK_LINK_OPEN) {
            next = link_end(at, end);
            if (begins_behind(slice_to(at, next), slice_to(next, end)))
                return next;
        } else if (is_space(c)) {
            word = next;
        } else if (at == word && (is_handle(slice_to(at, end)) || is_address(slice_to(at, end)))) {
            struct slice rest = slice_to(at, end), whole = next_word(&rest);
            if (begins_behind(whole, rest) ||
                (is_stop(slice_last(whole)) && !g_unichar_islower(slice_first(next_word(&rest)))))
                return slice_end(whole);
            next = slice_end(whole);
        } else if (c == MARK_POINTER) {
            return next;
        } else if (is_stop(c)) {
            next = skip_end(at, end);
            if (ends_here(text, word, at, next))
                return next;
        }
        at = next;
    }
    return end;
}

const char *sentence_last(struct slice text)
{
    const char *from = text.at;
    for (const char *at = sentence_end(text); at < slice_end(text); at = sentence_end(slice_tail(text, at))) {
        if (slice_trimmed(slice_tail(text, at)).length == 0)
            break;
        from = at;
    }
    return from;
}

static bool is_acronym(struct slice word)
{
    return word.length > 1 && g_ascii_isupper(word.at[0]) && g_ascii_isupper(word.at[1]);
}

const char *sentence_unstopped(struct slice text)
{
    struct slice rest = text, word, before = {NULL, 0};
    const char *capital = NULL;
    for (int i = 0; (word = next_word(&rest)).length > 0; i++) {
        bool alone = before.length > 0 && (!is_capitalised(before) || is_acronym(before));
        if ((i >= 2 || (i == 1 && alone)) && is_starter(word) && is_capitalised(word))
            return word.at;
        if (i >= 2 && !capital && alone && is_capitalised(word))
            capital = word.at;
        before = word;
    }
    return capital;
}

gunichar sentence_stop(struct slice text)
{
    text = slice_trimmed(text);
    while (text.length > 0 && is_closer(slice_last(text)))
        text.length = (size_t)(g_utf8_prev_char(slice_end(text)) - text.at);
    return slice_last(text);
}
