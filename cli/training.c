#include "cli/training.h"

#include <inttypes.h>
#include <libgen.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/tell.h"
#include "harness/gate_file.h"
#include "harness/interrupt.h"
#include "harness/study.h"
#include "kernels/cpu/blas.h"

enum { WRITE_EVERY = 20, CURVE = 60 };

struct training training_defaults(void)
{
    return (struct training){.length = 8192,
                             .models = 5,
                             .documents = 32,
                             .steps = 200,
                             .model_seed = 1,
                             .seed = 1,
                             .threads = omp_get_num_procs(),
                             .out = "out/gate.safetensors"};
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
static enum status begin(const struct training *r, const struct gate_origin *origin, struct trainer *trainer,
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

static enum status train(const struct training *r, const struct gate_origin *origin, const struct study *study,
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

/* Mean over the models. */
static enum status print_selector(const struct study *study, enum selector selector, const struct gate *gate)
{
    double needles = 0, models = (double)study->models;
    printf("%-21s", selector_row(selector)->title);
    for (int i = 0; i < STUDY_DENSITIES; i++) {
        struct study_score mean = {0, 0};
        for (int64_t m = 0; m < study->models; m++) {
            struct study_score score;
            if (study_score(study, m, selector, gate, study_densities[i], &score) != STATUS_OK)
                return STATUS_NO_MEMORY;
            mean.recall += score.recall / models;
            mean.needles += score.needles / models;
        }
        printf("  .%03.0f", 1000 * mean.recall);
        needles = i == STUDY_NEEDLES_AT ? mean.needles : needles;
    }
    printf("  %.2f\n", needles);
    return STATUS_OK;
}

static enum status print_scores(const struct training *r, const struct gate *gate, struct diags *diags)
{
    static const enum selector shown[] = {SELECT_LOCAL, SELECT_MEAN, SELECT_BOUND, SELECT_GATE, SELECT_MASS};
    struct tell_what judging = {"documents it has not seen"};
    struct study study;
    enum status status = study_make(&study, r->length, 64, r->models, (uint64_t)r->model_seed, STUDY_HELD_OUT,
                                    STUDY_JUDGED, (int)r->threads, tell_done, &judging);
    tell_end();
    if (status == STATUS_OK) {
        printf("attention mass kept on %d documents they have not seen, mean of %" PRId64 " models; causal, N %" PRId64
               ", blocks of %d\n%-21s",
               STUDY_JUDGED, r->models, r->length, SELECT_BLOCK, "density");
        for (int i = 0; i < STUDY_DENSITIES; i++)
            printf(" %4.0f %%", 100 * study_densities[i]);
        printf("  needles at %.0f %%\n", 100 * study_densities[STUDY_NEEDLES_AT]);
    }
    for (size_t s = 0; s < sizeof shown / sizeof shown[0] && status == STATUS_OK; s++)
        status = print_selector(&study, shown[s], gate);
    study_free(&study);
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, NULL, 0, "Choose a shorter --length.", "there is no memory for the documents");
    return status;
}

enum status training_check(const struct training *r, struct diags *diags)
{
    if (r->length < 8 * SELECT_BLOCK || r->length > 32768)
        diags_error(diags, NULL, 0, NULL, "--length is %" PRId64 "; it must be %d to 32768", r->length,
                    8 * SELECT_BLOCK);
    if (r->documents < 1 || r->documents > 4096)
        diags_error(diags, NULL, 0, NULL, "--documents is %" PRId64 "; it must be 1 to 4096", r->documents);
    if (r->models < 1 || r->models > STUDY_MOST_MODELS)
        diags_error(diags, NULL, 0, NULL, "--models is %" PRId64 "; it must be 1 to %d", r->models, STUDY_MOST_MODELS);
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

enum status training_run(const struct training *r, struct diags *diags)
{
    struct gate_origin origin = {r->length, r->documents, r->steps, (uint64_t)r->model_seed, (uint64_t)r->seed};
    struct trainer trainer;
    struct tell_what looking = {"documents and their attention"};
    struct study study = {0};
    enum status status = make_folder(r->out, diags);
    blas_single_threaded();
    interrupt_catch();
    if (status != STATUS_OK)
        return status;
    status = begin(r, &origin, &trainer, diags);
    if (status == STATUS_OK && trainer.step < r->steps) {
        status = study_make(&study, r->length, 64, r->models, (uint64_t)r->model_seed, 1, r->documents, (int)r->threads,
                            tell_done, &looking);
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
