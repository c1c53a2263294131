/* outline_compare.c - two or three short lists beside each other. */
#include "slides/thread/items.h"
#include "slides/thread/outline.h"

enum { NAME_WORDS = 6, ITEM_WORDS = 9, LONGEST_WORD = 16 };

/* The phrases of one card from here on, 0: none. */
static size_t card_length(const struct phrase *phrases, size_t count)
{
    size_t items = 0;
    if (count < 2 || phrases[0].kind != PHRASE_INTRO || !item_is_short(phrases[0].text, NAME_WORDS, LONGEST_WORD))
        return 0;
    for (; 1 + items < count && phrases[1 + items].kind == PHRASE_ITEM; items++)
        if (!item_is_short(phrases[1 + items].text, ITEM_WORDS, LONGEST_WORD))
            return 0;
    return items > 0 && items <= OUTLINE_CARD_ITEMS ? 1 + items : 0;
}

static void add_card(struct outline_slide *slide, const struct phrase *phrases, size_t length)
{
    struct outline_card *card = &slide->cards[slide->card_count++];
    card->name = phrases[0].text;
    for (size_t i = 1; i < length; i++)
        card->items[card->count++] = phrases[i].text;
    for (size_t i = 0; i < length; i++)
        slide->pointed |= phrases[i].pointed;
}

size_t outline_compare(struct outline *outline, const struct phrase *phrases, size_t count, struct slice title)
{
    bool headed = title.length == 0 && count > 0 && card_length(phrases, count) == 0 &&
                  phrases[0].kind != PHRASE_ITEM && slice_words(phrases[0].text) <= OUTLINE_TITLE_WORDS;
    size_t at = headed, cards = 0, length;
    while (cards < OUTLINE_CARDS && (length = card_length(phrases + at, count - at)) > 0) {
        at += length;
        cards++;
    }
    if (cards < 2 || (!headed && title.length == 0) || card_length(phrases + at, count - at) > 0)
        return 0;
    struct outline_slide *slide =
        outline_add(outline, "compare", "short lists of one kind stand beside each other", phrases[0].line);
    if (!slide)
        return at;
    slide->title = headed ? phrases[0].text : title;
    for (size_t from = headed; slide->card_count < cards; from += length) {
        length = card_length(phrases + from, count - from);
        add_card(slide, phrases + from, length);
    }
    while (at < count && phrases[at].kind == PHRASE_SENTENCE && slice_words(phrases[at].text) <= 12 &&
           slide->part_count < 2) {
        slide->pointed |= phrases[at].pointed;
        outline_part(slide, PHRASE_SENTENCE, phrases[at++].text, 0);
    }
    return at;
}
