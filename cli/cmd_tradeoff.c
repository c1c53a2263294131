/* cmd_tradeoff.c - flashdeck tradeoff: what each way to choose keys costs, and what it keeps. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/recording.h"
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

static enum status measure(void *trading, struct record *record, const char *command, struct diags *diags)
{
    return trading_run(trading, stdout, record, command, diags);
}

int cmd_tradeoff(int argc, char **argv)
{
    struct trading trading = trading_defaults();
    const char *lengths = NULL, *out = NULL;
    struct diags diags = {0};
    bool help = false;
    const struct option options[] = {
        {"--gate", NULL, OPTION_TEXT, &trading.gate, "FILE", "what train-gate wrote (out/gate.safetensors)"},
        {"--length", "-N", OPTION_TEXT, &lengths, "N,N,...",
         "tokens of a document (what the gate learned at); several show growth"},
        {"--rounds", NULL, OPTION_COUNT, &trading.rounds, "N", "repetitions (15)"},
        {"--documents", NULL, OPTION_COUNT, &trading.documents, "N", "unseen documents to judge on (8)"},
        {"--threads", "-t", OPTION_COUNT, &trading.threads, "N", "all processors"},
        recording_option(&out),
        {0}};
    enum status status = options_read(argc, argv, options, NULL, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help && lengths)
        status = trading_read_lengths(&trading, lengths, &diags);
    if (status == STATUS_OK && !help)
        status = trading_check(&trading, &diags);
    if (status == STATUS_OK && !help)
        status = recording_run(argc, argv, out, false, measure, &trading, &diags);
    return recording_end(status, &diags);
}
