#include "cli/check_model.h"

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/tell.h"
#include "harness/gate_file.h"
#include "harness/interrupt.h"
#include "harness/layer_check.h"
#include "harness/options.h"
#include "harness/stats.h"
#include "harness/study.h"
#include "harness/summary.h"
#include "harness/tradeoff.h"
#include "kernels/cpu/blas.h"
#include "kernels/select/selection.h"

static const char *const usage =
    "flashdeck verify --check-model FILE [FLAGS]\n\n"
    "Q, K and V of one layer of your own model: every kernel of this processor is held against\n"
    "float64 on them, and every selector says how much attention mass it keeps, how far its output is\n"
    "from dense attention's, and what it costs end to end. Nothing is written.\n\n"
    "FILE is a safetensors file with the tensors q, k and v (--q, --k, --v name others) in float32,\n"
    "bf16, f16 or float64; or three NumPy files, q.npy,k.npy,v.npy. Axes are [tokens, heads, head_dim],\n"
    "with --heads-first [heads, tokens, head_dim]; a batch may stand before them. k and v may have\n"
    "fewer heads (grouped heads). Q and K are as attention sees them, after RoPE, unless\n"
    "--before-rope says otherwise. Exit code 4 when a kernel is wrong.";

struct request {
    struct layer_request layer;
    struct option_texts density_words;
    double densities[OPTION_TEXTS_MOST], scale;
    int density_count;
    const char *gate;
    int64_t rounds, rows, threads;
    bool causal;
};

static void print_header(const struct layer_input *input)
{
    const struct attention_problem *p = &input->problem;
    printf("q %s\nk %s\nv %s\n%" PRId64 " x %" PRId64 " heads of %" PRId64 " (%" PRId64 " of keys), %" PRId64
           " queries, %" PRId64 " keys, %s, scale %.6g\n\n",
           input->words[0], input->words[1], input->words[2], p->batch, p->heads, p->head_dim, p->kv_heads, p->len_q,
           p->len_kv, p->mask.causal ? "causal" : "every key seen", (double)p->scale);
}

static void print_verdict(const struct layer_verdict *v)
{
    char time[24];
    printf("%-14s %-19s ", v->kernel->name, v->reason ? "-" : v->mask);
    if (v->reason) {
        printf("not run: %s\n", v->reason);
        return;
    }
    summary_time(v->seconds, time, sizeof time);
    printf("%6" PRId64 " %8.1e %8.1e  %-4s %9s\n", v->verdict.rows_compared, v->verdict.max_error, v->verdict.tolerance,
           v->verdict.pass ? "pass" : "FAIL", v->verdict.pass ? time : "");
    if (!v->verdict.pass)
        printf("    %s\n", v->verdict.message);
}

static enum status check_kernels(const struct request *r, const struct layer_input *input, struct diags *diags)
{
    enum status status = STATUS_OK, worst = STATUS_OK;
    printf("%-14s %-19s %6s %8s %8s  %-4s %9s\n", "kernel", "mask", "rows", "error", "allowed", "", "one run");
    for (size_t i = 0; i < kernel_count && status == STATUS_OK; i++) {
        struct layer_verdict verdict;
        if (strcmp(kernel_table[i]->backend, "cpu") != 0)
            continue;
        if (interrupt_seen())
            return STATUS_INTERRUPTED;
        status = layer_check(input, kernel_table[i], r->rows, (int)r->threads, &clock_system, &verdict, diags);
        if (status == STATUS_OK)
            print_verdict(&verdict);
        if (status == STATUS_OK && !verdict.reason && !verdict.verdict.pass)
            worst = STATUS_WRONG;
        fflush(stdout);
    }
    return status == STATUS_OK ? worst : status;
}

