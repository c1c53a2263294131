#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { LONGEST = 256, MOST = 8 };

/* "n" for "N" is a slip of the shift key. */
static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Levenshtein's distance with one row; names are cut at LONGEST bytes. */
static size_t distance(const char *a, const char *b)
{
    size_t columns = strnlen(b, LONGEST), rows = strnlen(a, LONGEST);
    size_t row[LONGEST + 1];
    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t best = diagonal + !same(a[i - 1], b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[columns];
}

char *nearest_sentence(const char *wanted, const char *const *names, size_t count, size_t most)
{
    const char *best[MOST] = {0};
    size_t far[MOST], kept = 0;
    if (most > MOST)
        most = MOST;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(wanted, names[i]);
        size_t longer = strnlen(wanted, LONGEST) > strnlen(names[i], LONGEST) ? strnlen(wanted, LONGEST)
                                                                              : strnlen(names[i], LONGEST);
        if (d * 3 > longer * 2) /* two thirds of the letters differ: not a likely slip */
            continue;
        size_t at = kept < most ? kept++ : most;
        if (at == most && (most == 0 || far[most - 1] <= d))
            continue;
        if (at == most)
            at--;
        while (at > 0 && far[at - 1] > d) {
            best[at] = best[at - 1];
            far[at] = far[at - 1];
            at--;
        }
        best[at] = names[i];
        far[at] = d;
    }
    if (kept == 0)
        return NULL;
    struct text sentence = {0};
    text_add(&sentence, "Did you mean ");
    for (size_t i = 0; i < kept; i++)
        text_format(&sentence, "%s%s", i == 0 ? "" : i + 1 == kept ? " or " : ", ", best[i]);
    text_add(&sentence, "?");
    return text_take(&sentence);
}
