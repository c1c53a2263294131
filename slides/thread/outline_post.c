/* outline_post.c - the slides of one post: lists, quotes, numbers, claims. */
#include <string.h>

#include "slides/thread/items.h"
#include "slides/thread/outline.h"

enum { FEW_WORDS = 8, LEAD_WORDS = 5, LEADS = 4, ALONE_WORDS = 24, FAR_WORDS = 10 * OUTLINE_WORDS };

/* Where the slides of a post stand. */
struct walk {
    struct outline *outline;
    const struct phrase *phrases;
    size_t count, at;
    struct slice title; /* waits for the next slide */
};

static const struct phrase *peek(const struct walk *walk, size_t ahead)
{
    return walk->at + ahead < walk->count ? &walk->phrases[walk->at + ahead] : NULL;
}

static bool is_kind(const struct walk *walk, size_t ahead, enum phrase_kind kind)
{
    const struct phrase *phrase = peek(walk, ahead);
    return phrase && phrase->kind == kind;
}

static struct slice take_title(struct walk *walk)
{
    struct slice title = walk->title;
    walk->title = (struct slice){NULL, 0};
    return title;
}

/* How many items follow. */
static size_t items_from(const struct walk *walk, size_t ahead)
{
    size_t count = 0;
    while (is_kind(walk, ahead + count, PHRASE_ITEM))
        count++;
    return count;
}

static void take_part(struct walk *walk, struct outline_slide *slide, enum phrase_kind kind)
{
    const struct phrase *phrase = &walk->phrases[walk->at++];
    outline_part(slide, kind, phrase->text, phrase->number);
    slide->pointed |= phrase->pointed;
}

static bool has_room(const struct outline_slide *slide, struct slice text, int most)
{
    return slide->part_count < OUTLINE_PARTS && outline_words(slide) + slice_words(text) <= most;
}

static size_t items_of(const struct outline_slide *slide)
{
    size_t items = 0;
    for (size_t i = 0; i < slide->part_count; i++)
        items += slide->parts[i].kind == PHRASE_ITEM;
    return items;
}

/* "Also:" and a few more items, or a closing sentence, when the slide has room for all of them. */
static void take_rest_of_list(struct walk *walk, struct outline_slide *slide)
{
    size_t more = is_kind(walk, 0, PHRASE_INTRO) ? items_from(walk, 1) : 0;
    int words = outline_words(slide);
    for (size_t i = 0; more > 0 && i <= more; i++)
        words += slice_words(walk->phrases[walk->at + i].text);
    bool fits = more > 0 && slice_words(walk->phrases[walk->at].text) <= 3 && words <= OUTLINE_WORDS + 5 &&
                items_of(slide) + more <= OUTLINE_ITEMS && slide->part_count + more + 1 <= OUTLINE_PARTS;
    if (fits) {
        take_part(walk, slide, PHRASE_SENTENCE);
        for (size_t i = 0; i < more; i++)
            take_part(walk, slide, PHRASE_ITEM);
    }
    while (is_kind(walk, 0, PHRASE_SENTENCE) && has_room(slide, walk->phrases[walk->at].text, OUTLINE_WORDS))
        take_part(walk, slide, PHRASE_SENTENCE);
}

/* "Lead: what it is", in all items: leads are told apart from what follows them. */
static void find_leads(struct outline_slide *slide)
{
    struct slice leads[OUTLINE_PARTS] = {{NULL, 0}}, value;
    if (items_of(slide) > LEADS) /* each takes a line of its own, which a square slide has not */
        return;
    for (size_t i = 0; i < slide->part_count; i++) {
        struct outline_part *part = &slide->parts[i];
        if (part->kind == PHRASE_ITEM &&
            (item_split(part->text, &leads[i], &value) < 0 || slice_words(leads[i]) > LEAD_WORDS))
            return;
    }
    for (size_t i = 0; i < slide->part_count; i++)
        if (slide->parts[i].kind == PHRASE_ITEM) {
            item_split(slide->parts[i].text, &slide->parts[i].lead, &slide->parts[i].rest);
        }
}

/* The items, from here on, as one table. */
static bool take_table(struct walk *walk, size_t items, struct slice head, struct slice intro)
{
    size_t rows = outline_table(walk->outline, walk->phrases + walk->at, items, head);
    if (rows == 0 || walk->outline->failed)
        return rows > 0;
    struct outline_slide *slide = &walk->outline->slides[walk->outline->count - 1];
    outline_part(slide, PHRASE_SENTENCE, intro, 0);
    slide->parts_before = slide->part_count;
    walk->at += rows;
    take_rest_of_list(walk, slide);
    return true;
}

