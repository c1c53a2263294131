/* slice.h - a piece of a thread's text, which is UTF-8 and valid, and what can be asked of it. Nothing is copied. */
#ifndef SLIDES_THREAD_SLICE_H
#define SLIDES_THREAD_SLICE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
    const char *at;
    size_t length;
};

/* Marks of ours inside a text, from the private use area: a link is LINK_OPEN words LINK_MID address LINK_CLOSE. */
enum {
    MARK_LINK_OPEN = 0xe000,
    MARK_LINK_MID = 0xe001,
    MARK_LINK_CLOSE = 0xe002,
    MARK_POINTER = 0xe003, /* a hand or an arrow that pointed at something, or a sign that was lost */
    MARK_BULLET = 0xe004   /* a picture that stood before each line of a list */
};

struct slice slice_of(const char *text);
struct slice slice_to(const char *from, const char *to);
struct slice slice_trimmed(struct slice slice); /* without blanks and marks at either end */
struct slice slice_tail(struct slice slice, const char *from);
const char *slice_end(struct slice slice);
bool slice_starts(struct slice slice, const char *prefix);
bool slice_is(struct slice slice, const char *text);  /* whatever the case of ASCII letters */
bool slice_has(struct slice slice, const char *text); /* the same */
char *slice_copy(struct slice slice);

gunichar slice_first(struct slice slice);
gunichar slice_last(struct slice slice);
bool is_space(gunichar c);

/* The next run of characters that are no blanks; {NULL, 0} at the end. *rest goes on behind it. */
struct slice next_word(struct slice *rest);
/* Words with a letter or a digit in them; where letters stand without blanks between (Chinese, Japanese), every second
 * one counts as a word. */
int slice_words(struct slice slice);

bool is_capitalised(struct slice word); /* "Attention", not "SRAM", "it" or "8x" */
bool is_handle(struct slice word);      /* "@name", with punctuation behind it or not */
bool is_address(struct slice word);     /* "https://...", "www...." */
/* A word that often begins a sentence and seldom a name: "The", "Let's". English only. */
bool is_starter(struct slice word);

#endif
