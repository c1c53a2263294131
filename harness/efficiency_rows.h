/* efficiency_rows.h - from measured efficiencies to rows of a record. */
#ifndef HARNESS_EFFICIENCY_ROWS_H
#define HARNESS_EFFICIENCY_ROWS_H

#include "harness/efficiency.h"

/* Adds all rows; those of the same keys that were there are replaced. Date is now. STATUS_NO_MEMORY: some are lacking.
 */
enum status efficiency_rows(struct record *record, const struct efficiency *efficiency,
                            const struct efficiency_request *request, const char *command);

#endif
