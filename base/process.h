/* process.h - another program, started with pipes to its input, output and errors.
 *
 * No shell: argv goes to the program as it is, found along PATH. The program inherits no open file of ours but the
 * three pipes, stands in a process group of its own (so that its children end with it), and starts with SIGPIPE as
 * the system has it. Writing to a program that has died is an event here, never a signal. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <sys/types.h>

#include "base/diag.h"
#include "base/status.h"
#include "base/text.h"

struct process {
    pid_t pid; /* 0: none is running */
    int input; /* our ends of the pipes, not blocking; -1 once closed */
    int output, errors;
};

/* What is still to be written to it: process_step moves `bytes` on. */
struct process_input {
    const char *bytes;
    size_t length;
};

enum process_event {
    PROCESS_MOVED, /* something was written or read */
    PROCESS_QUIET, /* the time went by and nothing moved */
    PROCESS_ENDED  /* it closed its output and its errors: it has ended, or is about to */
};

/* argv ends with NULL. STATUS_FAILED when the program cannot be started (absent, not executable, no more processes
 * or files): an error with `remedy`, which may be NULL. The caller ends it with process_end. */
enum status process_start(struct process *process, const char *const *argv, const char *remedy, struct diags *diags);

/* Waits at most `seconds` until the program takes input or gives output, then moves what can be moved at once: from
 * `input` (may be NULL), to `output` and `errors`. Input that the program no longer takes is dropped. Called in a
 * loop, it cannot block on a full pipe in either direction. */
enum process_event process_step(struct process *process, struct process_input *input, struct text *output,
                                struct text *errors, double seconds);

/* No more input: the program sees the end of its stdin. */
void process_close_input(struct process *process);

/* Closes all pipes, gives the program `seconds` to end by itself, then kills it and its children. Returns its exit
 * code, or 128 + the signal that ended it, as a shell has it; -1 when none was running. */
int process_end(struct process *process, double seconds);

/* Seconds of the monotonic clock, for time limits over several steps. */
double process_now(void);

#endif
