#include "slides/thread/items.h"

#include <string.h>

/* "and" as the last word, in the languages that calls are known in. */
static bool is_glue(struct slice word)
{
    static const char *const words[] = {"and", "or", "&", "und", "oder", "y", "o", "et", "ou", "e", "and/or"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_is(word, words[i]))
            return true;
    return false;
}

static struct slice without_comma(struct slice text)
{
    while (text.length > 0 && (text.at[text.length - 1] == ',' || text.at[text.length - 1] == ';'))
        text.length--;
    return slice_trimmed(text);
}

/* One letter alone is glue only behind a comma: "vitamin e" is none. */
struct slice item_unglued(struct slice text)
{
    struct slice bare = without_comma(slice_trimmed(text));
    const char *last = slice_end(bare);
    while (last > bare.at && last[-1] != ' ')
        last--;
    struct slice word = slice_tail(bare, last), before = slice_trimmed(slice_to(bare.at, last));
    bool behind_comma =
        before.length > 0 && (before.at[before.length - 1] == ',' || before.at[before.length - 1] == ';');
    if (before.length == 0 || !is_glue(word) || (word.length == 1 && !behind_comma))
        return bare;
    return without_comma(before);
}

static const struct {
    const char *written;
    int sign;
} signs[] = {{" \xe2\x86\x92 ", 0}, {" -> ", 0},          {" => ", 0}, {" = ", 1}, {": ", 2},
             {" \xe2\x80\x93 ", 3}, {" \xe2\x80\x94 ", 3}};

static const char *find(struct slice text, const char *sign)
{
    return text.length > 0 ? memmem(text.at, text.length, sign, strlen(sign)) : NULL;
}

int item_split(struct slice text, struct slice *label, struct slice *value)
{
    const char *at = NULL;
    size_t which = 0;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const char *found = find(text, signs[i].written);
        if (found && (!at || found < at)) {
            at = found;
            which = i;
        }
    }
    if (!at)
        return -1;
    *label = slice_trimmed(slice_to(text.at, at));
    *value = slice_trimmed(slice_tail(text, at + strlen(signs[which].written)));
    bool again = find(*value, signs[which].written) != NULL;
    return again || slice_words(*label) == 0 || slice_words(*value) == 0 ? -1 : signs[which].sign;
}

bool item_is_short(struct slice text, int words, long letters)
{
    struct slice rest = text, word;
    while ((word = next_word(&rest)).length > 0)
        if (g_utf8_strlen(word.at, (gssize)word.length) > letters)
            return false;
    return slice_words(text) <= words;
}
