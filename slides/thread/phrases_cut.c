/* phrases_cut.c - what is too long for a slide goes on the next one: cut at a clause, no word lost. */
#include <stdlib.h>
#include <string.h>

#include "slides/thread/phrases.h"

enum { LEAST_WORDS = 15 };

static bool is_clause_end(gunichar c)
{
    return (c < 0x80 && c && strchr(",;:.!?", (int)c)) || c == 0x2014 || c == 0x2013 || c == 0x3001 || c == 0xff0c ||
           c == 0xff1b || c == 0x3002 || c == 0x060c;
}

/* The best place to cut within the first PHRASE_WORDS words: behind a clause, else between two words; the end when the
 * text is short enough. */
static const char *cut_of(struct slice text)
{
    const char *clause = NULL, *blank = NULL, *at = text.at;
    int halves = 0; /* of words: a wide letter is half of one */
    bool in_word = false;
    for (; at < slice_end(text) && halves <= 2 * PHRASE_WORDS; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool wide = g_unichar_iswide(c) && g_unichar_isalpha(c);
        const char *next = g_utf8_next_char(at);
        halves += wide ? 1 : !is_space(c) && !in_word ? 2 : 0;
        in_word = !is_space(c) && !wide;
        bool dense = is_clause_end(c) && c >= 0x3000;
        if (halves >= 2 * LEAST_WORDS && is_clause_end(c) && (dense || (next < slice_end(text) && *next == ' ')))
            clause = next;
        if (is_space(c))
            blank = at;
        if (wide)
            blank = next;
    }
    return at >= slice_end(text) ? at : clause ? clause : blank ? blank : slice_end(text);
}

void phrases_cut(struct phrases *phrases)
{
    struct phrases cut = {.failed = phrases->failed};
    bool needed = false;
    for (size_t i = 0; i < phrases->count && !needed; i++)
        needed = cut_of(phrases->items[i].text) < slice_end(phrases->items[i].text);
    for (size_t i = 0; needed && i < phrases->count; i++) {
        const struct phrase *phrase = &phrases->items[i];
        for (struct slice rest = phrase->text; rest.length > 0;) {
            const char *end = cut_of(rest);
            enum phrase_kind kind = phrase->kind == PHRASE_TITLE ? PHRASE_SENTENCE : phrase->kind;
            size_t before = cut.count;
            phrases_add(&cut, end < slice_end(phrase->text) && kind == PHRASE_INTRO ? PHRASE_SENTENCE : kind,
                        slice_to(rest.at, end), phrase->line);
            if (cut.count > before) {
                cut.items[before] = (struct phrase){.kind = cut.items[before].kind,
                                                    .text = cut.items[before].text,
                                                    .number = rest.at == phrase->text.at ? phrase->number : 0,
                                                    .line = phrase->line,
                                                    .opens = phrase->opens && rest.at == phrase->text.at,
                                                    .pointed = phrase->pointed && end == slice_end(phrase->text)};
                if (rest.at == phrase->text.at && end == slice_end(phrase->text))
                    cut.items[before].kind = phrase->kind;
            }
            rest = slice_trimmed(slice_tail(rest, end));
        }
    }
    if (needed) {
        phrases_free(phrases);
        *phrases = cut;
    }
}
