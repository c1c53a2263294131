/* cmd_train_gate.c - flashdeck train-gate: the gate of learned sparse attention learns where attention falls. */
#include <inttypes.h>
#include <libgen.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/command.h"
#include "harness/gate_file.h"
#include "harness/interrupt.h"
#include "harness/options.h"
#include "harness/study.h"
#include "kernels/cpu/blas.h"

static const char *const usage =
    "flashdeck train-gate [FLAGS]\n\n"
    "Makes documents with the structure of real attention (sinks, a local band, slashes, topics,\n"
    "needles), measures where attention falls, and teaches a small gate to say so from pooled\n"
    "queries and keys alone. Written while it goes: a run that was stopped goes on where it was.\n"
    "Ends with the mass and the needles that it keeps on documents it has not seen.";

enum { WRITE_EVERY = 20, HELD_OUT = 8, CURVE = 60 };

struct request {
    int64_t length, models, documents, steps, model_seed, seed, threads;
    const char *out;
    bool fresh, quiet;
};

/* One line that is redrawn on a terminal; silent elsewhere. */
static void tell(const char *words, double part)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s %3.0f %%", words, 100 * part);
}

static void tell_end(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static bool tell_study(void *context, int64_t done, int64_t of)
{
    tell(context, (double)done / (double)of);
    return !interrupt_seen();
}

/* The loss as a line of blocks, the first step at the left. */
static void print_curve(const double *losses, int64_t count)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double low = INFINITY, high = -INFINITY;
    int64_t columns = count < CURVE ? count : CURVE;
    for (int64_t i = 0; i < count; i++) {
        low = fmin(low, losses[i]);
        high = fmax(high, losses[i]);
    }
    if (count == 0)
        return;
    printf("loss, step by step: ");
    for (int64_t c = 0; c < columns; c++) {
        double at = high > low ? (losses[c * count / columns] - low) / (high - low) : 0;
        fputs(blocks[(int)(at * 7.999)], stdout);
    }
    printf("  %.4f to %.4f\n", losses[0], losses[count - 1]);
}

/* The trainer at its start, or where an unfinished file of the same making left it. */
static enum status begin(const struct request *r, const struct gate_origin *origin, struct trainer *trainer,
                         struct diags *diags)
{
    struct gate_origin was;
    *trainer = (struct trainer){0};
    if (!r->fresh && access(r->out, F_OK) == 0) {
        enum status status = gate_read(r->out, trainer, &was, diags);
        if (status != STATUS_OK)
            return status;
        if (was.length != origin->length || was.documents != origin->documents || was.steps != origin->steps ||
            was.model_seed != origin->model_seed || was.seed != origin->seed ||
            trainer->gate.heads != r->models * HEAD_KINDS) {
            diags_error(diags, r->out, 0, "Choose another --out, or --fresh to write over it.",
                        "this gate was trained otherwise: length %" PRId64 ", %" PRId64 " models, %" PRId64
                        " documents, %" PRId64 " steps, model seed %" PRIu64 ", seed %" PRIu64,
                        was.length, trainer->gate.heads / HEAD_KINDS, was.documents, was.steps, was.model_seed,
                        was.seed);
            trainer_free(trainer);
            return STATUS_BAD_INPUT;
        }
        if (!r->quiet)
            printf("%s: %d of %" PRId64 " steps are done, going on\n", r->out, trainer->step, origin->steps);
        return STATUS_OK;
    }
    return trainer_make(trainer, r->models * HEAD_KINDS, 64, structured_theta, (uint64_t)r->seed);
}

static enum status train(const struct request *r, const struct gate_origin *origin, const struct study *study,
                         struct trainer *trainer, struct diags *diags)
{
    struct train_options options = train_defaults;
    double *losses = calloc((size_t)r->steps + 1, sizeof *losses);
    int64_t count = 0;
    enum status status = losses ? STATUS_OK : STATUS_NO_MEMORY;
    options.steps = (int)r->steps;
    options.warm_up = r->steps < 10 * options.warm_up ? (int)(r->steps / 10) : options.warm_up;
    options.seed = (uint64_t)r->seed;
    while (status == STATUS_OK && trainer->step < r->steps) {
        status = train_step(trainer, study->examples, study->documents, &options, (int)r->threads, &losses[count]);
        if (status == STATUS_FAILED)
            diags_error(diags, NULL, 0, "Report this with the seeds.", "the loss is no number at step %d",
                        trainer->step);
        tell("training", (double)trainer->step / (double)r->steps);
        count += status == STATUS_OK;
        if (status == STATUS_OK && interrupt_seen())
            status = STATUS_INTERRUPTED;
        if (status == STATUS_INTERRUPTED ||
            (status == STATUS_OK && (trainer->step % WRITE_EVERY == 0 || trainer->step >= r->steps))) {
            enum status written = gate_write(r->out, trainer, origin, diags);
            status = written == STATUS_OK ? status : written;
        }
    }
    tell_end();
    if (losses && !r->quiet)
        print_curve(losses, count);
    free(losses);
    return status;
}

static const double densities[] = {0.05, 0.1, 0.2, 0.3, 0.5};
enum { DENSITIES = sizeof densities / sizeof densities[0], NEEDLES_AT = 1 };

