/* metric_counted.h - what a deck or a report can ask of a record's counts (record_counted.h).
 *
 *   flash_tiled.n1024.d64.full.hbm              bytes of HBM, read and written, counted
 *   naive.n1024.full.stage.softmax.hbm_read     of one stage
 * Metrics: hbm, hbm_read, hbm_written, sram, barriers, products, exchanges, async (counted); formula, theorem
 * (computed). No other result has a metric of these names, so a key never mixes counts with times. */
#ifndef HARNESS_METRIC_COUNTED_H
#define HARNESS_METRIC_COUNTED_H

#include "harness/metric.h"
#include "harness/metric_key.h"

bool metric_is_counted(const char *metric);

/* The one row that matches, over all records; `what` and *remedy (fresh, or NULL) say why there is none. */
const struct record_counted *metric_find_counted(const struct record *const *records, size_t record_count,
                                                 const struct parsed_key *parsed, const struct record **record,
                                                 const char **what, char **remedy);

/* Fills number, unit, kind, source; false when there is no such stage, the stage has no such metric, or what it asks
 * for was not counted (a library's product). */
bool metric_of_counted(const struct record_counted *counted, const char *stage, const char *metric,
                       struct value *value);

#endif
