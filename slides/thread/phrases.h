/* phrases.h - a post becomes what it says: titles, sentences, lists with their introductions, quotes. */
#ifndef SLIDES_THREAD_PHRASES_H
#define SLIDES_THREAD_PHRASES_H

#include "slides/thread/posts.h"

enum phrase_kind {
    PHRASE_TITLE, /* "1) Sparse Attention", a line of its own over the rest */
    PHRASE_SENTENCE,
    PHRASE_INTRO, /* what ends in a colon */
    PHRASE_ITEM,
    PHRASE_QUOTE /* a sentence of somebody else */
};

struct phrase {
    enum phrase_kind kind;
    struct slice text;
    int number;   /* of an item that has one, else 0 */
    int line;     /* of the thread */
    bool opens;   /* the first of its paragraph */
    bool pointed; /* behind it the author pointed at a picture */
};

struct phrases {
    struct phrase *items; /* owned */
    size_t count;
    bool failed; /* out of memory */
};

/* Everything that the post says, in its order. Words that only point at a picture are left out, with a finding. */
void phrases_read(const struct lines *lines, const struct post *post, struct phrases *phrases,
                  struct findings *findings);
void phrases_free(struct phrases *phrases);

/* The longest text of a phrase, in words: longer ones are cut at a clause (phrases_cut.c). */
enum { PHRASE_WORDS = 45 };
void phrases_cut(struct phrases *phrases);

/* What stands between quotation marks at the begin of a text, *end behind the closing one; without marks the whole. */
struct slice phrase_said(struct slice text, const char **end);

/* For phrases_read: one line of the author's, however long (phrases_line.c). A list may stand inside it: "by: - one -
 * two". */
void phrases_add_line(struct phrases *phrases, struct slice text, int line, struct findings *findings);
void phrases_add(struct phrases *phrases, enum phrase_kind kind, struct slice text, int line);
/* Sentences of a text; one that ends in a colon is an introduction. */
void phrases_add_sentences(struct phrases *phrases, struct slice text, int line, struct findings *findings);

#endif
