#include "slides/thread/tidy.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void add_character(struct text *text, gunichar c)
{
    char utf8[8];
    text_add_bytes(text, utf8, (size_t)g_unichar_to_utf8(c, utf8));
}

/* Tags that a page leaves; others, "vector<T>", are words. */
static const struct {
    const char *name, *becomes;
} tags[] = {{"br", "\n"}, {"p", "\n"}, {"div", "\n"}, {"li", "\n"}, {"span", ""}, {"b", ""},   {"strong", ""},
            {"i", ""},    {"em", ""},  {"u", ""},     {"ul", ""},   {"ol", ""},   {"img", ""}, {"a", ""}};

/* The end of a known tag that begins here, NULL: none does. */
static const char *tag_end(const char *at, const char **becomes)
{
    const char *name = at + (at[1] == '/' ? 2 : 1);
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const char *close = length > 0 && strchr(" />\n\t", name[length]) ? strpbrk(name + length, "<>") : NULL;
    for (size_t i = 0; close && *close == '>' && i < sizeof tags / sizeof tags[0]; i++)
        if (strlen(tags[i].name) == length && g_ascii_strncasecmp(name, tags[i].name, length) == 0) {
            *becomes = at[1] == '/' ? "" : tags[i].becomes;
            return close + 1;
        }
    return NULL;
}

/* The address in <a ... href="...">. */
static struct slice address_of(const char *tag, const char *end)
{
    struct slice whole = slice_to(tag, end);
    for (size_t i = 0; i + 6 < whole.length; i++) {
        char quote = tag[i + 5];
        if (g_ascii_strncasecmp(tag + i, "href=", 5) != 0 || (quote != '"' && quote != '\''))
            continue;
        const char *close = memchr(tag + i + 6, quote, whole.length - i - 6);
        return close ? slice_to(tag + i + 6, close) : (struct slice){NULL, 0};
    }
    return (struct slice){NULL, 0};
}

/* An address that was cut to fit its page says nothing behind its first slash. */
static struct slice shown_of(struct slice words)
{
    struct slice shown = slice_trimmed(words);
    const char *slash = shown.length ? memchr(shown.at, '/', shown.length) : NULL;
    bool cut = shown.length > 3 && (slice_last(shown) == 0x2026 || strncmp(slice_end(shown) - 3, "...", 3) == 0);
    if (slash && cut && !memchr(shown.at, ' ', shown.length) && slash[1] != '/')
        return slice_to(shown.at, slash);
    return shown;
}

/* <a href="U">T</a> becomes a mark; NULL: none begins here. */
static const char *add_link(struct text *text, const char *at)
{
    const char *ignored, *opened = g_ascii_strncasecmp(at, "<a", 2) == 0 ? tag_end(at, &ignored) : NULL;
    const char *closed = opened ? strchr(opened, '<') : NULL;
    if (!closed || g_ascii_strncasecmp(closed, "</a", 3) != 0)
        return NULL;
    struct slice address = address_of(at, opened), shown = shown_of(slice_to(opened, closed));
    const char *end = tag_end(closed, &ignored);
    if (!end || !is_address(address) || shown.length == 0)
        return NULL;
    add_character(text, MARK_LINK_OPEN);
    text_add_bytes(text, shown.at, shown.length);
    add_character(text, MARK_LINK_MID);
    text_add_bytes(text, address.at, address.length);
    add_character(text, MARK_LINK_CLOSE);
    return end;
}

static const struct {
    const char *entity;
    gunichar c;
} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};

static const char *add_entity(struct text *text, const char *at)
{
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (strncmp(at, entities[i].entity, strlen(entities[i].entity)) == 0) {
            add_character(text, entities[i].c);
            return at + strlen(entities[i].entity);
        }
    bool hex = at[1] == '#' && (at[2] == 'x' || at[2] == 'X');
    char *end;
    if (at[1] != '#' || !g_ascii_isxdigit(at[hex ? 3 : 2]))
        return NULL;
    unsigned long c = strtoul(at + (hex ? 3 : 2), &end, hex ? 16 : 10);
    if (*end != ';' || c < 0x20 || c > 0x10ffff || !g_unichar_validate((gunichar)c))
        return NULL;
    add_character(text, (gunichar)c);
    return end + 1;
}

static bool is_invisible(gunichar c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xad ||
           (c >= 0x200b && c < 0x2010) || (c >= 0x202a && c < 0x202f) || (c >= 0x2060 && c < 0x2070) || c == 0xfeff ||
           c == 0xfffd || (c >= 0xe000 && c < 0xf900) || c >= 0xe0000 || g_unichar_type(c) == G_UNICODE_UNASSIGNED;
}

