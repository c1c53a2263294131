#include "slides/thread/charset.h"

#include <iconv.h>
#include <stdlib.h>

/* In the order of how often they are met: of two that explain a text equally well the first is taken. */
static const struct {
    const char *name;
    bool loses_controls, loses_unknown, letters;
} table[] = {{"CP1252", false, true, false},     {"ISO-8859-1", true, false, false},  {"ISO-8859-7", true, false, true},
             {"CP1253", false, true, true},      {"ISO-8859-15", true, false, false}, {"CP1251", false, true, true},
             {"MACINTOSH", false, false, false}, {"CP850", false, false, false},      {"CP437", false, false, false}};
enum { CHARSETS = sizeof table / sizeof table[0] };

static void fill(struct charset *charset, iconv_t to_utf8)
{
    for (int byte = 0x80; byte < 0x100; byte++) {
        char from = (char)byte, into[8] = {0};
        char *in = &from, *out = into;
        size_t in_left = 1, out_left = sizeof into - 1;
        iconv(to_utf8, NULL, NULL, NULL, NULL);
        bool known = iconv(to_utf8, &in, &in_left, &out, &out_left) != (size_t)-1 && out > into;
        /* Browsers read a byte that Windows has no character for as the control character of that number. */
        gunichar c = known ? g_utf8_get_char(into) : (gunichar)byte;
        charset->known[byte] = known;
        if (c < CHARSET_HIGHEST && !charset->byte_of[c])
            charset->byte_of[c] = (unsigned char)byte;
    }
}

struct charset *charsets_open(size_t *count)
{
    struct charset *charsets = calloc(CHARSETS, sizeof *charsets);
    *count = 0;
    for (int i = 0; charsets && i < CHARSETS; i++) {
        iconv_t to_utf8 = iconv_open("UTF-8", table[i].name);
        if (to_utf8 == (iconv_t)-1)
            continue;
        struct charset *charset = &charsets[(*count)++];
        charset->name = table[i].name;
        charset->loses_controls = table[i].loses_controls;
        charset->loses_unknown = table[i].loses_unknown;
        charset->letters = table[i].letters;
        fill(charset, to_utf8);
        iconv_close(to_utf8);
    }
    return charsets;
}

unsigned char charset_byte(const struct charset *charset, gunichar c)
{
    return c >= 0x80 && c < CHARSET_HIGHEST ? charset->byte_of[c] : 0;
}

bool charset_lost(const struct charset *charset, unsigned char byte)
{
    return (charset->loses_controls && byte >= 0x80 && byte < 0xa0) ||
           (charset->loses_unknown && !charset->known[byte]);
}
