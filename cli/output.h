/* output.h - a place to write to, looked at before the work begins and not after it. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/diag.h"
#include "base/status.h"

/* That a file could be written at `path`: its folder is there and may be written to, `path` is not a folder. */
enum status output_check(const char *path, struct diags *diags);

/* The exit code of a command that measures nothing: a tool that failed it (gnuplot) is 2, since 6 is kept for
 * measurements. */
int output_exit_code(enum status status);

#endif
