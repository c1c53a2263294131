/* cmd_train_gate.c - flashdeck train-gate: the gate of learned sparse attention learns where attention falls. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/training.h"
#include "harness/options.h"

static const char *const usage =
    "flashdeck train-gate [FLAGS]\n\n"
    "Makes documents with the structure of real attention (sinks, a local band, slashes, topics,\n"
    "needles), measures where attention falls, and teaches a small gate to say so from pooled\n"
    "queries and keys alone. Written while it goes: a run that was stopped goes on where it was.\n"
    "Ends with the mass and the needles that it keeps on documents it has not seen.";

int cmd_train_gate(int argc, char **argv)
{
    struct training r = training_defaults();
    struct diags diags = {0};
    bool help = false;
    const struct option options[] = {
        {"--length", NULL, OPTION_COUNT, &r.length, "N",
         "tokens of a document (8192); train at the length that is used"},
        {"--models", NULL, OPTION_COUNT, &r.models, "N", "models to learn, four heads each (5)"},
        {"--documents", NULL, OPTION_COUNT, &r.documents, "N", "documents to learn from (32)"},
        {"--steps", NULL, OPTION_COUNT, &r.steps, "N", "steps of Adam (200)"},
        {"--model-seed", NULL, OPTION_COUNT, &r.model_seed, "N", "the first model (1)"},
        {"--seed", NULL, OPTION_COUNT, &r.seed, "N", "of the gate's start and of the order of documents (1)"},
        {"--threads", "-t", OPTION_COUNT, &r.threads, "N", "all processors"},
        {"--out", "-o", OPTION_TEXT, &r.out, "FILE", "the gate (out/gate.safetensors)"},
        {"--fresh", NULL, OPTION_FLAG, &r.fresh, NULL, "start anew, whatever the file holds"},
        {"--quiet", "-q", OPTION_FLAG, &r.quiet, NULL, "print only where the gate is"},
        {0}};
    enum status status = options_read(argc, argv, options, NULL, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help)
        status = training_check(&r, &diags);
    if (status == STATUS_OK && !help)
        status = training_run(&r, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    return status_exit_code(status);
}
