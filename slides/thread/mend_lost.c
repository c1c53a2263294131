#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/thread/mend.h"

/* Where a sign stands: what is before and behind it. */
enum place {
    PLACE_IN_WORD,  /* it's */
    PLACE_IN_RANGE, /* 3-5 */
    PLACE_OPENING,  /* a blank before it, none behind */
    PLACE_CLOSING,  /* none before it, a blank or punctuation behind */
    PLACE_BETWEEN,  /* blanks on both sides */
    PLACE_LEADING,  /* before a name, an address or a number: blanks on both sides */
    PLACE_LINE,     /* at the begin of a line, a blank behind */
    PLACES
};

/* Signs that people write, with the places that they stand in, the likeliest of a place first. */
static const struct sign {
    gunichar c;
    const char *name;
    unsigned places;
} signs[] = {
    {0x2019, "an apostrophe", 1u << PLACE_IN_WORD},
    {0x2013, "a dash", 1u << PLACE_IN_RANGE | 1u << PLACE_BETWEEN},
    {0x201c, "an opening quotation mark", 1u << PLACE_OPENING},
    {0x201d, "a closing quotation mark", 1u << PLACE_CLOSING},
    {0x2192, "an arrow", 1u << PLACE_LEADING},
    {0x2022, "a bullet", 1u << PLACE_LINE},
    {0x2014, "a dash", 1u << PLACE_IN_WORD | 1u << PLACE_BETWEEN | 1u << PLACE_LEADING},
    {0x2026, "an ellipsis", ~0u},
    {0x2022, "a bullet", ~0u},
    {0x2122, "a trade mark sign", 1u << PLACE_CLOSING},
    {0x20ac, "a euro sign", ~0u},
    {0x2190, "an arrow", ~0u},
    {0x2705, "a check mark", 1u << PLACE_LINE},
    {0x2713, "a check mark", 1u << PLACE_LINE},
    {0x00a0, "a blank", ~0u},
    {0xfe0f, "", ~0u},
    {0xfeff, "", ~0u},
};
enum { SIGNS = sizeof signs / sizeof signs[0] };

/* A lead byte, the bytes behind it that came through, and where the text goes on. */
struct rest {
    unsigned char lead, kept[3];
    int count, wanted;
    const char *end;
};

static struct rest rest_of(const struct charset *charset, const char *at)
{
    struct rest rest = {.lead = charset_byte(charset, g_utf8_get_char(at)), .end = g_utf8_next_char(at)};
    rest.wanted = rest.lead >= 0xf0 && rest.lead < 0xf5   ? 3
                  : rest.lead >= 0xe0 && rest.lead < 0xf0 ? 2
                  : rest.lead >= 0xc2 && rest.lead < 0xe0 ? 1
                                                          : 0;
    while (rest.count < rest.wanted) {
        unsigned char byte = *rest.end ? charset_byte(charset, g_utf8_get_char(rest.end)) : 0;
        if ((byte & 0xc0) != 0x80)
            break;
        rest.kept[rest.count++] = byte;
        rest.end = g_utf8_next_char(rest.end);
    }
    return rest;
}

/* The sign's bytes, without those that this set loses, are those that were left over. */
static bool could_be(const struct charset *charset, const struct rest *rest, gunichar c)
{
    char utf8[8];
    int length = g_unichar_to_utf8(c, utf8), kept = 0;
    bool same = length == rest->wanted + 1 && (unsigned char)utf8[0] == rest->lead;
    for (int i = 1; same && i < length; i++) {
        unsigned char byte = (unsigned char)utf8[i];
        if (charset_lost(charset, byte))
            continue;
        same = kept < rest->count && rest->kept[kept] == byte;
        kept++;
    }
    return same && kept == rest->count;
}

static bool is_letter(gunichar c)
{
    return c && g_unichar_isalpha(c);
}

static enum place place_of(const char *text, const char *at, const char *end)
{
    gunichar before = at > text ? g_utf8_get_char(g_utf8_prev_char(at)) : '\n';
    gunichar behind = *end ? g_utf8_get_char(end) : '\n';
    if (is_letter(before) && is_letter(behind))
        return PLACE_IN_WORD;
    if (g_unichar_isdigit(before) && g_unichar_isdigit(behind))
        return PLACE_IN_RANGE;
    if (!is_space(before))
        return PLACE_CLOSING;
    if (!is_space(behind))
        return PLACE_OPENING;
    if (before == '\n')
        return PLACE_LINE;
    struct slice after = slice_of(end), word = next_word(&after);
    bool leads = word.length > 0 && (is_handle(word) || is_address(word) || g_ascii_isdigit(word.at[0]));
    return leads ? PLACE_LEADING : PLACE_BETWEEN;
}

