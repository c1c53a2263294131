#include "slides/escape.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void escape_markup(struct text *markup, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '&':
            text_add(markup, "&amp;");
            break;
        case '<':
            text_add(markup, "&lt;");
            break;
        case '>':
            text_add(markup, "&gt;");
            break;
        default:
            text_add_bytes(markup, text + i, 1);
        }
    }
}

char *escaped_markup(const char *text)
{
    struct text markup = {0};
    if (text)
        escape_markup(&markup, text, strlen(text));
    return text_take(&markup);
}

/* Entities that people write, beyond the five that Pango's markup knows; numbers it knows too. */
static const struct {
    const char *entity, *character;
} entities[] = {{"&nbsp;", "\xc2\xa0"},
                {"&shy;", "\xc2\xad"},
                {"&ndash;", "\xe2\x80\x93"},
                {"&mdash;", "\xe2\x80\x94"},
                {"&hellip;", "\xe2\x80\xa6"},
                {"&times;", "\xc3\x97"},
                {"&middot;", "\xc2\xb7"},
                {"&minus;", "\xe2\x88\x92"},
                {"&rarr;", "\xe2\x86\x92"},
                {"&le;", "\xe2\x89\xa4"},
                {"&ge;", "\xe2\x89\xa5"},
                {"&copy;", "\xc2\xa9"},
                {"&reg;", "\xc2\xae"},
                {"&quot;", "\""},
                {"&apos;", "'"}};

void escape_entity(struct text *to, const char *bytes, size_t length)
{
    static const char *const pango_knows[] = {"&amp;", "&lt;", "&gt;"};
    for (size_t i = 0; i < sizeof pango_knows / sizeof pango_knows[0]; i++)
        if (strlen(pango_knows[i]) == length && strncmp(bytes, pango_knows[i], length) == 0) {
            text_add_bytes(to, bytes, length);
            return;
        }
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (strlen(entities[i].entity) == length && strncmp(bytes, entities[i].entity, length) == 0) {
            text_add(to, entities[i].character);
            return;
        }
    char *end;
    bool hex = length > 3 && (bytes[2] == 'x' || bytes[2] == 'X');
    unsigned long code = bytes[1] == '#' ? strtoul(bytes + (hex ? 3 : 2), &end, hex ? 16 : 10) : 0;
    bool character = code >= 0x20 && code < 0x110000 && (code < 0xd800 || code > 0xdfff) && (code & 0xfffe) != 0xfffe;
    if (character)
        text_format(to, "&#%lu;", code);
    else
        escape_markup(to, bytes, length);
}

char *escape_links(const char *markup)
{
    struct text plain = {0};
    while (*markup) {
        const char *close = strncmp(markup, "<a href=\"", 9) == 0 ? strstr(markup + 9, "\">") : NULL;
        if (close) {
            text_add(&plain, "<u>");
            markup = close + 2;
        } else if (strncmp(markup, "</a>", 4) == 0) {
            text_add(&plain, "</u>");
            markup += 4;
        } else {
            text_add_bytes(&plain, markup++, 1);
        }
    }
    return text_take(&plain);
}
