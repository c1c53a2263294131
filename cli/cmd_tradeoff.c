/* cmd_tradeoff.c - flashdeck tradeoff: what each way to choose keys costs, and what it keeps. */
#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "harness/gate_file.h"
#include "harness/interrupt.h"
#include "harness/options.h"
#include "harness/stats.h"
#include "harness/summary.h"
#include "harness/tradeoff.h"
#include "kernels/cpu/blas.h"

static const char *const usage =
    "flashdeck tradeoff [FLAGS]\n\n"
    "Sparse attention on documents that the gate has not seen: for each selector and density the\n"
    "latency of everything (pool, score, keep, attend) beside dense flash in the same rounds, the\n"
    "attention mass that is kept, the distance of the output, and the needles that are found.\n"
    "Train the gate first: flashdeck train-gate. Exit code 4 when an output disagrees with float64.";

enum { HELD_OUT = 8, MOST_MODELS = 64 };

static const double densities[] = {0.05, 0.1, 0.2, 0.3, 0.5};
enum { DENSITIES = sizeof densities / sizeof densities[0] };

struct request {
    const char *gate;
    int64_t rounds, threads, documents;
};

static bool tell(void *context, int64_t done, int64_t of)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s %3.0f %%", (const char *)context, 100.0 * (double)done / (double)of);
    return !interrupt_seen();
}

static void tell_end(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

/* Of all models at one point. */
struct quality {
    struct estimate recall, needles; /* low and high: the models' extremes */
};

static enum status judge(const struct study *study, const struct gate *gate, const struct tradeoff_point *point,
                         struct quality *quality)
{
    double recall[MOST_MODELS], needles[MOST_MODELS];
    for (int64_t m = 0; m < study->models; m++) {
        struct study_score score;
        enum status status = study_score(study, m, point->selector, gate, point->density, &score);
        if (status != STATUS_OK)
            return status;
        recall[m] = score.recall;
        needles[m] = score.needles;
    }
    quality->recall = stats_estimate(recall, (size_t)study->models);
    quality->needles = stats_estimate(needles, (size_t)study->models);
    return STATUS_OK;
}

static void print_point(const struct tradeoff *t, const struct tradeoff_point *point, const struct quality *quality)
{
    char time[24] = "-", speed[48] = "-";
    if (!point->verdict.pass) {
        snprintf(time, sizeof time, "WRONG");
    } else if (point->selector != SELECT_MASS) {
        struct estimate ratio = stats_ratio(t->dense, point->seconds, (size_t)t->rounds);
        summary_time(stats_median(point->seconds, (size_t)t->rounds), time, sizeof time);
        snprintf(speed, sizeof speed, "%.2f [%.2f, %.2f]", ratio.median, ratio.low, ratio.high);
    }
    printf("%-21s %4.0f %%  %9s %-18s  .%03.0f [.%03.0f, .%03.0f]  %.3f  %.2f [%.2f, %.2f]\n",
           selector_row(point->selector)->title, 100 * point->density, time, speed, 1000 * quality->recall.median,
           1000 * quality->recall.low, 1000 * quality->recall.high, point->relative_l2, quality->needles.median,
           quality->needles.low, quality->needles.high);
    if (!point->verdict.pass)
        printf("    %s\n", point->verdict.message);
}

/* Where the time of the densest point goes, and the density at which dense flash would be as fast, by a line through
 * the two densest points. */
static void print_cost(const struct tradeoff *t, const struct tradeoff_point *before, const struct tradeoff_point *last)
{
    char words[TRADEOFF_STAGES][24];
    if (!before->seconds || !last->seconds || last->selector == SELECT_MASS)
        return;
    for (int s = 0; s < TRADEOFF_STAGES; s++)
        summary_time(last->stages[s], words[s], sizeof words[s]);
    double x = stats_median(before->seconds, (size_t)t->rounds), y = stats_median(last->seconds, (size_t)t->rounds);
    double dense = stats_median(t->dense, (size_t)t->rounds);
    double equal = last->density + (dense - y) * (last->density - before->density) / (y - x);
    struct estimate over = stats_ratio(last->seconds, t->dense, (size_t)t->rounds);
    printf("    at %.0f %%: pool %s, score %s, keep %s, attend %s; %.2f of dense flash for %.2f of its pairs",
           100 * last->density, words[TRADEOFF_POOL], words[TRADEOFF_SCORE], words[TRADEOFF_KEEP],
           words[TRADEOFF_ATTEND], over.median, last->pairs);
    if (equal > last->density && equal <= 1)
        printf("; overtaken from about %.0f %% on", 100 * equal);
    putchar('\n');
}

static enum status print_all(const struct request *r, const struct gate *gate, const struct gate_origin *origin,
                             const struct tradeoff *t, struct diags *diags)
{
    struct study study;
    char dense[24];
    enum status status =
        study_make(&study, origin->length, gate->head_dim, gate->heads / HEAD_KINDS, origin->model_seed, STUDY_HELD_OUT,
                   r->documents, (int)r->threads, tell, (void *)(uintptr_t) "unseen documents");
    tell_end();
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, NULL, 0, "Choose fewer --documents.", "there is no memory for the documents");
    if (status != STATUS_OK)
        return status;
    summary_time(stats_median(t->dense, (size_t)t->rounds), dense, sizeof dense);
    printf("N %" PRId64 ", %d heads of %" PRId64 ", causal, blocks of %d, %" PRId64 " threads; dense flash %s\n"
           "time: measured, median of %d rounds, all points and dense flash in turn; kept mass and needles: %" PRId64
           " models on %" PRId64 " unseen documents, median and range\n",
           origin->length, HEAD_KINDS, gate->head_dim, SELECT_BLOCK, r->threads, dense, t->rounds,
           gate->heads / HEAD_KINDS, r->documents);
    printf("%-21s density      time faster than flash   mass kept           error  needles\n", "selector");
    for (size_t i = 0; i < t->count && status == STATUS_OK; i++) {
        struct quality quality;
        status = judge(&study, gate, &t->points[i], &quality);
        if (status == STATUS_OK)
            print_point(t, &t->points[i], &quality);
        if (status == STATUS_OK && i % DENSITIES == DENSITIES - 1)
            print_cost(t, &t->points[i - 1], &t->points[i]);
    }
    study_free(&study);
    return status;
}

