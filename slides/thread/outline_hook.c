/* outline_hook.c - the first slide: the thread's promise in as few words as the author used. */
#include "slides/thread/outline.h"
#include "slides/thread/sentence.h"

enum { HOOK_WORDS = 14, HOOK_MOST = 20, SUB_WORDS = 25 };

/* Behind a dash, a colon or a question in a sentence that is too long as a whole: where its first part ends. */
static const char *first_part(struct slice text)
{
    struct slice rest = text, word;
    int words = 0;
    while ((word = next_word(&rest)).length > 0 && words <= HOOK_WORDS) {
        gunichar last = slice_last(word);
        bool dash = word.length <= 3 && !g_unichar_isalnum(slice_first(word));
        words += !dash;
        if (words >= 3 && (dash || last == ':' || last == ',' || last == ';'))
            return slice_end(word);
    }
    return NULL;
}

/* What the promise leads to: the next sentence, or the one behind the first list. */
static size_t sub_of(const struct phrases *post)
{
    for (size_t i = 1; i < post->count; i++) {
        bool sentence =
            post->items[i].kind == PHRASE_SENTENCE ||
            (post->items[i].kind == PHRASE_INTRO && (i + 1 == post->count || post->items[i + 1].kind != PHRASE_ITEM));
        if (sentence)
            return slice_words(post->items[i].text) <= SUB_WORDS && (i == 1 || i + 1 == post->count) ? i : 0;
    }
    return 0;
}

/* The title is said again over what is left only when that is a list that it introduced. */
size_t outline_hook(struct outline *outline, const struct phrases *post, struct slice *title)
{
    const struct phrase *first = &post->items[0];
    struct outline_slide *slide = outline_add(outline, "hook", "the first post's promise", first->line);
    *title = (struct slice){NULL, 0};
    if (!slide)
        return 0;
    slide->title = first->text;
    slide->pointed = first->pointed;
    const char *part = slice_words(first->text) > HOOK_WORDS ? first_part(first->text) : NULL;
    if (part) {
        slide->title = slice_trimmed(slice_to(first->text.at, part));
        outline_part(slide, PHRASE_SENTENCE, slice_trimmed(slice_tail(first->text, part)), 0);
    } else if (slice_words(first->text) > HOOK_MOST) {
        slide->layout = "claim";
        slide->why = "the first post's promise, too long for a hook";
    }
    if (post->count > 1 && post->items[1].kind == PHRASE_ITEM)
        *title = first->text;
    size_t sub = part ? 0 : sub_of(post);
    if (sub > 0) {
        outline_part(slide, PHRASE_SENTENCE, post->items[sub].text, 0);
        slide->pointed |= post->items[sub].pointed;
    }
    return sub;
}