/* [introduction] items: as few slides as hold them, with about as many items on each. */
static void take_list(struct walk *walk)
{
    const struct phrase *intro = is_kind(walk, 0, PHRASE_INTRO) ? peek(walk, 0) : NULL;
    struct slice title = take_title(walk), head = title.length ? title : intro ? intro->text : title;
    size_t items = items_from(walk, intro != NULL), slides = (items + OUTLINE_ITEMS - 1) / OUTLINE_ITEMS;
    size_t each = (items + slides - 1) / slides;
    walk->at += intro != NULL;
    if (take_table(walk, items, head, intro && title.length ? intro->text : (struct slice){NULL, 0}))
        return;
    for (bool first = true; is_kind(walk, 0, PHRASE_ITEM); first = false) {
        struct outline_slide *slide =
            outline_add(walk->outline, "list", "the author lists things", walk->phrases[walk->at].line);
        if (!slide)
            return;
        slide->title = head;
        if (first && intro && title.length)
            outline_part(slide, PHRASE_SENTENCE, intro->text, 0);
        do
            take_part(walk, slide, PHRASE_ITEM);
        while (is_kind(walk, 0, PHRASE_ITEM) && items_of(slide) < each &&
               has_room(slide, walk->phrases[walk->at].text, OUTLINE_WORDS + 5));
        if (!is_kind(walk, 0, PHRASE_ITEM))
            take_rest_of_list(walk, slide);
        find_leads(slide);
    }
}

/* "Words", as she said: the words without their marks, which the layout draws, and who said so. */
static void take_quoted(struct walk *walk, struct outline_slide *slide)
{
    const struct phrase *phrase = &walk->phrases[walk->at++];
    const char *end;
    struct slice said = phrase_said(phrase->text, &end), rest = slice_tail(phrase->text, end);
    while (rest.length > 0 && !g_unichar_isalnum(slice_first(rest)) && slice_first(rest) != '@')
        rest = slice_tail(rest, g_utf8_next_char(rest.at));
    outline_part(slide, PHRASE_QUOTE, said, 0);
    outline_part(slide, PHRASE_SENTENCE, rest, 0);
    slide->pointed |= phrase->pointed;
}

/* Somebody else's words, and who or what they are from. */
static void take_quote(struct walk *walk)
{
    const struct phrase *intro = is_kind(walk, 0, PHRASE_INTRO) ? peek(walk, 0) : NULL;
    struct slice from = intro ? intro->text : take_title(walk);
    walk->at += intro != NULL;
    while (is_kind(walk, 0, PHRASE_QUOTE)) {
        struct outline_slide *slide =
            outline_add(walk->outline, "quote", "these are somebody else's words", walk->phrases[walk->at].line);
        if (!slide)
            return;
        int words = slice_words(from); /* stand under the first of them */
        do {
            words += slice_words(walk->phrases[walk->at].text);
            take_quoted(walk, slide);
        } while (is_kind(walk, 0, PHRASE_QUOTE) && slide->part_count + 2 < OUTLINE_PARTS &&
                 words + slice_words(walk->phrases[walk->at].text) <= OUTLINE_WORDS);
        if (from.length)
            outline_part(slide, PHRASE_SENTENCE, from, 0);
        from.length = 0; /* once, where they begin */
    }
}

/* A number that carries its slide: not more often than on every fourth. */
static bool is_big_number(const struct walk *walk, const struct outline_slide *slide, struct number *number)
{
    struct number found;
    int worth = 0;
    for (size_t i = 0; i < slide->part_count; i++)
        if (number_worth_a_slide(slide->parts[i].text, &found)) {
            *number = found;
            worth++;
        }
    return worth == 1 && slide->title.length == 0 && walk->outline->numbers * 4 < (int)walk->outline->count + 3;
}

