/* metric_table.h - the tables behind metric.h: a name becomes a number with its unit and kind. */
#ifndef HARNESS_METRIC_TABLE_H
#define HARNESS_METRIC_TABLE_H

#include "harness/metric.h"

/* Each fills number, interval, unit, kind and source (machine's: words too) of *value; false when there is no such
 * name. What the record does not know comes out as NaN, 0 or NULL words. */
bool metric_of_case(const struct record_case *c, const char *name, struct value *value);
bool metric_of_stage(const struct record_stage *stage, const char *name, struct value *value);
bool metric_of_machine(const struct machine *machine, const char *name, struct value *value);

#endif
