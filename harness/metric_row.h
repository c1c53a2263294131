/* metric_row.h - what the metrics of the study's rows have in common: filling a value, saying why there is none. */
#ifndef HARNESS_METRIC_ROW_H
#define HARNESS_METRIC_ROW_H

#include "harness/metric.h"
#include "harness/metric_key.h"

/* Of what is computed from kept pairs: the formula in words. */
extern const char *const metric_pairs_source;

/* A number without an interval. */
struct estimate metric_row_exact(double number);
/* `samples` count only for what is measured. */
void metric_row_fill(struct value *value, const struct estimate *estimate, enum unit unit, enum kind kind,
                     const char *source, size_t samples);
/* Always false; *remedy is a copy of `words` (NULL: none). */
bool metric_row_refuse(const char **what, char **remedy, const char *why, const char *words);

/* metric_tradeoff.c: keys that begin with "tradeoff"; as metric_of_study (metric_study.h). */
bool metric_of_tradeoff(const struct record *const *records, size_t count, const struct parsed_key *parsed,
                        struct value *value, const char **what, char **remedy);

#endif
