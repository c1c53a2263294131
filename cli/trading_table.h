/* trading_table.h - a trade-off on a terminal: one length as a table, several as what grows. */
#ifndef CLI_TRADING_TABLE_H
#define CLI_TRADING_TABLE_H

#include <stdio.h>

#include "harness/record.h"

void trading_print(const struct record_tradeoff *row, FILE *stream);
/* Speed against dense flash at TRADING_GROWTH_AT, length by length, and from which length each selector pays. */
#define TRADING_GROWTH_AT 0.1
void trading_print_growth(const struct record *record, FILE *stream);

#endif
