#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/thread/mend.h"

enum { ROUNDS = 3 };

/* How many bytes follow a lead byte; 0: it is none. */
static int followers(unsigned char lead)
{
    return lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
}

gunichar mend_character(const struct charset *charset, const char *at, const char **next)
{
    static const gunichar least[] = {0, 0x80, 0x800, 0x10000};
    unsigned char lead = charset_byte(charset, g_utf8_get_char(at));
    int more = followers(lead);
    gunichar c = lead & (0x3f >> more);
    for (int i = 0; i < more; i++) {
        at = g_utf8_next_char(at);
        unsigned char byte = *at ? charset_byte(charset, g_utf8_get_char(at)) : 0;
        if ((byte & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (byte & 0x3f);
    }
    bool valid = more > 0 && c >= least[more] && c < 0x110000 && (c < 0xd800 || c > 0xdfff);
    *next = valid ? g_utf8_next_char(at) : at;
    return valid ? c : 0;
}

/* Signs that stand alone in a text: punctuation, arrows, symbols, emojis, and letters with accents. */
static bool is_sign(gunichar c)
{
    return (c >= 0xa0 && c < 0x100) || (c >= 0x2000 && c < 0x2c00) || (c >= 0xfe00 && c < 0xfe10) || c == 0xfeff ||
           c == 0xfffd || (c >= 0x1d400 && c < 0x1d800) || (c >= 0x1f000 && c < 0x1fb00);
}

/* The length of the run of such sequences from `at`, up to three. */
static int run_length(const struct charset *charset, const char *at)
{
    int length = 0;
    while (length < 3 && *at && mend_character(charset, at, &at))
        length++;
    return length;
}

/* A letter of another script by itself is more likely two signs that happen to fit; words of them are no chance. */
static gunichar plausible(const struct charset *charset, const char *at, int run_before, const char **next)
{
    gunichar c = mend_character(charset, at, next);
    if (!c || is_sign(c))
        return c;
    bool other = g_unichar_isalpha(c) || g_unichar_ismark(c);
    return other && run_before + run_length(charset, at) >= 3 ? c : 0;
}

/* Letters of a script other than Latin that no sequence explains: then the text is in that script. */
static int unexplained(const struct charset *charset, const char *text, int *explained)
{
    int letters = 0, run = 0;
    *explained = 0;
    while (*text) {
        const char *next;
        gunichar c = g_utf8_get_char(text);
        if (plausible(charset, text, run, &next)) {
            ++*explained;
            run++;
            text = next;
            continue;
        }
        unsigned char byte = charset_byte(charset, c);
        letters += g_unichar_isalpha(c) && byte >= 0xc0 && !followers(byte);
        run = 0;
        text = g_utf8_next_char(text);
    }
    return letters;
}

/* The set that explains most; NULL: none explains anything. */
static const struct charset *best(const char *text, const struct charset *charsets, size_t count)
{
    const struct charset *found = NULL;
    int most = 0;
    for (size_t i = 0; i < count; i++) {
        int explained, letters = unexplained(&charsets[i], text, &explained);
        if (explained > most && !(charsets[i].letters && letters > 0)) {
            most = explained;
            found = &charsets[i];
        }
    }
    return found;
}

static char *mended(const struct charset *charset, const char *text, int *count)
{
    struct text whole = {0};
    int run = 0;
    *count = 0;
    while (*text) {
        const char *next = g_utf8_next_char(text);
        char utf8[8];
        gunichar c = plausible(charset, text, run, &next);
        if (c)
            text_add_bytes(&whole, utf8, (size_t)g_unichar_to_utf8(c, utf8));
        else
            text_add_bytes(&whole, text, (size_t)(next = g_utf8_next_char(text)) - (size_t)text);
        *count += c != 0;
        run = c ? run + 1 : 0;
        text = next;
    }
    return text_take(&whole);
}

char *mend_whole(const char *text, const struct charset *charsets, size_t count, struct findings *findings)
{
    char *whole = strdup(text);
    for (int round = 0; whole && round < ROUNDS; round++) {
        const struct charset *charset = best(whole, charsets, count);
        if (!charset)
            break;
        int signs;
        char *better = mended(charset, whole, &signs);
        findings_add(findings, FINDING_MENDED, 0, signs, slice_of(charset->name));
        free(whole);
        whole = better;
    }
    return whole;
}
