/* reproducing_table.h - ModernBERT's rows on a terminal, and beside them what was published. */
#ifndef CLI_REPRODUCING_TABLE_H
#define CLI_REPRODUCING_TABLE_H

#include <stdio.h>

#include "harness/modernbert.h"
#include "harness/record.h"

/* `first`: with the head of the table. */
void reproducing_print(const struct record_modernbert *row, bool first, FILE *stream);
/* What RoPE, which every way takes alike, makes of the ratio. */
void reproducing_print_rope(const struct modernbert_result *result, FILE *stream);
void reproducing_print_published(FILE *stream);

#endif
