/* number.h - numbers in a thread's text: what they count, and whether one is worth a slide. */
#ifndef SLIDES_THREAD_NUMBER_H
#define SLIDES_THREAD_NUMBER_H

#include "slides/thread/slice.h"

enum measure {
    MEASURE_TIMES,   /* 7.6x, 64 times */
    MEASURE_PERCENT, /* 40%, 40 percent */
    MEASURE_LARGE,   /* 128k, 1M, 3 billion */
    MEASURE_COUNT    /* 128 tokens: any other number with a word behind it */
};

struct number {
    struct slice token; /* as written, its unit included */
    double value;       /* of 128k: 128000 */
    double step;        /* the unit of the last digit written: of 7.6x 0.1, of 128k 1000 */
    int decimals;
    char suffix; /* k, M, B, or '\0' */
    enum measure measure;
};

/* The next number of the text, with *rest going on behind it. Parts of names (GPT-4, Llama 3), ordinals, dates, and
 * what stands in quotes are none. */
bool number_next(struct slice *rest, const char *begin, struct number *number);

/* A number that a slide may be made of: the only such one of the text. */
bool number_worth_a_slide(struct slice text, struct number *number);

/* How it stands on a slide by itself: "7.6×", "40 %", "128k". Fresh. */
char *number_shown(const struct number *number);

#endif