static void print_point(const struct tradeoff *t, const struct tradeoff_point *point)
{
    char time[24] = "-", speed[48] = "-";
    if (!point->verdict.pass) {
        snprintf(time, sizeof time, "WRONG");
    } else if (point->selector != SELECT_MASS) {
        struct estimate ratio = stats_ratio(t->dense, point->seconds, (size_t)t->rounds);
        summary_time(stats_median(point->seconds, (size_t)t->rounds), time, sizeof time);
        snprintf(speed, sizeof speed, "%.2f [%.2f, %.2f]", ratio.median, ratio.low, ratio.high);
    }
    printf("%-21s %4.0f %%  %9.4f  %9.4f  %9s %s\n", selector_row(point->selector)->title, 100 * point->density,
           point->mass, point->relative_l2, time, speed);
    if (!point->verdict.pass)
        printf("    %s\n", point->verdict.message);
}

static void print_points(const struct tradeoff *t, const struct gate *gate)
{
    char dense[24];
    summary_time(stats_median(t->dense, (size_t)t->rounds), dense, sizeof dense);
    printf("\nselectors: blocks of %d; dense flash %s; time is everything from Q, K, V to O, median of %d rounds\n"
           "error: |O - dense| / |dense|; mass: of all heads%s\n%-21s density  mass kept      error       time "
           "faster than flash\n",
           SELECT_BLOCK, dense, t->rounds, t->problem.mask.causal ? ", rows from a quarter on" : "", "selector");
    for (size_t i = 0; i < t->count; i++)
        print_point(t, &t->points[i]);
    if (!gate)
        printf("%-21s not run: give what train-gate wrote, --gate FILE\n", selector_row(SELECT_GATE)->title);
}

static enum status check_selectors(const struct request *r, const struct layer_input *input, const struct gate *gate,
                                   struct diags *diags)
{
    struct tradeoff tradeoff;
    struct tradeoff_input layer = {input->problem, input->q, input->k, input->v, input->angles};
    struct selection selection = {.selector = gate ? SELECT_GATE : SELECT_MEAN, .gate = gate};
    const char *reason = selection_unsupported(&input->problem, &selection);
    if (reason) {
        printf("\nselectors: not run: %s\n", reason);
        return STATUS_OK;
    }
    enum status status = tradeoff_of(&tradeoff, &layer, gate, r->densities, r->density_count, (int)r->rounds,
                                     (int)r->threads, &clock_system, tell_done, (void *)(uintptr_t) "selecting");
    tell_end();
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, r->layer.path, 0, "Take fewer heads or tokens.", "there is no memory for the selectors");
    if (status == STATUS_OK || status == STATUS_WRONG) {
        print_points(&tradeoff, gate);
        tradeoff_free(&tradeoff);
    }
    return status;
}

static enum status run(const struct request *r, struct diags *diags)
{
    struct layer_input input;
    struct trainer trainer = {0};
    struct gate_origin origin;
    enum status status = r->gate ? gate_read(r->gate, &trainer, &origin, diags) : STATUS_OK;
    enum status read = layer_input_read(&r->layer, &input, diags);
    status = status == STATUS_OK ? read : status;
    if (status == STATUS_OK && r->gate && trainer.gate.head_dim != input.problem.head_dim) {
        diags_error(diags, r->gate, 0, "Train one for this head_dim, or leave --gate out.",
                    "this gate is for a head_dim of %" PRId64 ", the layer has %" PRId64, trainer.gate.head_dim,
                    input.problem.head_dim);
        status = STATUS_BAD_INPUT;
    }
    if (status == STATUS_OK) {
        input.problem.mask.causal = r->causal;
        if (r->scale != 0)
            input.problem.scale = (float)r->scale;
        blas_single_threaded();
        interrupt_catch();
        print_header(&input);
        status = check_kernels(r, &input, diags);
        if (status == STATUS_OK || status == STATUS_WRONG) {
            enum status selected = check_selectors(r, &input, r->gate ? &trainer.gate : NULL, diags);
            status = status == STATUS_OK ? selected : status;
        }
    }
    layer_input_free(&input);
    trainer_free(&trainer);
    return status;
}

