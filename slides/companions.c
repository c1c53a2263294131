#include "slides/companions.h"

#include <pango/pango.h>
#include <string.h>
#include <strings.h>

/* Scripts by their blocks of Unicode; several rows may name the same script. */
enum script { LATIN, GREEK, ARMENIAN, HEBREW, ARABIC, DEVANAGARI, BENGALI, TAMIL, THAI, GEORGIAN, HAN, SYMBOLS, EMOJI };
enum { SCRIPTS = EMOJI + 1, CHOICES = 3 };

static const struct {
    uint32_t first, last;
    enum script script;
} blocks[] = {
    {0x0370, 0x03ff, GREEK},   {0x0400, 0x052f, GREEK},  {0x1f00, 0x1fff, GREEK},      {0x0530, 0x058f, ARMENIAN},
    {0x0590, 0x05ff, HEBREW},  {0x0600, 0x06ff, ARABIC}, {0x0750, 0x077f, ARABIC},     {0x08a0, 0x08ff, ARABIC},
    {0xfb50, 0xfdff, ARABIC},  {0xfe70, 0xfefe, ARABIC}, {0x0900, 0x097f, DEVANAGARI}, {0x0980, 0x09ff, BENGALI},
    {0x0b80, 0x0bff, TAMIL},   {0x0e00, 0x0e7f, THAI},   {0x10a0, 0x10ff, GEORGIAN},   {0x1100, 0x11ff, HAN},
    {0x2e80, 0x33ff, HAN},     {0x3400, 0x9fff, HAN},    {0xac00, 0xd7ff, HAN},        {0xf900, 0xfaff, HAN},
    {0xfe30, 0xfe4f, HAN},     {0xff00, 0xffef, HAN},    {0x20000, 0x3ffff, HAN},      {0x2190, 0x25ff, SYMBOLS},
    {0x27c0, 0x2bff, SYMBOLS}, {0x2600, 0x27bf, EMOJI},  {0x1d400, 0x1d7ff, SYMBOLS},  {0x1f000, 0x1faff, EMOJI},
};

/* Greek stands for Cyrillic too: a pair lacks either or neither, and one family has both. */
static const struct {
    const char *families[CHOICES], *package;
} companions[SCRIPTS] = {
    [GREEK] = {{"Noto Sans", "DejaVu Sans"}, "fonts-noto-core"},
    [ARMENIAN] = {{"Noto Sans Armenian", "DejaVu Sans"}, "fonts-noto-core"},
    [HEBREW] = {{"Noto Sans Hebrew", "DejaVu Sans"}, "fonts-noto-core"},
    [ARABIC] = {{"Noto Sans Arabic", "DejaVu Sans"}, "fonts-noto-core"},
    [DEVANAGARI] = {{"Noto Sans Devanagari"}, "fonts-noto-core"},
    [BENGALI] = {{"Noto Sans Bengali"}, "fonts-noto-core"},
    [TAMIL] = {{"Noto Sans Tamil"}, "fonts-noto-core"},
    [THAI] = {{"Noto Sans Thai"}, "fonts-noto-core"},
    [GEORGIAN] = {{"Noto Sans Georgian", "DejaVu Sans"}, "fonts-noto-core"},
    [HAN] = {{NULL, "Droid Sans Fallback"}, "fonts-noto-cjk"}, /* the first by the deck's language */
    [SYMBOLS] = {{"Noto Sans Math", "Noto Sans Symbols2", "DejaVu Sans"}, "fonts-noto-core"},
    [EMOJI] = {{"Noto Color Emoji"}, "fonts-noto-color-emoji"},
};

/* The shapes of Han that readers of a language expect. */
static const struct {
    const char *lang, *sans, *mono;
} han[] = {
    {"zh-TW", "Noto Sans CJK TC", "Noto Sans Mono CJK TC"}, {"zh-Hant", "Noto Sans CJK TC", "Noto Sans Mono CJK TC"},
    {"zh-HK", "Noto Sans CJK HK", "Noto Sans Mono CJK HK"}, {"ja", "Noto Sans CJK JP", "Noto Sans Mono CJK JP"},
    {"ko", "Noto Sans CJK KR", "Noto Sans Mono CJK KR"},    {"", "Noto Sans CJK SC", "Noto Sans Mono CJK SC"}};
enum { HANS = sizeof han / sizeof han[0] };

static enum script script_of(uint32_t character)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (character >= blocks[i].first && character <= blocks[i].last)
            return blocks[i].script;
    return LATIN;
}

static const char *han_family(const char *lang, bool mono)
{
    size_t i = 0;
    while (i + 1 < HANS && strncasecmp(lang ? lang : "", han[i].lang, strlen(han[i].lang)) != 0)
        i++;
    return mono ? han[i].mono : han[i].sans;
}

void companions_add(struct text *families, const char *plain, const char *lang, bool mono)
{
    bool seen[SCRIPTS] = {false};
    for (const char *at = plain; *at; at = g_utf8_next_char(at))
        if ((unsigned char)*at >= 0x80)
            seen[script_of(g_utf8_get_char(at))] = true;
    for (int script = LATIN + 1; script < SCRIPTS; script++)
        for (int choice = 0; choice < CHOICES && seen[script]; choice++) {
            const char *family = companions[script].families[choice];
            if (script == HAN && choice == 0)
                family = han_family(lang, mono);
            if (family)
                text_format(families, ",%s", family);
        }
}

bool companion_is(const char *family)
{
    for (size_t i = 0; i < HANS; i++)
        if (strcasecmp(family, han[i].sans) == 0 || strcasecmp(family, han[i].mono) == 0)
            return true;
    for (int script = LATIN + 1; script < SCRIPTS; script++)
        for (int choice = 0; choice < CHOICES; choice++)
            if (companions[script].families[choice] && strcasecmp(family, companions[script].families[choice]) == 0)
                return true;
    return false;
}

const char *companion_package(uint32_t character)
{
    return companions[script_of(character)].package;
}
