/* run_parts.h - what the main job adds to a record whose cases were measured: counts, a trade-off, ModernBERT's rows.
 */
#ifndef CLI_RUN_PARTS_H
#define CLI_RUN_PARTS_H

#include "base/diag.h"
#include "base/status.h"

/* What is in the record at `path` already is kept, since it was made by these very sources; the rest is measured as the
 * preset says and written part by part. The gate that learns stands in the folder `out`. A part that is wrong or fails
 * does not keep the next from being tried; the worst status comes back, and the faults are in diags. Interrupted:
 * STATUS_INTERRUPTED, and what is whole is in the record. */
enum status run_parts(const char *path, const char *out, const char *preset, struct diags *diags);

#endif