/* Sentences that were gathered get a heading: the title that waits, a number, or the first of them. */
static void head(struct walk *walk, struct outline_slide *slide)
{
    struct number number;
    slide->title = take_title(walk);
    if (slide->title.length) {
        slide->why = "the author heads it so";
    } else if (is_big_number(walk, slide, &number)) {
        slide->layout = "big-number";
        slide->why = "one number carries it";
        slide->number = number;
        walk->outline->numbers++;
    } else if (slice_words(slide->parts[0].text) <= (slide->part_count == 1 ? ALONE_WORDS : OUTLINE_TITLE_WORDS)) {
        slide->title = slide->parts[0].text;
        memmove(slide->parts, slide->parts + 1, --slide->part_count * sizeof slide->parts[0]);
        slide->why = "its first sentence is short enough to be the claim";
    } else {
        slide->layout = "post";
        slide->why = "no sentence is short enough to be the claim, so the words stand by themselves";
    }
}

/* A sentence or an introduction that introduces nothing further. */
static bool is_sentence(const struct walk *walk, size_t ahead)
{
    return is_kind(walk, ahead, PHRASE_SENTENCE) ||
           (is_kind(walk, ahead, PHRASE_INTRO) && !is_kind(walk, ahead + 1, PHRASE_ITEM) &&
            !is_kind(walk, ahead + 1, PHRASE_QUOTE));
}

/* Words of the sentences from here on, up to something else, or to more than matters. */
static int words_ahead(const struct walk *walk)
{
    int words = 0;
    for (size_t i = 0; is_sentence(walk, i) && words < FAR_WORDS; i++)
        words += slice_words(walk->phrases[walk->at + i].text);
    return words;
}

/* A few words alone make no slide: they stay, and so does what is still in the slide's share. */
static bool goes_on(const struct walk *walk, const struct outline_slide *slide, int each)
{
    int left = words_ahead(walk);
    bool room = slide->part_count < OUTLINE_PARTS;
    if (room && left <= FEW_WORDS && outline_words(slide) + left <= OUTLINE_WORDS + 5)
        return true;
    return outline_words(slide) < each - 3 && has_room(slide, walk->phrases[walk->at].text, OUTLINE_WORDS);
}

/* Sentences up to what a slide holds, evenly: a run of 50 words becomes twice 25. */
static void take_sentences(struct walk *walk)
{
    int all = words_ahead(walk), slides = (all + OUTLINE_WORDS - 1) / OUTLINE_WORDS;
    int each = slides > 0 ? (all + slides - 1) / slides : all;
    struct outline_slide *slide = outline_add(walk->outline, "claim", "", walk->phrases[walk->at].line);
    if (!slide)
        return;
    do
        take_part(walk, slide, PHRASE_SENTENCE);
    while (is_sentence(walk, 0) && goes_on(walk, slide, each));
    head(walk, slide);
}

/* One short sentence over a list is its title. */
static bool heads_list(const struct walk *walk)
{
    bool list = is_kind(walk, 1, PHRASE_ITEM) || (is_kind(walk, 1, PHRASE_INTRO) && is_kind(walk, 2, PHRASE_ITEM));
    return is_kind(walk, 0, PHRASE_SENTENCE) && list && !walk->title.length &&
           slice_words(walk->phrases[walk->at].text) <= OUTLINE_TITLE_WORDS;
}

static void take(struct walk *walk)
{
    size_t compared = outline_compare(walk->outline, &walk->phrases[walk->at], walk->count - walk->at, walk->title);
    if (compared > 0) {
        walk->at += compared;
        take_title(walk);
    } else if (is_kind(walk, 0, PHRASE_TITLE) || heads_list(walk)) {
        walk->title = walk->phrases[walk->at++].text;
    } else if (is_kind(walk, 0, PHRASE_ITEM) || (is_kind(walk, 0, PHRASE_INTRO) && is_kind(walk, 1, PHRASE_ITEM))) {
        take_list(walk);
    } else if (is_kind(walk, 0, PHRASE_QUOTE) || (is_kind(walk, 0, PHRASE_INTRO) && is_kind(walk, 1, PHRASE_QUOTE))) {
        take_quote(walk);
    } else {
        take_sentences(walk);
    }
}

void outline_phrases(struct outline *outline, const struct phrase *phrases, size_t count, struct slice title)
{
    struct walk walk = {outline, phrases, count, 0, title};
    while (walk.at < count && !outline->failed && outline->count <= OUTLINE_SLIDES)
        take(&walk);
    if (walk.title.length && walk.title.at != title.at) { /* a heading with nothing under it */
        struct outline_slide *slide =
            outline_add(outline, "claim", "a heading by itself", count ? phrases[count - 1].line : 0);
        if (slide)
            slide->title = walk.title;
    }
}
