#include "slides/thread/author.h"

#include <string.h>

#include "slides/thread/typeset.h"

/* Without the punctuation behind it. */
static struct slice bare_handle(struct slice word)
{
    size_t length = 1;
    while (length < word.length && (g_ascii_isalnum(word.at[length]) || strchr("_.-", word.at[length])))
        length++;
    while (length > 1 && strchr(".-", word.at[length - 1]))
        length--;
    return slice_to(word.at, word.at + length);
}

static struct slice asked_for(const struct phrases *post)
{
    static const char *const cues[] = {"follow", "find me",    "i'm @",   "i\xe2\x80\x99m @", "i am @", "by @",
                                       "me @",   "written by", "connect", "s\xc3\xadgueme",   "folge",  "suivez"};
    for (size_t i = 0; i < post->count; i++) {
        struct slice rest = post->items[i].text, word;
        bool asks = false;
        for (size_t c = 0; c < sizeof cues / sizeof cues[0]; c++)
            asks |= slice_has(post->items[i].text, cues[c]);
        while (asks && (word = next_word(&rest)).length > 0)
            if (is_handle(word))
                return bare_handle(word);
    }
    return (struct slice){NULL, 0};
}

struct slice author_handle(const struct lines *lines, const struct phrases *posts, size_t count)
{
    if (lines->handle.length || count == 0)
        return lines->handle;
    struct slice handle = asked_for(&posts[count - 1]);
    return handle.length ? handle : asked_for(&posts[0]);
}

/* The first letters of the first and the last word. */
static void add_initials(struct text *to, struct slice name, int most)
{
    struct slice rest = name, word, last = {NULL, 0};
    char utf8[8];
    for (int i = 0; (word = next_word(&rest)).length > 0; i++) {
        if (!g_unichar_isalpha(slice_first(word)))
            continue;
        if (last.length == 0)
            text_add_bytes(to, utf8, (size_t)g_unichar_to_utf8(g_unichar_toupper(slice_first(word)), utf8));
        last = last.length || i == 0 || to->length == 0 ? word : word;
    }
    rest = name;
    word = next_word(&rest);
    if (most > 1 && last.length && last.at != word.at && to->length > 0)
        text_add_bytes(to, utf8, (size_t)g_unichar_to_utf8(g_unichar_toupper(slice_first(last)), utf8));
}

static void add_field(struct text *to, const char *key, const char *value)
{
    text_format(to, "%s: ", key);
    typeset_yaml(to, value ? value : "");
    text_add(to, "\n");
}

char *author_brand(struct slice person, struct slice handle)
{
    struct text yaml = {0}, name = {0}, at = {0}, mark = {0}, initials = {0};
    if (person.length == 0 && handle.length == 0)
        return NULL;
    struct slice spoken = person;
    if (spoken.length == 0) /* "@_ada" is called "ada" */
        for (spoken = slice_tail(handle, handle.at + 1); spoken.length > 1 && !g_ascii_isalpha(spoken.at[0]);)
            spoken = slice_tail(spoken, spoken.at + 1);
    typeset(&name, spoken, TYPESET_PLAIN);
    typeset(&at, handle, TYPESET_PLAIN);
    add_initials(&mark, spoken, 1);
    add_initials(&initials, spoken, 2);
    text_add(&yaml, "# Who speaks on every slide. Made from the thread: change what is not so.\n");
    add_field(&yaml, "name", name.bytes);
    add_field(&yaml, "mark", mark.length ? mark.bytes : "@");
    add_field(&yaml, "person", name.bytes);
    add_field(&yaml, "initials", initials.length ? initials.bytes : "@");
    if (handle.length)
        add_field(&yaml, "handle", at.bytes);
    text_free(&name);
    text_free(&at);
    text_free(&mark);
    text_free(&initials);
    return text_take(&yaml);
}

static const struct {
    GUnicodeScript script;
    const char *language;
} scripts[] = {{G_UNICODE_SCRIPT_ARABIC, "ar"},    {G_UNICODE_SCRIPT_HEBREW, "he"},   {G_UNICODE_SCRIPT_HIRAGANA, "ja"},
               {G_UNICODE_SCRIPT_KATAKANA, "ja"},  {G_UNICODE_SCRIPT_HANGUL, "ko"},   {G_UNICODE_SCRIPT_HAN, "zh"},
               {G_UNICODE_SCRIPT_GREEK, "el"},     {G_UNICODE_SCRIPT_CYRILLIC, "ru"}, {G_UNICODE_SCRIPT_THAI, "th"},
               {G_UNICODE_SCRIPT_DEVANAGARI, "hi"}};
enum { SCRIPTS = sizeof scripts / sizeof scripts[0] };

/* The commonest words of languages in Latin letters; those that two of them share are in neither. */
static const struct {
    const char *language, *words;
} commonest[] = {{"en", " the and of to is that it with for this you are "},
                 {"de", " der die und das ist nicht ein eine mit auf den zu von "},
                 {"fr", " le les et est une des du pas pour dans qui nous "},
                 {"es", " el los las y es una por para como con del que "},
                 {"it", " il gli e che di una per non sono della con "},
                 {"pt", " o os e uma n\xc3\xa3o para com do da em que "},
                 {"nl", " de het een en van is niet op dat voor met "}};
enum { LANGUAGES = sizeof commonest / sizeof commonest[0] };

static const char *latin_language(const char *text)
{
    int counts[LANGUAGES] = {0}, best = 0;
    struct slice rest = slice_of(text), word;
    while ((word = next_word(&rest)).length > 0) {
        char padded[16];
        if (word.length + 3 > sizeof padded)
            continue;
        size_t length = 0;
        padded[length++] = ' ';
        for (size_t i = 0; i < word.length; i++)
            padded[length++] = g_ascii_tolower(word.at[i]);
        padded[length++] = ' ';
        padded[length] = '\0';
        for (int i = 0; i < LANGUAGES; i++)
            counts[i] += strstr(commonest[i].words, padded) != NULL;
    }
    for (int i = 1; i < LANGUAGES; i++)
        best = counts[i] > counts[best] ? i : best;
    return commonest[best].language;
}

const char *author_language(const char *text)
{
    size_t counts[SCRIPTS] = {0}, latin = 0, most = 0;
    const char *language = NULL;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        GUnicodeScript script = g_unichar_get_script(g_utf8_get_char(at));
        latin += script == G_UNICODE_SCRIPT_LATIN;
        for (int i = 0; i < SCRIPTS; i++)
            counts[i] += scripts[i].script == script;
    }
    for (int i = 0; i < SCRIPTS; i++) /* in the table's order: Japanese has kana among its Han */
        if (counts[i] > most && !(most > 0 && strcmp(scripts[i].language, "zh") == 0 && language[0] == 'j')) {
            most = counts[i];
            language = scripts[i].language;
        }
    return most * 2 > latin && language ? language : latin_language(text);
}