/* NULL: nothing tells. *certain: the bytes leave no other. */
static const struct sign *sign_of(const struct charset *charset, const struct rest *rest, enum place place,
                                  bool *certain)
{
    const struct sign *found = NULL;
    int could = 0;
    for (int i = 0; i < SIGNS; i++) {
        if (!could_be(charset, rest, signs[i].c))
            continue;
        could += !found || found->c != signs[i].c;
        if (!found && (signs[i].places & 1u << place))
            found = &signs[i];
    }
    *certain = could == 1;
    return found;
}

/* An emoji of four bytes whose second, nearly always 9F, is all that is missing. */
static gunichar emoji_of(const struct charset *charset, const struct rest *rest)
{
    bool second = rest->lead == 0xf0 && rest->count == 2 && charset_lost(charset, 0x9f);
    return second ? 0x1f000u | (rest->kept[0] & 0x3fu) << 6 | (rest->kept[1] & 0x3fu) : 0;
}

/* A lead whose followers were lost in part, as this set loses them. */
static bool is_cut(const struct charset *charset, const char *at, struct rest *rest)
{
    *rest = rest_of(charset, at);
    bool possible = rest->lead == 0xc2 || (rest->lead == 0xf0 && (charset_lost(charset, 0x9f) || rest->count > 0));
    for (int i = 0; rest->lead && i < SIGNS && !possible; i++)
        possible = could_be(charset, rest, signs[i].c);
    return possible && rest->count < rest->wanted;
}

/* That this set was the one: sequences that only UTF-8 explains, or leads inside of words of another script. No letter
 * may be left that neither explains: then it is a letter. */
static bool is_proved(const struct charset *charset, const char *text)
{
    bool proof = false;
    gunichar before = '\n';
    for (const char *at = text, *next; *at; at = next) {
        struct rest rest;
        gunichar c = g_utf8_get_char(at);
        if (mend_character(charset, at, &next)) {
            proof = true;
        } else if (is_cut(charset, at, &rest)) {
            next = rest.end;
            gunichar behind = *next ? g_utf8_get_char(next) : '\n';
            bool in_latin =
                before < 0x80 && g_ascii_isalpha((char)before) && behind < 0x80 && g_ascii_isalpha((char)behind);
            proof |= rest.count > 0 || (charset->letters && in_latin);
        } else {
            if (charset_byte(charset, c) >= 0xc0 && g_unichar_isalpha(c))
                return false;
            next = g_utf8_next_char(at);
        }
        before = c;
    }
    return proof;
}

/* A few words around a sign, so that its author finds it. */
static struct slice around(const char *text, const char *from, const char *to)
{
    for (int i = 0; i < 18 && from > text && from[-1] != '\n'; i++)
        from = g_utf8_prev_char(from);
    for (int i = 0; i < 12 && *to && *to != '\n'; i++)
        to = g_utf8_next_char(to);
    return slice_to(from, to);
}

static char *mended(const struct charset *charset, const char *text, struct findings *findings)
{
    struct text whole = {0};
    const char *next;
    int certain_signs = 0, line = 1;
    for (const char *at = text; *at; at = next) {
        struct rest rest;
        char utf8[8];
        line += *at == '\n';
        gunichar c = mend_character(charset, at, &next);
        if (c || !is_cut(charset, at, &rest)) {
            next = c ? next : g_utf8_next_char(at);
            if (c)
                text_add_bytes(&whole, utf8, (size_t)g_unichar_to_utf8(c, utf8));
            else
                text_add_bytes(&whole, at, (size_t)(next - at));
            certain_signs += c != 0;
            continue;
        }
        bool certain = true;
        c = emoji_of(charset, &rest);
        const struct sign *sign = c ? NULL : sign_of(charset, &rest, place_of(text, at, rest.end), &certain);
        c = sign ? sign->c : c ? c : rest.lead == 0xc2 ? ' ' : MARK_POINTER;
        text_add_bytes(&whole, utf8, (size_t)g_unichar_to_utf8(c, utf8));
        certain |= rest.lead == 0xc2; /* only a blank that does not break is written so */
        certain_signs += c != MARK_POINTER && certain;
        if (c == MARK_POINTER || !certain) {
            struct text said = {0};
            struct slice where = around(text, at, rest.end);
            text_format(&said, "%s: ", sign ? sign->name : rest.lead == 0xf0 ? "an emoji" : "a sign");
            text_add_bytes(&said, where.at, where.length);
            findings_add(findings, c == MARK_POINTER ? FINDING_LOST : FINDING_GUESSED, line, 1,
                         slice_of(said.bytes ? said.bytes : ""));
            text_free(&said);
        }
        next = rest.end;
    }
    if (certain_signs > 0)
        findings_add(findings, FINDING_MENDED, 0, certain_signs, slice_of(charset->name));
    return text_take(&whole);
}

char *mend_lost(const char *text, const struct charset *charsets, size_t count, struct findings *findings)
{
    for (size_t i = 0; i < count; i++)
        if ((charsets[i].loses_controls || charsets[i].loses_unknown) && is_proved(&charsets[i], text))
            return mended(&charsets[i], text, findings);
    return strdup(text);
}
