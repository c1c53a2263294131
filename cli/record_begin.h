/* record_begin.h - the head of a record: when, where and by which command. */
#ifndef CLI_RECORD_BEGIN_H
#define CLI_RECORD_BEGIN_H

#include "harness/record.h"

/* As it was called, for the record. Fresh; NULL when out of memory. */
char *command_line(int argc, char **argv);

/* Looks at the machine; date, executable, preset (may be NULL) and command are copied. */
enum status record_begin(struct record *record, const char *preset, const char *command, struct diags *diags);

/* Why a record cannot be joined by what is measured here and now ("is of another machine"); NULL when it can. */
const char *record_unfit(const struct record *record, const struct machine *here);
/* For commands that add rows of a kind of their own: the record at `path` where there is one, else a fresh one; `path`
 * may be NULL. One that is no record, or unfit, is refused; so are measured rows in a rehearsal, and with `rehearsal`
 * rows that nobody measured in a record that is none. */
enum status record_begin_or_add(struct record *record, const char *path, const char *command, bool rehearsal,
                                struct diags *diags);

#endif
