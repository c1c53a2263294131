/* comparing_table.h - two records on a terminal: what changed, kind by kind. */
#ifndef CLI_COMPARING_TABLE_H
#define CLI_COMPARING_TABLE_H

#include <stdio.h>

#include "harness/changes.h"

/* Without `all` what stayed the same is only counted. */
void comparing_print(const struct changes *changes, bool all, FILE *stream);

#endif