static enum status run(const struct request *r, struct diags *diags)
{
    struct trainer trainer;
    struct gate_origin origin;
    struct tradeoff tradeoff;
    enum status status = gate_read(r->gate, &trainer, &origin, diags);
    if (status != STATUS_OK)
        return status;
    if (trainer.step < origin.steps || trainer.gate.heads % HEAD_KINDS || trainer.gate.head_dim != 64 ||
        trainer.gate.heads / HEAD_KINDS > MOST_MODELS) {
        diags_error(diags, r->gate, 0, "Run `flashdeck train-gate` to its end.",
                    "this gate is unfinished, or none of the study's");
        trainer_free(&trainer);
        return STATUS_BAD_INPUT;
    }
    blas_single_threaded();
    interrupt_catch();
    status = tradeoff_measure(&tradeoff, &trainer.gate, origin.length, origin.model_seed, densities, DENSITIES,
                              (int)r->rounds, (int)r->threads, &clock_system, tell, (void *)(uintptr_t) "measuring");
    tell_end();
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, NULL, 0, "Train a gate for a shorter --length.", "there is no memory for N %" PRId64,
                    origin.length);
    if (status == STATUS_OK || status == STATUS_WRONG) {
        enum status printed = print_all(r, &trainer.gate, &origin, &tradeoff, diags);
        status = status == STATUS_OK ? printed : status;
        tradeoff_free(&tradeoff);
    }
    trainer_free(&trainer);
    return status;
}

static enum status check(const struct request *r, struct diags *diags)
{
    const struct {
        const char *name;
        int64_t value, most;
    } counts[] = {{"--rounds", r->rounds, 1000}, {"--threads", r->threads, 1024}, {"--documents", r->documents, 1024}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].value < 1 || counts[i].value > counts[i].most)
            diags_error(diags, NULL, 0, NULL, "%s is %" PRId64 "; it must be 1 to %" PRId64, counts[i].name,
                        counts[i].value, counts[i].most);
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

int cmd_tradeoff(int argc, char **argv)
{
    struct request r = {"out/gate.safetensors", 15, omp_get_num_procs(), HELD_OUT};
    struct diags diags = {0};
    bool help = false;
    const struct option options[] = {
        {"--gate", NULL, OPTION_TEXT, &r.gate, "FILE", "what train-gate wrote (out/gate.safetensors)"},
        {"--rounds", NULL, OPTION_COUNT, &r.rounds, "N", "repetitions (15)"},
        {"--documents", NULL, OPTION_COUNT, &r.documents, "N", "unseen documents to judge on (8)"},
        {"--threads", "-t", OPTION_COUNT, &r.threads, "N", "all processors"},
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
