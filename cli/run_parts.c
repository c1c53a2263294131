#include "cli/run_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/counting.h"
#include "cli/reproducing.h"
#include "cli/tell.h"
#include "cli/trading.h"
#include "cli/training.h"
#include "harness/efficiency_rows.h"
#include "harness/interrupt.h"
#include "harness/preset.h"

/* A part of the main job, and what it needs. */
struct job {
    const char *path, *out;
    struct preset *preset;
    struct record record;
    struct diags *diags;
};

/* What the CUDA kernels move at FlashAttention's Figure 2: a few seconds. */
static enum status count(struct job *job)
{
    if (job->record.counted_count > 0 || !counting_possible())
        return STATUS_OK;
    struct counting *counting = calloc(1, sizeof *counting);
    if (!counting)
        return STATUS_NO_MEMORY;
    puts("\nWhat the CUDA kernels move, counted in the simulator (no GPU, no time):");
    enum status status = counting_plan(counting, "figure2", NULL, job->diags);
    if (status == STATUS_OK)
        status = counting_run(counting, stdout, &job->record, job->diags);
    counting_free(counting);
    free(counting);
    return status;
}

/* The gate is trained here and now: weights that came with the program would be no measurement. */
static enum status trade(struct job *job)
{
    const struct preset_tradeoff *wish = job->preset->tradeoff;
    char *gate = NULL;
    if (!wish || job->record.tradeoff_count > 0)
        return STATUS_OK;
    if (asprintf(&gate, "%s/gate.safetensors", job->out) < 0)
        return STATUS_NO_MEMORY;
    struct training training = training_defaults();
    training.length = wish->length;
    training.models = wish->models;
    training.documents = wish->documents;
    training.steps = wish->steps;
    training.out = gate;
    training.quiet = true;
    struct trading trading = trading_defaults();
    trading.gate = gate;
    trading.rounds = wish->rounds;
    trading.documents = wish->judged;
    printf(
        "\nSparse attention at N %d: a gate learns where to look (%d models, %d documents), then all ways to choose\n"
        "keys are timed beside dense flash, and judged on documents that none has seen:\n",
        wish->length, wish->models, wish->documents);
    fflush(stdout);
    enum status status = training_check(&training, job->diags);
    if (status == STATUS_OK)
        status = trading_check(&trading, job->diags);
    if (status == STATUS_OK) {
        struct diags old = {0};
        status = training_run(&training, &old);
        diags_free(&old);
        training.fresh = status == STATUS_BAD_INPUT; /* of another making, or damaged: it is ours to make anew */
        if (status != STATUS_OK && status != STATUS_INTERRUPTED)
            status = training_run(&training, job->diags);
    }
    if (status == STATUS_OK)
        status = trading_run(&trading, stdout, &job->record, job->record.command, job->diags);
    free(gate);
    return status;
}

static enum status reproduce(struct job *job)
{
    const struct preset_modernbert *wish = job->preset->modernbert;
    struct reproducing reproducing = reproducing_defaults();
    if (!wish || job->record.modernbert_count > 0)
        return STATUS_OK;
    reproducing.heads = wish->heads;
    reproducing.rounds = wish->rounds;
    puts("\nModernBERT's stack, every third layer global:");
    fflush(stdout);
    enum status status = reproducing_check(&reproducing, job->diags);
    if (status == STATUS_OK)
        status = reproducing_run(&reproducing, stdout, &job->record, job->record.command, job->diags);
    return status;
}

static enum status compare_cost(struct job *job)
{
    static const int64_t lengths[] = {2048, 4096, 8192};
    const struct preset_efficiency *wish = job->preset->efficiency;
    if (!wish || job->record.efficiency_count > 0)
        return STATUS_OK;
    struct tell_what measuring = {"measuring"};
    struct efficiency efficiency;
    struct efficiency_request request = {lengths, 3, wish->heads, 64, wish->rounds, (int)trading_defaults().threads, 1};
    puts("\nWhat block-sparse attention takes over (dense flash x density): in the report");
    fflush(stdout);
    interrupt_catch();
    enum status status = efficiency_measure(&efficiency, &request, &clock_system, tell_done, &measuring, job->diags);
    tell_end();
    if (status != STATUS_OK && status != STATUS_WRONG)
        return status;
    enum status recorded = efficiency_rows(&job->record, &efficiency, &request, job->record.command);
    efficiency_free(&efficiency);
    return status != STATUS_OK ? status : recorded;
}

/* Rows of all parts together. */
static size_t rows_of(const struct record *record)
{
    return record->counted_count + record->tradeoff_count + record->modernbert_count + record->efficiency_count;
}

enum status run_parts(const char *path, const char *out, const char *preset, struct diags *diags)
{
    static enum status (*const parts[])(struct job *) = {count, trade, reproduce, compare_cost};
    struct job job = {.path = path, .out = out, .diags = diags};
    enum status status = preset_read(preset, &job.preset, diags), worst = STATUS_OK;
    if (status != STATUS_OK)
        return status;
    status = record_read(path, &job.record, diags);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == STATUS_OK; i++) {
        size_t had = rows_of(&job.record);
        enum status part = parts[i](&job);
        worst = part != STATUS_OK ? part : worst;
        if (rows_of(&job.record) > had)
            status = record_write(&job.record, path, diags);
        if (part == STATUS_INTERRUPTED)
            break;
    }
    record_free(&job.record);
    preset_free(job.preset);
    return status != STATUS_OK ? status : worst;
}
