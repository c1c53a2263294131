/* phrases_line.c - one line of a post: sentences, quotes, and lists that were written in one go. */
#include <stdlib.h>
#include <string.h>

#include "slides/thread/grow.h"
#include "slides/thread/phrases.h"
#include "slides/thread/sentence.h"

enum { POINTING_WORDS = 4, QUOTE_WORDS = 6, INTRO_LETTERS = 200 };

/* Dots and dashes alone are no phrase. */
static bool says_something(struct slice text)
{
    for (const char *at = text.at; at < slice_end(text); at = g_utf8_next_char(at))
        if (g_unichar_isalnum(g_utf8_get_char(at)))
            return true;
    return false;
}

void phrases_add(struct phrases *phrases, enum phrase_kind kind, struct slice text, int line)
{
    struct slice words = slice_trimmed(text);
    if (!says_something(words))
        return;
    struct phrase *items = grown(phrases->items, phrases->count, sizeof *items);
    if (!items) {
        phrases->failed = true;
        return;
    }
    phrases->items = items;
    items[phrases->count++] = (struct phrase){.kind = kind, .text = words, .line = line};
}

static bool has_digit(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (g_ascii_isdigit(text.at[i]))
            return true;
    return false;
}

/* "Check this" with a hand behind it. */
static bool only_points(struct slice raw, struct slice words)
{
    while (raw.length > 0 && is_space(slice_last(raw)))
        raw.length = (size_t)(g_utf8_prev_char(slice_end(raw)) - raw.at);
    gunichar stop = slice_last(words);
    return slice_last(raw) == MARK_POINTER && slice_words(words) <= POINTING_WORDS && !is_stop(stop) &&
           !has_digit(words);
}

static bool is_opening(gunichar c)
{
    return c == '"' || c == 0x201c || c == 0xab || c == 0x201e;
}

static bool is_closing(gunichar c)
{
    return c == '"' || c == 0x201d || c == 0xbb || c == 0x201c;
}

struct slice phrase_said(struct slice text, const char **end)
{
    struct slice said = text;
    *end = slice_end(text);
    if (!is_opening(slice_first(text)))
        return text;
    while (said.length > 0 && !is_closing(slice_last(said)))
        said.length = (size_t)(g_utf8_prev_char(slice_end(said)) - said.at);
    const char *inside = g_utf8_next_char(text.at);
    if (slice_end(said) <= inside)
        return text;
    *end = slice_end(said);
    return slice_to(inside, g_utf8_prev_char(*end));
}

/* In quotes as a whole, or with who said so behind it. */
static bool is_quote(struct slice sentence)
{
    struct slice words = slice_trimmed(sentence);
    const char *end;
    struct slice said = phrase_said(words, &end);
    int quoted = slice_words(said);
    return said.at > words.at && quoted >= QUOTE_WORDS && quoted * 10 >= slice_words(words) * 6;
}

/* "It moves much: To compute this:" are two introductions; where the second begins. */
static const char *second_intro(struct slice words)
{
    for (const char *at = words.at; at + 2 < slice_end(words) - 1; at++)
        if (at[0] == ':' && at[1] == ' ' && g_unichar_isupper(g_utf8_get_char(at + 2)))
            return at + 1;
    return NULL;
}

static void add_sentence(struct phrases *phrases, enum phrase_kind kind, struct slice raw, int line,
                         struct findings *findings)
{
    struct slice words = slice_trimmed(raw);
    if (words.length == 0)
        return;
    if (only_points(raw, words)) {
        findings_add(findings, FINDING_POINTER, line, 1, words);
        if (phrases->count > 0)
            phrases->items[phrases->count - 1].pointed = true;
        return;
    }
    bool intro = slice_last(words) == ':' && kind == PHRASE_SENTENCE;
    const char *second = intro ? second_intro(words) : NULL;
    if (second) {
        phrases_add(phrases, PHRASE_INTRO, slice_to(words.at, second), line);
        words = slice_trimmed(slice_tail(words, second));
    }
    phrases_add(phrases, intro ? PHRASE_INTRO : is_quote(words) ? PHRASE_QUOTE : kind, words, line);
}

