/* outline.h - a thread's posts become slides: which layout, which words in which place, and why. */
#ifndef SLIDES_THREAD_OUTLINE_H
#define SLIDES_THREAD_OUTLINE_H

#include "slides/thread/number.h"
#include "slides/thread/phrases.h"

enum {
    OUTLINE_PARTS = 12,
    OUTLINE_CARDS = 3,
    OUTLINE_CARD_ITEMS = 4,
    OUTLINE_ROWS = 7,
    OUTLINE_WORDS = 40,
    OUTLINE_ITEMS = 6,
    OUTLINE_TITLE_WORDS = 16,
    OUTLINE_SLIDES = 300 /* what comes behind them is not outlined: they are too many anyway */
};

struct outline_part {
    enum phrase_kind kind; /* PHRASE_SENTENCE, PHRASE_ITEM or PHRASE_QUOTE */
    struct slice text;
    int number; /* of an item */
    /* Of an item: what it begins with, and what explains that; else empty. */
    struct slice lead, rest;
};

struct outline_row {
    struct slice label, value;
};

struct outline_card {
    struct slice name;
    struct slice items[OUTLINE_CARD_ITEMS];
    size_t count;
};

struct outline_slide {
    const char *layout, *why; /* static */
    struct slice title;       /* of a big number: empty */
    struct number number;     /* of a big number, else its token is empty */
    struct slice subtitle;
    struct outline_part parts[OUTLINE_PARTS];
    size_t part_count;
    struct outline_card cards[OUTLINE_CARDS];
    size_t card_count;
    struct outline_row rows[OUTLINE_ROWS]; /* of a table: behind the first parts_before parts */
    size_t row_count, parts_before;
    struct slice unit;   /* of all values; may be empty */
    bool leads_on;       /* the values only grow, or only fall */
    bool spans;          /* the first and the last value are its title: its own was said on the slide before */
    struct slice button; /* of an outro */
    const char *call;    /* of an outro that has a title, words and a button: which kind; NULL: none tells */
    bool pointed;        /* the author showed a picture here */
    int line;            /* of the thread */
};

struct outline {
    struct outline_slide *slides; /* owned */
    size_t count;
    bool failed; /* out of memory */
    int numbers; /* slides of a big number so far */
};

/* All slides of a thread: a hook from the first post, one idea a slide from the rest, an outro when the last post calls
 * for something. */
void outline_make(const struct phrases *posts, size_t count, struct outline *outline);
void outline_free(struct outline *outline);

/* For outline_make. */
struct outline_slide *outline_add(struct outline *outline, const char *layout, const char *why,
                                  int line); /* NULL: no memory */
void outline_part(struct outline_slide *slide, enum phrase_kind kind, struct slice text, int number);
int outline_words(const struct outline_slide *slide);
/* The slides of a run of phrases (outline_post.c); `title` heads the first when it is not empty. */
void outline_phrases(struct outline *outline, const struct phrase *phrases, size_t count, struct slice title);
/* How many phrases from `from` on make two or three lists beside each other, 0: none (outline_compare.c). */
size_t outline_compare(struct outline *outline, const struct phrase *phrases, size_t count, struct slice title);
/* The same for items that name a thing and its value each: all `count` of them, or 0 (outline_table.c). */
size_t outline_table(struct outline *outline, const struct phrase *items, size_t count, struct slice title);
/* The hook from the first phrase, and its sub-line from as many as returned from *sub on; *title heads what is left
 * (outline_hook.c). */
size_t outline_hook(struct outline *outline, const struct phrases *post, size_t *sub, struct slice *title);
/* From which phrase of the last post on it calls for something; its count when it does not (outline_outro.c). */
size_t outline_outro_from(const struct phrases *post);
void outline_outro(struct outline *outline, const struct phrase *phrases, size_t count);

#endif
