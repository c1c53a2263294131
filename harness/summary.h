/* summary.h - a record on a terminal: the table of cases, the ratios between kernels, how time grows. */
#ifndef HARNESS_SUMMARY_H
#define HARNESS_SUMMARY_H

#include <stdio.h>

#include "harness/record.h"

/* "12.3 ms", "456 us", "7.89 s": three digits. */
void summary_time(double seconds, char *words, size_t size);
/* "1.53 GB", "64.0 KB": powers of 1000. */
void summary_bytes(double bytes, char *words, size_t size);

void summary_cases(const struct record *record, FILE *stream);
/* Of each kernel over the fastest on the same problem and threads, paired by repetition. */
void summary_ratios(const struct record *record, FILE *stream);
void summary_fits(const struct record *record, FILE *stream);
/* Each stage's share of the time and the bytes it moves, of kernels with several stages. */
void summary_stages(const struct record *record, FILE *stream);

#endif
