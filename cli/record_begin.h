/* record_begin.h - the head of a record: when, where and by which command. */
#ifndef CLI_RECORD_BEGIN_H
#define CLI_RECORD_BEGIN_H

#include "harness/record.h"

/* As it was called, for the record. Fresh; NULL when out of memory. */
char *command_line(int argc, char **argv);

/* Looks at the machine; date, executable, preset (may be NULL) and command are copied. */
enum status record_begin(struct record *record, const char *preset, const char *command, struct diags *diags);

#endif
