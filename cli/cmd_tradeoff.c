/* cmd_tradeoff.c - flashdeck tradeoff: what each way to choose keys costs, and what it keeps. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/record_begin.h"
#include "cli/trading.h"
#include "harness/options.h"

static const char *const usage =
    "flashdeck tradeoff [FLAGS]\n\n"
    "Sparse attention on documents that the gate has not seen: for each selector and density the\n"
    "latency of everything (pool, score, keep, attend) beside dense flash in the same rounds, the\n"
    "attention mass that is kept, the distance of the output, and the needles that are found.\n"
    "Train the gate first: flashdeck train-gate. A record that is there already is added to; a row\n"
    "of the same length, heads and threads is replaced. Exit code 4 when an output disagrees with\n"
    "float64.";

int cmd_tradeoff(int argc, char **argv)
{
    struct trading trading = trading_defaults();
    const char *lengths = NULL, *out = NULL;
    struct diags diags = {0};
    struct record record = {0};
    bool help = false;
    char *command = command_line(argc, argv);
    const struct option options[] = {
        {"--gate", NULL, OPTION_TEXT, &trading.gate, "FILE", "what train-gate wrote (out/gate.safetensors)"},
        {"--length", "-N", OPTION_TEXT, &lengths, "N,N,...",
         "tokens of a document (what the gate learned at); several show growth"},
        {"--rounds", NULL, OPTION_COUNT, &trading.rounds, "N", "repetitions (15)"},
        {"--documents", NULL, OPTION_COUNT, &trading.documents, "N", "unseen documents to judge on (8)"},
        {"--threads", "-t", OPTION_COUNT, &trading.threads, "N", "all processors"},
        {"--benchmark_out", "-o", OPTION_TEXT, &out, "FILE", "write the record here, or add to the one there (JSON)"},
        {0}};
    enum status status = options_read(argc, argv, options, NULL, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    bool go = status == STATUS_OK && !help;
    if (go && lengths)
        status = trading_read_lengths(&trading, lengths, &diags);
    if (go && status == STATUS_OK)
        status = trading_check(&trading, &diags);
    if (go && status == STATUS_OK && out)
        status = output_check(out, &diags);
    if (go && status == STATUS_OK)
        status = record_begin_or_add(&record, out, command, &diags);
    if (go && status == STATUS_OK) {
        status = trading_run(&trading, stdout, &record, command, &diags);
        if (out && record.tradeoff_count > 0 && record_write(&record, out, &diags) != STATUS_OK)
            status = STATUS_IO;
        else if (out && record.tradeoff_count > 0)
            printf("\nrecord: %s\n", out);
    }
    free(command);
    record_free(&record);
    diags_print(&diags, stderr);
    diags_free(&diags);
    return status_exit_code(status);
}
