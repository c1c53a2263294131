#include "slides/thread/slice.h"

#include <string.h>
#include <strings.h>

struct slice slice_of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

struct slice slice_to(const char *from, const char *to)
{
    return (struct slice){from, (size_t)(to - from)};
}

const char *slice_end(struct slice slice)
{
    return slice.length ? slice.at + slice.length : slice.at;
}

struct slice slice_tail(struct slice slice, const char *from)
{
    return slice_to(from, slice_end(slice));
}

bool is_space(gunichar c)
{
    return c == ' ' || c == '\t' || c == '\n' || g_unichar_isspace(c);
}

static bool is_edge(gunichar c)
{
    return is_space(c) || c == MARK_POINTER;
}

struct slice slice_trimmed(struct slice slice)
{
    while (slice.length > 0 && is_edge(slice_first(slice)))
        slice = slice_tail(slice, g_utf8_next_char(slice.at));
    while (slice.length > 0 && is_edge(slice_last(slice)))
        slice.length = (size_t)(g_utf8_prev_char(slice_end(slice)) - slice.at);
    return slice;
}

bool slice_starts(struct slice slice, const char *prefix)
{
    size_t length = strlen(prefix);
    return slice.length >= length && strncasecmp(slice.at, prefix, length) == 0;
}

bool slice_is(struct slice slice, const char *text)
{
    return slice.length == strlen(text) && slice_starts(slice, text);
}

bool slice_has(struct slice slice, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= slice.length; i++)
        if (strncasecmp(slice.at + i, text, length) == 0)
            return true;
    return false;
}

char *slice_copy(struct slice slice)
{
    return strndup(slice.at ? slice.at : "", slice.length);
}

gunichar slice_first(struct slice slice)
{
    return slice.length ? g_utf8_get_char(slice.at) : 0;
}

gunichar slice_last(struct slice slice)
{
    return slice.length ? g_utf8_get_char(g_utf8_prev_char(slice_end(slice))) : 0;
}

struct slice next_word(struct slice *rest)
{
    const char *at = rest->at, *end = slice_end(*rest);
    while (at < end && is_space(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    const char *from = at;
    while (at < end && !is_space(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    *rest = slice_to(at, end);
    return at > from ? slice_to(from, at) : (struct slice){NULL, 0};
}

int slice_words(struct slice slice)
{
    struct slice rest = slice, word;
    int words = 0;
    while ((word = next_word(&rest)).length > 0) {
        int letters = 0, wide = 0;
        for (const char *at = word.at; at < slice_end(word); at = g_utf8_next_char(at)) {
            gunichar c = g_utf8_get_char(at);
            letters += g_unichar_isalnum(c);
            wide += g_unichar_iswide(c) && g_unichar_isalpha(c);
        }
        words += wide > 1 ? (wide + 1) / 2 : letters > 0;
    }
    return words;
}

bool is_capitalised(struct slice word)
{
    while (word.length > 0 && strchr("(\"'[", word.at[0]))
        word = slice_tail(word, word.at + 1);
    const char *second = word.length > 0 ? g_utf8_next_char(word.at) : word.at;
    if (!g_unichar_isupper(slice_first(word)))
        return false;
    return second >= slice_end(word) ? word.at[0] == 'I' || word.at[0] == 'A'
                                     : !g_unichar_isupper(g_utf8_get_char(second));
}

bool is_handle(struct slice word)
{
    return word.length > 2 && word.at[0] == '@' && (g_ascii_isalnum(word.at[1]) || word.at[1] == '_');
}

bool is_address(struct slice word)
{
    return slice_starts(word, "https://") || slice_starts(word, "http://") || slice_starts(word, "www.");
}

bool is_starter(struct slice word)
{
    static const char *const starters[] = {
        "The",    "They",  "This",   "That",  "That's", "These",   "Those",   "There",  "It",   "It's",  "Its",
        "He",     "She",   "We",     "We've", "I",      "I'm",     "I've",    "You",    "Your", "My",    "Our",
        "A",      "An",    "And",    "But",   "Or",     "So",      "If",      "In",     "On",   "At",    "For",
        "From",   "To",    "As",     "With",  "When",   "While",   "Why",     "How",    "What", "Who",   "Where",
        "Which",  "Here",  "Here's", "Let",   "Let's",  "Thus",    "Then",    "Now",    "Also", "Every", "Each",
        "All",    "Some",  "Most",   "Not",   "No",     "Yes",     "Find",    "Follow", "Read", "See",   "Check",
        "Thanks", "Today", "Once",   "After", "Before", "Instead", "However", "Because"};
    char plain[24];
    size_t length = 0; /* curly apostrophes count as straight ones */
    for (size_t i = 0; i < word.length && length + 1 < sizeof plain; i++) {
        bool curly = word.length - i >= 3 && memcmp(word.at + i, "\xe2\x80\x99", 3) == 0;
        plain[length++] = curly ? '\'' : word.at[i];
        i += curly ? 2 : 0;
    }
    while (length > 0 && strchr(",:.", plain[length - 1]))
        length--;
    plain[length] = '\0';
    for (size_t i = 0; i < sizeof starters / sizeof starters[0]; i++)
        if (strcmp(plain, starters[i]) == 0)
            return true;
    return false;
}
