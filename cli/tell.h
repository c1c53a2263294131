/* tell.h - how far a long work is: one line that is redrawn on a terminal; silent elsewhere. */
#ifndef CLI_TELL_H
#define CLI_TELL_H

#include <stdbool.h>
#include <stdint.h>

/* "training  40 %" */
void tell(const char *words, double part);
/* Takes the line away. */
void tell_end(void);
/* What is going on, in words: the context of the call back. */
struct tell_what {
    const char *words;
};
/* A call back for study_make, tradeoff_measure and the like. False once Ctrl-C was seen. */
bool tell_done(void *what, int64_t done, int64_t of);

#endif
