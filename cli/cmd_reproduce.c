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
    "The attention of ModernBERT's whole stack, here or on a GPU: every third layer global and the\n"
    "others local, against all layers global; sequences packed without padding, against padded ones;\n"
    "at 512 and 8192 tokens, of fixed and of varying length. Beside it the ceiling by formula and\n"
    "what the paper published for whole models on an RTX 4090. A record that is there already is\n"
    "added to; rows of the same model, lengths, heads and threads or device are replaced.";

static enum status check_paper(const struct option_texts *rest, struct diags *diags)
{
    if (rest->count == 1 && strcmp(rest->texts[0], "modernbert") == 0)
        return STATUS_OK;
    diags_error(diags, NULL, 0, "flashdeck reproduce modernbert, or block-sparse", "%s",
                rest->count ? "there is no such paper here" : "which paper?");
    return STATUS_BAD_INPUT;
}

struct measuring {
    struct reproducing *reproducing;
    struct places *places;
    const char *out;
};

static enum status measure(void *context, struct record *record, const char *command, struct diags *diags)
{
    struct measuring *m = context;
    enum status status = reproducing_look(m->reproducing, m->places, m->out, record, diags);
    return status == STATUS_OK ? reproducing_run(m->reproducing, stdout, record, command, diags) : status;
}

int cmd_reproduce(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "block-sparse") == 0)
            return reproduce_block_sparse(argc, argv);
    struct reproducing r = reproducing_defaults();
    struct places places = {0};
    struct option_texts rest = {0};
    struct diags diags = {0};
    const char *out = NULL, *device = "cpu";
    bool help = false;
    const struct option options[] = {
        {"--device", NULL, OPTION_TEXT, &device, "DEVICE",
         "cpu, cuda or cuda:1 (bf16, all sequences of a layer in one launch), simt (the simulator, on tiny lengths: "
         "verifies, gives no "
         "times); default: cpu"},
        {"--heads", NULL, OPTION_COUNT, &r.heads, "N", "of the model's heads (2; on a GPU all); they are independent"},
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
        status = reproducing_choose(&r, &places, device, &diags);
    struct measuring measuring = {&r, &places, out};
    if (go && status == STATUS_OK)
        status = recording_run(argc, argv, out, r.place && !r.place->device->times, measure, &measuring, &diags);
    places_close(&places);
    return recording_end(status, &diags);
}