/* "as the paper says: Picture yourself ...": where the words of somebody else begin; NULL: they do not. */
static const char *quoted_from(struct slice text)
{
    static const char *const cues[] = {"from the paper", "from the book", "the authors",     " said", " says",
                                       " wrote",         " writes",       "in the words of", "quote", "according to"};
    const char *end = sentence_end(text);
    if (end - text.at > INTRO_LETTERS)
        end = text.at + INTRO_LETTERS;
    for (const char *at = text.at; at + 2 < end; at++) {
        if (at[0] != ':' || at[1] != ' ' || !g_unichar_isupper(g_utf8_get_char(at + 2)))
            continue;
        struct slice head = slice_to(text.at, at);
        for (size_t i = 0; i < sizeof cues / sizeof cues[0]; i++)
            if (slice_has(head, cues[i]))
                return at + 1;
    }
    return NULL;
}

void phrases_add_sentences(struct phrases *phrases, struct slice text, int line, struct findings *findings)
{
    enum phrase_kind kind = PHRASE_SENTENCE;
    const char *quote = quoted_from(text);
    if (quote && slice_words(slice_tail(text, quote)) >= 2 * QUOTE_WORDS) {
        phrases_add(phrases, PHRASE_INTRO, slice_to(text.at, quote), line);
        text = slice_tail(text, quote);
        kind = PHRASE_QUOTE;
    }
    while (slice_trimmed(text).length > 0 || slice_first(text) == MARK_POINTER) {
        const char *end = sentence_end(text);
        add_sentence(phrases, kind, slice_to(text.at, end), line, findings);
        text = slice_tail(text, end);
    }
}

/* The next " - " or " • " of a list inside a line; NULL: none. */
static const char *separator(struct slice text, size_t *length)
{
    static const char *const signs[] = {" - ", " \xe2\x80\xa2 ", " \xe2\x80\x93 "};
    for (const char *at = text.at; at < slice_end(text); at++)
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
            *length = strlen(signs[i]);
            if ((size_t)(slice_end(text) - at) >= *length && memcmp(at, signs[i], *length) == 0)
                return at;
        }
    return NULL;
}

/* The first separator behind a colon that another one follows, which is how lists in one line begin. */
static const char *list_from(struct slice text, size_t *length)
{
    for (struct slice rest = text;;) {
        size_t next_length;
        const char *at = separator(rest, length);
        if (!at)
            return NULL;
        struct slice behind = slice_tail(rest, at + *length);
        if (slice_last(slice_trimmed(slice_to(text.at, at))) == ':' && separator(behind, &next_length))
            return at;
        rest = slice_tail(rest, at + *length - 1);
    }
}

/* Where the last item ends and the post goes on. */
static const char *item_end(struct slice piece, bool of_sentences)
{
    gunichar stop = sentence_stop(piece);
    if (of_sentences)
        return sentence_end(piece);
    const char *end = sentence_end(piece), *unstopped = sentence_unstopped(slice_to(piece.at, end));
    if (unstopped && (is_stop(stop) || stop == ':' || end < slice_end(piece)))
        return unstopped;
    return end;
}

/* An item, or one and the introduction to the next list behind it. */
static void add_item(struct phrases *phrases, struct slice piece, int line)
{
    struct slice words = slice_trimmed(piece);
    const char *intro = NULL;
    if (slice_last(words) == ':') {
        intro = sentence_last(words);
        intro = intro > words.at ? intro : sentence_unstopped(words);
    }
    phrases_add(phrases, PHRASE_ITEM, intro ? slice_to(words.at, intro) : words, line);
    if (intro)
        phrases_add(phrases, PHRASE_INTRO, slice_tail(words, intro), line);
}

void phrases_add_line(struct phrases *phrases, struct slice text, int line, struct findings *findings)
{
    size_t length;
    const char *at = list_from(text, &length);
    if (!at) {
        phrases_add_sentences(phrases, text, line, findings);
        return;
    }
    phrases_add_sentences(phrases, slice_to(text.at, at), line, findings);
    bool of_sentences = false;
    for (struct slice rest = slice_tail(text, at + length);;) {
        const char *next = separator(rest, &length);
        struct slice piece = slice_to(rest.at, next ? next : slice_end(rest));
        if (next) {
            add_item(phrases, piece, line);
            of_sentences |= is_stop(sentence_stop(piece));
            rest = slice_tail(rest, next + length);
            continue;
        }
        const char *end = item_end(piece, of_sentences);
        phrases_add(phrases, PHRASE_ITEM, slice_to(piece.at, end), line);
        phrases_add_sentences(phrases, slice_tail(piece, end), line, findings);
        return;
    }
}
