#include "slides/thread/recode.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { LONG_WORD = 4096 };

static const struct {
    const char *mark;
    size_t length;
    const char *charset;
} marks[] = {{"\xff\xfe\0\0", 4, "UTF-32LE"},
             {"\0\0\xfe\xff", 4, "UTF-32BE"},
             {"\xff\xfe", 2, "UTF-16LE"},
             {"\xfe\xff", 2, "UTF-16BE"},
             {"\xef\xbb\xbf", 3, "UTF-8"}};

struct census {
    size_t even_nuls, odd_nuls, controls, valid, broken;
};

/* How the bytes look as ASCII, and as UTF-8. */
static struct census count(const char *bytes, size_t length)
{
    struct census census = {0};
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        census.even_nuls += byte == 0 && i % 2 == 0;
        census.odd_nuls += byte == 0 && i % 2 == 1;
        census.controls += (byte < 0x20 && !strchr("\t\n\v\f\r\x1b", byte)) || byte == 0x7f;
    }
    for (size_t i = 0; i < length;) {
        gunichar c = g_utf8_get_char_validated(bytes + i, (gssize)(length - i));
        bool broken = c == (gunichar)-1 || c == (gunichar)-2;
        census.broken += broken;
        census.valid += !broken && c >= 0x80;
        i += broken || c == 0 ? 1 : (size_t)(g_utf8_next_char(bytes + i) - (bytes + i));
    }
    return census;
}

/* NULL: this is no text. */
static const char *charset_of(const char *bytes, size_t length, size_t *mark)
{
    *mark = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (length >= marks[i].length && memcmp(bytes, marks[i].mark, marks[i].length) == 0) {
            *mark = marks[i].length;
            return marks[i].charset;
        }
    struct census census = count(bytes, length);
    if (census.odd_nuls > length / 5 && census.even_nuls == 0)
        return "UTF-16LE";
    if (census.even_nuls > length / 5 && census.odd_nuls == 0)
        return "UTF-16BE";
    if (census.even_nuls + census.odd_nuls > 0 || census.controls > 8 + length / 1000)
        return NULL;
    if (census.broken <= census.valid / 10)
        return "UTF-8";
    return census.broken > length / 3 ? NULL : "CP1252";
}

/* Blanks of a page become those of a text; lone surrogates and the like are U+FFFD by now. */
static char *with_plain_lines(const char *text)
{
    struct text plain = {0};
    while (*text) {
        gunichar c = g_utf8_get_char(text);
        const char *next = g_utf8_next_char(text);
        bool line = c == '\r' || c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029;
        if (c == '\r' && *next == '\n')
            next++;
        if (line)
            text_add(&plain, c == 0x2029 ? "\n\n" : "\n");
        else
            text_add_bytes(&plain, text, (size_t)(next - text));
        text = next;
    }
    return text_take(&plain);
}

/* Letters and their marks become one character, word by word: GLib's time grows with the square of the length. */
static char *composed(const char *text)
{
    struct text whole = {0};
    while (*text) {
        size_t length = strcspn(text, " \n"), blanks = strspn(text + length, " \n");
        char *word = length < LONG_WORD ? g_utf8_normalize(text, (gssize)length, G_NORMALIZE_DEFAULT_COMPOSE) : NULL;
        if (word)
            text_add(&whole, word);
        else
            text_add_bytes(&whole, text, length);
        text_add_bytes(&whole, text + length, blanks);
        g_free(word);
        text += length + blanks;
    }
    return text_take(&whole);
}

static enum status refuse(const char *name, const char *remedy, const char *what, struct diags *diags)
{
    diags_error(diags, name, 0, remedy, "%s", what);
    return STATUS_BAD_INPUT;
}

enum status recode(const char *bytes, size_t length, const char *name, char **text, struct findings *findings,
                   struct diags *diags)
{
    size_t mark;
    const char *charset = charset_of(bytes, length, &mark);
    gsize written = 0;
    char *whole = NULL;
    *text = NULL;
    if (charset && strcmp(charset, "UTF-8") == 0)
        whole = g_utf8_make_valid(bytes + mark, (gssize)(length - mark));
    else if (charset)
        whole = g_convert(bytes + mark, (gssize)(length - mark), "UTF-8", charset, NULL, &written, NULL);
    bool cut = whole && written > 0 && strlen(whole) != written; /* a NUL inside */
    if (!whole || cut || !g_utf8_validate(whole, -1, NULL)) {
        g_free(whole);
        return refuse(name, "Paste the thread into a text file and save it as UTF-8.", "this is no text", diags);
    }
    char *normal = composed(whole);
    g_free(whole);
    *text = normal ? with_plain_lines(normal) : NULL;
    free(normal);
    if (!*text) {
        diags_error(diags, name, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    if (slice_trimmed(slice_of(*text)).length == 0)
        return refuse(name, "Paste the thread's posts into it, one after the other.", "this thread is empty", diags);
    if (strcmp(charset, "UTF-8") != 0)
        findings_add(findings, FINDING_ENCODING, 0, 1, slice_of(charset));
    return STATUS_OK;
}
