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

static bool is_sentence(const struct phrases *post, size_t i)
{
    bool leads = i + 1 < post->count && post->items[i + 1].kind == PHRASE_ITEM;
    return post->items[i].kind == PHRASE_SENTENCE || (post->items[i].kind == PHRASE_INTRO && !leads);
}

/* What the promise leads to: the next sentences as far as they are short, or the one that closes the post behind its
 * list. *from is the first of them; returns how many. */
static size_t sub_of(const struct phrases *post, size_t *from)
{
    size_t last = post->count - 1, count = 0;
    int words = 0;
    *from = 1;
    while (*from + count < post->count && is_sentence(post, *from + count)) {
        words += slice_words(post->items[*from + count].text);
        if (words > SUB_WORDS)
            break;
        count++;
    }
    bool list = post->count > 2 && post->items[1].kind == PHRASE_ITEM && post->items[last - 1].kind == PHRASE_ITEM;
    if (count > 0 || !list || !is_sentence(post, last) || slice_words(post->items[last].text) > SUB_WORDS)
        return count;
    *from = last;
    return 1;
}

/* The title is said again over what is left only when that is a list that it introduced. */
size_t outline_hook(struct outline *outline, const struct phrases *post, size_t *sub, struct slice *title)
{
    const struct phrase *first = &post->items[0];
    struct outline_slide *slide = outline_add(outline, "hook", "the first post's promise", first->line);
    *title = (struct slice){NULL, 0};
    *sub = 1;
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
    size_t subs = part ? 0 : sub_of(post, sub);
    for (size_t i = *sub; i < *sub + subs; i++) {
        outline_part(slide, PHRASE_SENTENCE, post->items[i].text, 0);
        slide->pointed |= post->items[i].pointed;
    }
    return subs;
}
