/* outline_outro.c - the last slide: the author's own call, in the author's own words. */
#include <stdlib.h>
#include <string.h>

#include "slides/thread/outline.h"
#include "slides/thread/sentence.h"

enum { TITLE_WORDS = 10, BUTTON_WORDS = 6, BUTTON_LETTERS = 34, BESIDE_WORDS = 26, ALONE_WORDS = 28 };

static bool calls(struct slice text)
{
    static const char *const cues[] = {"that's a wrap",
                                       "that\xe2\x80\x99s a wrap",
                                       "that's it",
                                       "that's all",
                                       "that\xe2\x80\x99s all",
                                       "that\xe2\x80\x99s it",
                                       "thanks for reading",
                                       "thank you for reading",
                                       "follow ",
                                       "find me",
                                       "reshare",
                                       "repost",
                                       "retweet",
                                       "share this",
                                       "share it",
                                       "subscribe",
                                       "newsletter",
                                       "bookmark",
                                       "save this",
                                       "comment below",
                                       "let me know",
                                       "drop a comment",
                                       "tag a friend",
                                       "sign up",
                                       "join ",
                                       "enjoyed this",
                                       "found this",
                                       "found it",
                                       "s\xc3\xadgueme",
                                       "comparte",
                                       "folge mir",
                                       "teile",
                                       "abonne",
                                       "partage"};
    for (size_t i = 0; i < sizeof cues / sizeof cues[0]; i++)
        if (slice_has(text, cues[i]))
            return true;
    return false;
}

static bool is_link_alone(struct slice text)
{
    return slice_first(text) == MARK_LINK_OPEN || (is_address(text) && !memchr(text.at, ' ', text.length));
}

static bool has_handle(struct slice text)
{
    struct slice rest = text, word;
    while ((word = next_word(&rest)).length > 0)
        if (is_handle(word))
            return true;
    return false;
}

size_t outline_outro_from(const struct phrases *post)
{
    for (size_t i = 0; i < post->count; i++)
        if (post->items[i].kind != PHRASE_ITEM && calls(post->items[i].text))
            return i;
    return post->count > 0 && is_link_alone(post->items[0].text) ? 0 : post->count;
}

/* A call that fits on a button: one with a handle first, else any. */
static size_t button_of(const struct phrase *phrases, size_t count, size_t title)
{
    size_t found = count;
    for (size_t i = count; i-- > 0;) {
        struct slice text = phrases[i].text;
        bool fits = slice_words(text) <= BUTTON_WORDS && g_utf8_strlen(text.at, (gssize)text.length) <= BUTTON_LETTERS;
        if (i != title && fits && (calls(text) || has_handle(text)) && !is_link_alone(text) &&
            (found == count || has_handle(text)))
            found = i;
    }
    return found;
}

/* Who speaks, the title, the button and an address take most of a square slide: beside them there is room for one call,
 * or for a sentence as short. */
static void choose(const struct phrase *phrases, size_t count, size_t title, size_t button, bool *stays)
{
    int words = 0, most = title == count && button == count ? ALONE_WORDS : BESIDE_WORDS;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            int more = slice_words(phrases[i].text);
            bool room = words + more <= most && !stays[i];
            bool first = is_link_alone(phrases[i].text) || calls(phrases[i].text);
            if (i == title || i == button || !room || (pass == 0 && !first))
                continue;
            stays[i] = true;
            words += more;
        }
}

/* What does not stay comes on slides before the last. */
static void before_outro(struct outline *outline, const struct phrase *phrases, size_t count, const bool *stays)
{
    for (size_t i = 0; i < count;) {
        size_t run = 0;
        while (i + run < count && !stays[i + run])
            run++;
        if (run > 0)
            outline_phrases(outline, phrases + i, run, (struct slice){NULL, 0});
        i += run ? run : 1;
    }
}

/* Kinds of call as slides/calls/ has them. Their own words stand in for what a slide lacks, and no word here is to be
 * other than the author's: so only where nothing is lacking. */
static const char *call_of(const struct outline_slide *slide)
{
    static const struct {
        const char *cue, *call;
    } calls[] = {{"find me", "follow"},  {"follow", "follow"},       {"save", "save"},
                 {"bookmark", "save"},   {"subscribe", "subscribe"}, {"newsletter", "subscribe"},
                 {"share", "share"},     {"repost", "share"},        {"retweet", "share"},
                 {"comment", "comment"}, {"let me know", "comment"}};
    if (slide->title.length == 0 || slide->part_count == 0 || slide->button.length == 0)
        return NULL;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (slice_has(slide->button, calls[i].cue))
            return calls[i].call;
    return NULL;
}

void outline_outro(struct outline *outline, const struct phrase *phrases, size_t count)
{
    size_t title = slice_words(phrases[0].text) <= TITLE_WORDS && !is_link_alone(phrases[0].text) ? 0 : count;
    size_t button = button_of(phrases, count, title);
    bool *stays = calloc(count + 1, sizeof *stays);
    if (!stays) {
        outline->failed = true;
        return;
    }
    choose(phrases, count, title, button, stays);
    bool any = title < count || button < count;
    for (size_t i = 0; i < count; i++)
        any |= stays[i];
    stays[title] = stays[button] = true; /* `count` when there is none: one behind the last */
    before_outro(outline, phrases, count, stays);
    struct outline_slide *slide =
        any ? outline_add(outline, "outro", "the last post calls for something", phrases[0].line) : NULL;
    for (size_t i = 0; slide && i < count; i++) {
        slide->pointed |= phrases[i].pointed && stays[i];
        if (i == title)
            slide->title = phrases[i].text;
        else if (i == button)
            slide->button = phrases[i].text;
        else if (stays[i])
            outline_part(slide, phrases[i].kind == PHRASE_ITEM ? PHRASE_ITEM : PHRASE_SENTENCE, phrases[i].text,
                         phrases[i].number);
    }
    if (slide)
        slide->call = call_of(slide);
    free(stays);
}