/* Tags, entities, blanks, invisible characters, borrowed letters. Marks from outside are invisible characters. */
static char *plain(const char *text, struct findings *findings)
{
    struct text whole = {0};
    int borrowed = 0;
    while (*text) {
        gunichar c = g_utf8_get_char(text);
        const char *becomes = "", *next = NULL;
        if (c == '<' && !(next = add_link(&whole, text)) && (next = tag_end(text, &becomes)))
            text_add(&whole, becomes);
        if (c == '&')
            next = add_entity(&whole, text);
        if (!next) {
            next = g_utf8_next_char(text);
            char *letter =
                c >= 0x1d400 && c < 0x1d800 ? g_utf8_normalize(text, next - text, G_NORMALIZE_ALL_COMPOSE) : NULL;
            if (letter)
                text_add(&whole, letter);
            else if (c == MARK_POINTER) /* of mend_lost, which comes before */
                add_character(&whole, c);
            else if (c != '\n' && is_space(c))
                text_add(&whole, " ");
            else if (!is_invisible(c) || ((c == 0x200c || c == 0x200d) && g_unichar_isalpha(g_utf8_get_char(next))))
                text_add_bytes(&whole, text, (size_t)(next - text));
            borrowed += letter != NULL;
            g_free(letter);
        }
        text = next;
    }
    if (borrowed)
        findings_add(findings, FINDING_LETTERS, 0, borrowed, slice_of(""));
    return text_take(&whole);
}

static bool is_pictogram(gunichar c)
{
    bool mark = c == 0x2713 || c == 0x2714 || c == 0x2717 || c == 0x2718 || (c >= 0x2776 && c < 0x2794) || c == 0x27a1;
    return (c >= 0x1f000 && c < 0x1fb00) || (c >= 0x2600 && c < 0x27c0 && !mark) || (c >= 0xfe00 && c < 0xfe10) ||
           (c >= 0x2b1b && c < 0x2b56) || c == 0x20e3 || c == 0x231a || c == 0x231b || (c >= 0x23e9 && c < 0x23fb) ||
           c == 0x25b6 || c == 0x25c0;
}

static bool is_pointing(gunichar c)
{
    return (c >= 0x1f446 && c <= 0x1f449) || c == 0x1f53b || c == 0x1f53d || c == 0x2b07 || c == 0x1f503 ||
           c == MARK_POINTER;
}

/* Behind the pictograms that begin here, or `at`. */
static const char *skip_pictograms(const char *at, bool *pointing, int *count)
{
    const char *end = at;
    for (gunichar c;
         *at && (is_pictogram(c = g_utf8_get_char(at)) || c == MARK_POINTER || (end == at && c == 0x200d));) {
        *pointing |= is_pointing(c);
        *count += (c < 0xfe00 || c >= 0xfe10) && c != MARK_POINTER;
        end = at = g_utf8_next_char(at);
    }
    return end;
}

/* "1" and what makes a key of it. */
static const char *keycap_end(const char *at)
{
    const char *next = at + 1;
    if (!g_ascii_isdigit(*at))
        return NULL;
    if (g_utf8_get_char(next) == 0xfe0f)
        next = g_utf8_next_char(next);
    return g_utf8_get_char(next) == 0x20e3 ? g_utf8_next_char(next) : NULL;
}

static const char *next_line(const char *at)
{
    at += strcspn(at, "\n");
    return *at ? at + 1 : at;
}

/* A line that pictograms begin and words follow. */
static bool is_pictured(const char *line)
{
    bool pointing = false;
    int count = 0;
    const char *behind = skip_pictograms(line, &pointing, &count);
    return behind > line && *behind && *behind != '\n' && count > 0;
}

char *tidy(const char *text, struct findings *findings)
{
    char *words = plain(text, findings);
    struct text whole = {0};
    bool listed = false; /* the line before was pictured */
    int dropped = 0;
    for (const char *at = words ? words : ""; *at;) {
        bool begin = at == words || at[-1] == '\n', pointing = false;
        int count = 0;
        const char *key = keycap_end(at), *end = key ? key : skip_pictograms(at, &pointing, &count);
        bool list = begin && is_pictured(at) && (listed || is_pictured(next_line(at)));
        listed = begin ? is_pictured(at) : listed;
        if (key) {
            text_add_bytes(&whole, at, 1);
            text_add(&whole, begin ? "." : "");
        } else if (end > at) {
            if (list || pointing)
                add_character(&whole, list ? MARK_BULLET : MARK_POINTER);
            dropped += count;
        } else {
            end = g_utf8_next_char(at);
            text_add_bytes(&whole, at, (size_t)(end - at));
        }
        at = end;
    }
    if (dropped)
        findings_add(findings, FINDING_PICTOGRAM, 0, dropped, slice_of(""));
    free(words);
    return text_take(&whole);
}
