/* progress.h - one line that is redrawn on a terminal; in a pipe a line now and then: each phase, each quarter
 * of the cases, and when the rounds have doubled. */
#ifndef HARNESS_PROGRESS_H
#define HARNESS_PROGRESS_H

#include <stdio.h>

#include "harness/bench.h"

struct progress {
    FILE *stream;
    bool terminal;
    char last_phase[16];
    size_t last_done;
    int last_round;
};

struct progress progress_open(FILE *stream);
/* As a bench_watch's tell; context is the struct progress. */
void progress_tell(void *context, const struct bench_progress *progress);
/* Clears the line. */
void progress_close(struct progress *progress);

#endif
