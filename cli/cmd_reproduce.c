/* cmd_reproduce.c - flashdeck reproduce: a paper's table, measured here beside what was published. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/recording.h"
#include "cli/reproduce_block_sparse.h"
#include "cli/reproducing.h"
#include "harness/options.h"

static const char *const usage =
    "flashdeck reproduce modernbert [FLAGS]\n"
    "flashdeck reproduce block-sparse [FLAGS]     (has a --help of its own)\n\n"
    "The attention of ModernBERT's whole stack on this processor: every third layer global and the\n"
    "others local, against all layers global; sequences packed without padding, against padded ones;\n"
    "at 512 and 8192 tokens, of fixed and of varying length. Beside it the ceiling by formula and\n"
    "what the paper published for whole models on an RTX 4090. A record that is there already is\n"
    "added to; rows of the same model, lengths, heads and threads are replaced.";

static enum status check_paper(const struct option_texts *rest, struct diags *diags)
{
    if (rest->count == 1 && strcmp(rest->texts[0], "modernbert") == 0)
        return STATUS_OK;
    diags_error(diags, NULL, 0, "flashdeck reproduce modernbert, or block-sparse", "%s",
                rest->count ? "there is no such paper here" : "which paper?");
    return STATUS_BAD_INPUT;
}

static enum status measure(void *reproducing, struct record *record, const char *command, struct diags *diags)
{
    return reproducing_run(reproducing, stdout, record, command, diags);
}

int cmd_reproduce(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "block-sparse") == 0)
            return reproduce_block_sparse(argc, argv);
    struct reproducing r = reproducing_defaults();
    struct option_texts rest = {0};
    struct diags diags = {0};
    const char *out = NULL;
    bool help = false;
    const struct option options[] = {
        {"--heads", NULL, OPTION_COUNT, &r.heads, "N", "of the model's heads (2); heads are independent"},
        {"--large", NULL, OPTION_FLAG, &r.large, NULL, "ModernBERT-large, not base"},
        {"--rounds", NULL, OPTION_COUNT, &r.rounds, "N", "repetitions, all ways in turn (6)"},
        {"--seed", NULL, OPTION_COUNT, &r.seed, "N", "of lengths and inputs (1)"},
        {"--threads", "-t", OPTION_COUNT, &r.threads, "N", "all processors"},
        recording_option(&out),
        {0}};
    enum status status = options_read(argc, argv, options, &rest, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    bool go = status == STATUS_OK && !help;
    if (go)
        status = check_paper(&rest, &diags);
    if (go && reproducing_check(&r, &diags) != STATUS_OK)
        status = STATUS_BAD_INPUT;
    if (go && status == STATUS_OK)
        status = recording_run(argc, argv, out, measure, &r, &diags);
    return recording_end(status, &diags);
}