static void read_densities(struct request *r, struct diags *diags)
{
    for (size_t i = 0; i < r->density_words.count; i++) {
        char *end;
        double density = strtod(r->density_words.texts[i], &end);
        if (end == r->density_words.texts[i] || *end != '\0' || !(density > 0 && density <= 1))
            diags_error(diags, NULL, 0, "A share of the blocks: 0.1 keeps a tenth.",
                        "--density is '%.40s'; it must be above 0 and at most 1", r->density_words.texts[i]);
        else
            r->densities[r->density_count++] = density;
    }
    if (r->density_words.count == 0) {
        memcpy(r->densities, study_densities, sizeof study_densities);
        r->density_count = STUDY_DENSITIES;
    }
}

static enum status check(struct request *r, struct diags *diags)
{
    const struct {
        const char *name;
        int64_t value, most;
    } counts[] = {{"--rounds", r->rounds, 1000}, {"--rows", r->rows, INT32_MAX}, {"--threads", r->threads, 1024}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].value < 1 || counts[i].value > counts[i].most)
            diags_error(diags, NULL, 0, NULL, "%s is %" PRId64 "; it must be 1 to %" PRId64, counts[i].name,
                        counts[i].value, counts[i].most);
    if (!isfinite((float)r->scale))
        diags_error(diags, NULL, 0, "1 / sqrt(head_dim) is usual, and taken without the flag.",
                    "--scale is %g; it must be a finite number", r->scale);
    read_densities(r, diags);
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

bool check_model_wanted(int argc, char **argv)
{
    static const char flag[] = "--check-model";
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], flag, sizeof flag - 1) == 0 &&
            (argv[i][sizeof flag - 1] == '\0' || argv[i][sizeof flag - 1] == '='))
            return true;
    return false;
}

int check_model(int argc, char **argv)
{
    struct request r = {.layer.names = {"q", "k", "v"}, .rounds = 5, .rows = 512, .threads = omp_get_num_procs()};
    struct diags diags = {0};
    bool help = false;
    const struct option options[] = {
        {"--check-model", NULL, OPTION_TEXT, &r.layer.path, "FILE", "a safetensors file, or q.npy,k.npy,v.npy"},
        {"--q", NULL, OPTION_TEXT, &r.layer.names[0], "NAME", "the queries' name in it (q)"},
        {"--k", NULL, OPTION_TEXT, &r.layer.names[1], "NAME", "the keys' (k)"},
        {"--v", NULL, OPTION_TEXT, &r.layer.names[2], "NAME", "the values' (v)"},
        {"--heads-first", NULL, OPTION_FLAG, &r.layer.heads_first, NULL, "axes are [heads, tokens, head_dim]"},
        {"--causal", NULL, OPTION_FLAG, &r.causal, NULL, "a query sees no later key"},
        {"--scale", NULL, OPTION_NUMBER, &r.scale, "S", "of the logits (1 / sqrt(head_dim))"},
        {"--theta", NULL, OPTION_NUMBER, &r.layer.theta, "T",
         "base of the model's RoPE, which the gate undoes (none: nothing is undone)"},
        {"--before-rope", NULL, OPTION_FLAG, &r.layer.turn, NULL, "q and k are from before RoPE: turn them by --theta"},
        {"--gate", NULL, OPTION_TEXT, &r.gate, "FILE", "a gate that train-gate wrote, as one more selector"},
        {"--density", NULL, OPTION_TEXTS, &r.density_words, "P",
         "share of the blocks kept; several times (0.05 to 0.5)"},
        {"--rounds", NULL, OPTION_COUNT, &r.rounds, "N", "repetitions of the selectors, in turn with dense flash (5)"},
        {"--rows", NULL, OPTION_COUNT, &r.rows, "N", "rows that are held against float64 (512)"},
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
