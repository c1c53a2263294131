#include "slides/thread/typeset.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_LETTERS = 32 };

static void add_character(struct text *to, gunichar c)
{
    char utf8[8];
    text_add_bytes(to, utf8, (size_t)g_unichar_to_utf8(c, utf8));
}

/* What Markdown, its previews' mathematics or a binding would read as more than itself. */
static void add_escaped(struct text *to, gunichar c, unsigned how)
{
    if (!(how & TYPESET_PLAIN) && c < 0x80 && c && strchr("\\`*_[]<>~$#|&", (int)c))
        text_add(to, "\\");
    add_character(to, c);
}

static void add_plain(struct text *to, struct slice words, unsigned how)
{
    for (const char *at = words.at; at < slice_end(words); at = g_utf8_next_char(at))
        add_escaped(to, g_utf8_get_char(at), how);
}

/* Punctuation behind an address is the sentence's. */
static struct slice bare_address(struct slice word)
{
    while (word.length > 0 && strchr(".,;:!?)\"'", word.at[word.length - 1]))
        word.length--;
    return word;
}

/* "example.org/a": short enough to be read, else the host. */
static struct slice shown_address(struct slice address)
{
    static const char *const schemes[] = {"https://", "http://", "www."};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (slice_starts(address, schemes[i]))
            address = slice_tail(address, address.at + strlen(schemes[i]));
    while (address.length > 1 && address.at[address.length - 1] == '/')
        address.length--;
    const char *slash = address.length > SHOWN_LETTERS ? memchr(address.at, '/', address.length) : NULL;
    return slash ? slice_to(address.at, slash) : address;
}

static void add_link(struct text *to, struct slice shown, struct slice address, unsigned how)
{
    if (how & TYPESET_PLAIN) {
        add_plain(to, shown, how);
        return;
    }
    text_add(to, "[");
    add_plain(to, shown, how);
    text_add(to, slice_starts(address, "www.") ? "](<https://" : "](<");
    for (size_t i = 0; i < address.length; i++) {
        char c = address.at[i];
        if (c == '<' || c == '>' || c == '\\' || c == '{' || c == '}' || (unsigned char)c <= ' ')
            text_format(to, "%%%02X", (unsigned char)c);
        else
            text_add_bytes(to, &c, 1);
    }
    text_add(to, ">)");
}

/* A link's marks; returns behind them. */
static const char *add_marked_link(struct text *to, const char *at, const char *end, unsigned how)
{
    const char *parts[3] = {at, end, end};
    static const gunichar marks[] = {MARK_LINK_MID, MARK_LINK_CLOSE};
    for (int i = 0; i < 2; i++)
        for (const char *look = parts[i]; look < end && parts[i + 1] == end; look = g_utf8_next_char(look))
            if (g_utf8_get_char(look) == marks[i])
                parts[i + 1] = look;
    if (parts[1] == end || parts[2] == end)
        return g_utf8_next_char(at);
    add_link(to, slice_to(g_utf8_next_char(at), parts[1]), slice_to(g_utf8_next_char(parts[1]), parts[2]), how);
    return g_utf8_next_char(parts[2]);
}

static bool opens_quote(gunichar before)
{
    return before == 0 || is_space(before) || (before < 0x80 && strchr("([{", (int)before)) || before == 0x2014 ||
           before == 0x201c || before == 0x2018;
}

/* Several characters that stand for one sign. */
static const struct {
    const char *written;
    gunichar sign;
} signs[] = {{"...", 0x2026}, {"---", 0x2014}, {"--", 0x2013}, {"->", 0x2192}};

/* The sign that begins at `at`, *next behind it; else the character itself. */
static gunichar sign_at(const char *at, const char *end, gunichar before, const char **next)
{
    gunichar c = g_utf8_get_char(at);
    *next = g_utf8_next_char(at);
    gunichar behind = *next < end ? g_utf8_get_char(*next) : 0;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t length = strlen(signs[i].written);
        if ((size_t)(end - at) >= length && memcmp(at, signs[i].written, length) == 0) {
            *next = at + length;
            return signs[i].sign;
        }
    }
    if (c == '"')
        return opens_quote(before) ? 0x201c : 0x201d;
    if (c == '\'')
        return opens_quote(before) && !g_unichar_isdigit(behind) ? 0x2018 : 0x2019;
    bool named = behind == '"' || behind == 0x201d; /* "8x" is a name */
    if (c == 'x' && g_unichar_isdigit(before) && !g_unichar_isalnum(behind) && !named)
        return 0xd7;
    return c;
}

