/* recording.h - the frame of commands that measure rows of a kind of their own and add them to a record. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include "harness/options.h"
#include "harness/record.h"

/* The flag that names the record, for a command's table; the file is NULL where it is not given. */
struct option recording_option(const char **out);

/* Adds its rows to the record; `command` is the command line. */
typedef enum status recording_measure(void *context, struct record *record, const char *command, struct diags *diags);

/* Looks whether `out` can be written, opens the record there or begins one, measures, and writes it where there is a
 * row of tradeoff, reproduce or the like in it, after a failure too: what was measured is kept. `out` may be NULL.
 * `rehearsal`: nothing is measured, and only a rehearsal's record is added to. */
enum status recording_run(int argc, char **argv, const char *out, bool rehearsal, recording_measure *measure,
                          void *context, struct diags *diags);

/* The end of a command: prints what is in diags, frees them, and gives the exit code. */
int recording_end(enum status status, struct diags *diags);

#endif
