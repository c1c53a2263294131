/* words.h - a record's numbers as a report writes them: three digits, a unit, a dash where there is no number. */
#ifndef REPORTS_WORDS_H
#define REPORTS_WORDS_H

#include "harness/record.h"

/* A short string by value, so that several fit into one call of printf. */
struct words {
    char text[256];
};

struct words words_time(double seconds);                      /* "12.3 ms" */
struct words words_bytes(double bytes);                       /* "1.53 GB": powers of 1000 */
struct words words_binary(double bytes);                      /* "48.0 KiB": powers of 1024, for caches and memories */
struct words words_rate(double per_second, const char *unit); /* "412 GFLOP/s" for "FLOP/s" */
struct words words_share(double share);                       /* "92.1 %" */
struct words words_number(double number);                     /* "1.53" */
struct words words_error(double error);                       /* "2.9e-07" */
/* "95.5 to 96.9 ms", the unit that the median has; with what it covers when that is not 99 %. */
struct words words_interval(const struct estimate *seconds);
/* "1.43 to 1.55", likewise. */
struct words words_range(const struct estimate *ratio);

/* "full, N=2048, d=64, heads=8, batch=1, threads=2": the problem without its kernel, as axes name it. */
struct words words_problem(const struct record_case *c);
/* "8", or "8 (2 for K, V)". */
struct words words_heads(const struct attention_problem *problem);

#endif
