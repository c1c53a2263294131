/* tell.h - how far a long work is: one line that is redrawn on a terminal; silent elsewhere. */
#ifndef CLI_TELL_H
#define CLI_TELL_H

#include <stdbool.h>
#include <stdint.h>

/* "training  40 %" */
void tell(const char *words, double part);
/* Takes the line away. */
void tell_end(void);
/* A call back for study_make and tradeoff_measure; its context are the words. False once Ctrl-C was seen. */
bool tell_done(void *words, int64_t done, int64_t of);

#endif