/* Mean over the models. */
static enum status print_selector(const struct study *study, enum selector selector, const struct gate *gate)
{
    double needles = 0, models = (double)study->models;
    printf("%-21s", selector_row(selector)->title);
    for (int i = 0; i < DENSITIES; i++) {
        struct study_score mean = {0, 0};
        for (int64_t m = 0; m < study->models; m++) {
            struct study_score score;
            if (study_score(study, m, selector, gate, densities[i], &score) != STATUS_OK)
                return STATUS_NO_MEMORY;
            mean.recall += score.recall / models;
            mean.needles += score.needles / models;
        }
        printf("  .%03.0f", 1000 * mean.recall);
        needles = i == NEEDLES_AT ? mean.needles : needles;
    }
    printf("  %.2f\n", needles);
    return STATUS_OK;
}

static enum status print_scores(const struct request *r, const struct gate *gate, struct diags *diags)
{
    static const enum selector shown[] = {SELECT_LOCAL, SELECT_MEAN, SELECT_BOUND, SELECT_GATE, SELECT_MASS};
    struct study study;
    enum status status = study_make(&study, r->length, 64, r->models, (uint64_t)r->model_seed, STUDY_HELD_OUT, HELD_OUT,
                                    (int)r->threads, tell_study, (void *)(uintptr_t) "documents it has not seen");
    tell_end();
    if (status == STATUS_OK) {
        printf("attention mass kept on %d documents they have not seen, mean of %" PRId64 " models; causal, N %" PRId64
               ", blocks of %d\n%-21s",
               HELD_OUT, r->models, r->length, SELECT_BLOCK, "density");
        for (int i = 0; i < DENSITIES; i++)
            printf(" %4.0f %%", 100 * densities[i]);
        printf("  needles at %.0f %%\n", 100 * densities[NEEDLES_AT]);
    }
    for (size_t s = 0; s < sizeof shown / sizeof shown[0] && status == STATUS_OK; s++)
        status = print_selector(&study, shown[s], gate);
    study_free(&study);
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, NULL, 0, "Choose a shorter --length.", "there is no memory for the documents");
    return status;
}

static enum status check(const struct request *r, struct diags *diags)
{
    if (r->length < 8 * SELECT_BLOCK || r->length > 32768)
        diags_error(diags, NULL, 0, NULL, "--length is %" PRId64 "; it must be %d to 32768", r->length,
                    8 * SELECT_BLOCK);
    if (r->documents < 1 || r->documents > 4096)
        diags_error(diags, NULL, 0, NULL, "--documents is %" PRId64 "; it must be 1 to 4096", r->documents);
    if (r->models < 1 || r->models > 64)
        diags_error(diags, NULL, 0, NULL, "--models is %" PRId64 "; it must be 1 to 64", r->models);
    if (r->steps < 1 || r->steps > 100000)
        diags_error(diags, NULL, 0, NULL, "--steps is %" PRId64 "; it must be 1 to 100000", r->steps);
    if (r->threads < 1 || r->threads > 1024)
        diags_error(diags, NULL, 0, NULL, "--threads is %" PRId64 "; it must be 1 to 1024", r->threads);
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

static enum status make_folder(const char *path, struct diags *diags)
{
    char *copy = strdup(path);
    enum status status = copy ? folder_make(dirname(copy), diags) : STATUS_NO_MEMORY;
    free(copy);
    return status;
}

static enum status run(const struct request *r, struct diags *diags)
{
    struct gate_origin origin = {r->length, r->documents, r->steps, (uint64_t)r->model_seed, (uint64_t)r->seed};
    struct trainer trainer;
    struct study study = {0};
    enum status status = make_folder(r->out, diags);
    blas_single_threaded();
    interrupt_catch();
    if (status != STATUS_OK)
        return status;
    status = begin(r, &origin, &trainer, diags);
    if (status == STATUS_OK && trainer.step < r->steps) {
        status = study_make(&study, r->length, 64, r->models, (uint64_t)r->model_seed, 1, r->documents, (int)r->threads,
                            tell_study, (void *)(uintptr_t) "documents and their attention");
        tell_end();
        if (status == STATUS_NO_MEMORY)
            diags_error(diags, NULL, 0, "Choose a shorter --length or fewer --documents.",
                        "there is no memory for %" PRId64 " documents (%.2f GB)", r->documents,
                        study_bytes(r->length, 64, r->models, r->documents) * 1e-9);
    }
    if (status == STATUS_OK && trainer.step < r->steps)
        status = train(r, &origin, &study, &trainer, diags);
    study_free(&study);
    if (status == STATUS_INTERRUPTED && trainer.step > 0)
        printf("stopped after step %d; the same command goes on from there\n", trainer.step);
    if (status == STATUS_OK && !r->quiet)
        status = print_scores(r, &trainer.gate, diags);
    if (status == STATUS_OK)
        printf("gate: %s\n", r->out);
    trainer_free(&trainer);
    return status;
}

int cmd_train_gate(int argc, char **argv)
{
    struct request r = {8192, 5, 32, 200, 1, 1, omp_get_num_procs(), "out/gate.safetensors", false, false};
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
        status = check(&r, &diags);
    if (status == STATUS_OK && !help)
        status = run(&r, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    return status_exit_code(status);
}
