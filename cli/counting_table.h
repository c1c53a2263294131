/* counting_table.h - counts on a terminal. */
#ifndef CLI_COUNTING_TABLE_H
#define CLI_COUNTING_TABLE_H

#include <stdio.h>

#include "harness/record_counted.h"

/* One line a stage and one of all; before them the problem, where it is not that of `before` (NULL: none). */
void counting_print(const struct record_counted *row, const struct record_counted *before, FILE *stream);

#endif
