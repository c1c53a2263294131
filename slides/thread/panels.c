/* panels.c - labels of the page's own panels, copied along with the thread: told by their manner, not by their words.
 */
#include <string.h>

#include "slides/thread/lines.h"

enum { LABEL_WORDS = 10, LEAST_LINES = 5 };

/* A label has no end of a sentence, no colon, no number over it, nothing of a list or a person. */
static bool is_label(struct slice words)
{
    gunichar last = slice_last(words), first = slice_first(words);
    struct slice rest = words, word = next_word(&rest);
    if (slice_words(words) > LABEL_WORDS || is_handle(word) || is_address(word))
        return false;
    return g_unichar_isupper(first) && !(last < 0x80 && strchr(".!?:;,", (int)last)) && last != 0x2026 &&
           last != 0x2019;
}

/* A heading: every word but the smallest begins with a capital. */
static bool is_heading(struct slice words)
{
    struct slice rest = words, word;
    int small = 0, count = 0;
    while ((word = next_word(&rest)).length > 0) {
        gunichar first = slice_first(word);
        count += g_unichar_isalpha(first) != 0;
        small += word.length > 3 && g_unichar_islower(first);
    }
    return is_label(words) && count > 0 && count <= 5 && small == 0;
}

struct run {
    size_t from, to; /* lines, the second not included */
    int lines, labels, headings, words;
};

/* The lines up to a blank one. */
static struct run run_at(const struct lines *lines, size_t from)
{
    struct run run = {.from = from, .to = from};
    for (; run.to < lines->count && lines->items[run.to].role != LINE_BLANK; run.to++) {
        if (lines->items[run.to].role != LINE_WORDS)
            continue;
        struct slice words = lines->items[run.to].words;
        run.lines++;
        run.labels += is_label(words);
        run.headings += is_heading(words);
        run.words += slice_words(words);
    }
    return run;
}

/* Mostly labels, and headings among them; the odd hint of a whole sentence may stand between. */
static bool is_panel(const struct run *run)
{
    return run->lines >= LEAST_LINES && run->labels * 4 >= run->lines * 3 && run->headings * 3 >= run->lines;
}

static void mark(struct lines *lines, const struct run *run)
{
    for (size_t i = run->from; i < run->to; i++)
        if (lines->items[i].role == LINE_WORDS)
            lines->items[i].role = LINE_FURNITURE;
}

static int words_of(const struct lines *lines)
{
    int words = 0;
    for (size_t i = 0; i < lines->count; i++)
        words += lines->items[i].role == LINE_WORDS ? slice_words(lines->items[i].words) : 0;
    return words;
}

/* From the first line or to the last, and less than half of all words: a thread of short lines alone is no panel. */
void panels_mark(struct lines *lines)
{
    int all = words_of(lines), panel_words = 0;
    for (int from_end = 0; from_end < 2; from_end++) {
        size_t at = from_end ? lines->count : 0;
        for (bool panel = true; panel;) {
            while (from_end && at > 0 && lines->items[at - 1].role != LINE_WORDS)
                at--;
            while (from_end && at > 0 && lines->items[at - 1].role != LINE_BLANK)
                at--;
            while (!from_end && at < lines->count && lines->items[at].role != LINE_WORDS)
                at++;
            struct run run = run_at(lines, at);
            panel = is_panel(&run) && (panel_words + run.words) * 2 < all;
            if (panel)
                mark(lines, &run);
            panel_words += panel ? run.words : 0;
            at = from_end ? at : run.to;
        }
    }
}