/* `code` on one line is left as it is written. */
static const char *code_end(const char *at, const char *end)
{
    const char *close = *at == '`' && at + 1 < end ? memchr(at + 1, '`', (size_t)(end - at - 1)) : NULL;
    return close && close > at + 1 && !memchr(at, '\n', (size_t)(close - at)) ? close + 1 : NULL;
}

static void add_blank(struct text *to, size_t begin)
{
    if (to->length > begin && to->bytes[to->length - 1] != ' ')
        text_add(to, " ");
}

/* A word that is an address or a handle, as it is; NULL: it is neither. */
static const char *add_name(struct text *to, const char *at, const char *end, unsigned how)
{
    struct slice rest = slice_to(at, end), word = next_word(&rest);
    if (is_handle(word)) {
        size_t length = 1;
        while (length < word.length && (g_ascii_isalnum(word.at[length]) || strchr("_.-", word.at[length])))
            length++;
        while (length > 1 && (word.at[length - 1] == '.' || word.at[length - 1] == '-'))
            length--;
        add_plain(to, slice_to(at, at + length), how);
        return at + length;
    }
    if (!is_address(word))
        return NULL;
    struct slice address = bare_address(word);
    if (address.length < 8)
        return NULL;
    add_link(to, shown_address(address), address, how);
    return slice_end(address);
}

void typeset(struct text *to, struct slice words, unsigned how)
{
    words = slice_trimmed(words);
    if ((how & TYPESET_HEADING) && slice_last(words) == ':')
        words = slice_trimmed(slice_to(words.at, slice_end(words) - 1));
    size_t begin = to->length;
    gunichar before = 0;
    if ((how & TYPESET_LINE) && words.length > 0 && strchr("+-=", words.at[0]))
        text_add(to, "\\");
    /* "1)" at the begin of a line would be a list's */
    size_t digits = (how & TYPESET_LINE) ? strspn(words.at, "0123456789") : 0;
    for (const char *at = words.at, *next; at < slice_end(words); at = next) {
        gunichar c = g_utf8_get_char(at);
        const char *code = code_end(at, slice_end(words));
        next = NULL;
        if (digits > 0 && at == words.at + digits && (*at == '.' || *at == ')'))
            text_add(to, "\\");
        if (c == MARK_LINK_OPEN)
            next = add_marked_link(to, at, slice_end(words), how);
        else if (before == 0 || opens_quote(before))
            next = add_name(to, at, slice_end(words), how);
        if (next) {
            before = 'a';
            continue;
        }
        if (code) {
            text_add_bytes(to, at, (size_t)(code - at));
            next = code;
        } else if (is_space(c) || (c >= MARK_LINK_OPEN && c <= MARK_BULLET)) { /* of a link that was cut, too */
            next = g_utf8_next_char(at);
            add_blank(to, begin);
            c = ' ';
        } else {
            gunichar sign = sign_at(at, slice_end(words), before, &next);
            if (strncmp(at, "{{", 2) == 0 && !(how & TYPESET_PLAIN))
                text_add(to, "\\");
            add_escaped(to, sign, how);
            c = sign;
        }
        before = c;
    }
    while (to->length > begin && to->bytes[to->length - 1] == ' ')
        to->bytes[--to->length] = '\0';
}

void typeset_yaml(struct text *to, const char *plain)
{
    text_add(to, "\"");
    for (; *plain; plain++) {
        if (*plain == '"' || *plain == '\\')
            text_add(to, "\\");
        if ((unsigned char)*plain >= ' ')
            text_add_bytes(to, plain, 1);
    }
    text_add(to, "\"");
}
