/* trading.h - what sparse attention costs and keeps, measured into a record: shared by `tradeoff` and `run`. */
#ifndef CLI_TRADING_H
#define CLI_TRADING_H

#include <stdio.h>

#include "harness/record.h"

enum { TRADING_LENGTHS = 8 };

struct trading {
    const char *gate;                 /* what train-gate wrote */
    int64_t lengths[TRADING_LENGTHS]; /* rising; none: the length that the gate was trained at */
    int length_count;
    int64_t rounds, threads, documents;
};
/* out/gate.safetensors, its own length, 15 rounds, 8 unseen documents, all processors. */
struct trading trading_defaults(void);
/* "4096,8192": rising lengths of 512 to 65536, each a multiple of 64. */
enum status trading_read_lengths(struct trading *trading, const char *text, struct diags *diags);
enum status trading_check(const struct trading *trading, struct diags *diags);

/* Adds a row a length to the record, and prints it as it comes (`table` may be NULL). STATUS_WRONG when an output
 * disagrees with float64: the row says so. */
enum status trading_run(const struct trading *trading, FILE *table, struct record *record, const char *command,
                        struct diags *diags);

#endif
