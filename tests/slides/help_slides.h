/* help_slides.h - what tests of slides share: a small record made here, decks from strings, and what was said. */
#ifndef TESTS_HELP_SLIDES_H
#define TESTS_HELP_SLIDES_H

#include "slides/bind.h"
#include "slides/color.h"
#include "slides/render.h"

enum { DESK_SAMPLES = 15 };

/* naive (with stages), flash and sliding at N 512 to 4096, d 64, 8 heads, causal, 2 threads; fresh, so that no
 * --allow-stale is needed. Time of flash at 4096: 40 ms; of naive about 10 times that. */
void desk_make_record(struct record *record);
/* One more case of the same shape: 15 samples around `seconds`. Valid until the next. */
struct record_case *desk_add_case(struct record *record, const char *kernel, int64_t n, int heads, double seconds);

/* The default type pair and no other font, whatever this machine has: first thing in main. */
void pin_fonts(void);

/* A deck, records, and whatever was said. */
struct desk {
    struct record record, other;
    const struct record *records[2]; /* the first is `record`; set record_count to 2 for both */
    size_t record_count;
    struct deck deck;
    struct diags diags;
    char *folder; /* a fresh one, for what is written; NULL until desk_folder */
};

/* The deck must parse; its file is called deck.md. */
void desk_open(struct desk *desk, const char *source);
void desk_close(struct desk *desk);
const char *desk_folder(struct desk *desk);

/* Some fault at this line (-1: any) has these words in itself or its remedy. */
bool said(const struct diags *diags, int line, const char *words);
void must_say(const struct diags *diags, int line, const char *words);
void must_be_clean(const struct diags *diags);

/* WCAG 2.1's contrast of two colours, from the eight bits of each channel: by the letter, and not by our own code. */
double wcag_contrast(struct color a, struct color b);

/* The output of a program about a folder's deck.pdf; NULL when there is no such program here. Fresh. */
char *told_by(const char *program, const char *folder, const char *rest);

/* A growing string of many slides and the like: repeats `piece`. Fresh. */
char *repeated(const char *before, const char *piece, int times);

#endif
