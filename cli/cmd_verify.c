/* cmd_verify.c - flashdeck verify: hold kernels against the float64 oracle, without timing. */
#include <stdio.h>
#include <string.h>

#include "cli/bench_options.h"
#include "cli/check_model.h"
#include "cli/command.h"
#include "cli/compare.h"
#include "harness/interrupt.h"

static const char *const usage = "flashdeck verify [FLAGS]\n\n"
                                 "Runs every case once and holds its result against float64, row by row; nothing is\n"
                                 "timed. A kernel passes where its error is at most twice that of a plain float32\n"
                                 "computation plus a floor. With --compare DEVICE the outputs of two devices are held\n"
                                 "against each other, bit by bit. Without --preset and -a: the preset quick.\n"
                                 "With --check-model FILE kernels and selectors run on your own model's Q, K and V;\n"
                                 "`flashdeck verify --check-model --help` has the flags.\n"
                                 "Exit code 4 when a kernel is wrong.";

/* How many went which way. */
struct tally {
    size_t passed, wrong, not_run;
};

static void print_header(void)
{
    printf("%-12s %-4s %-4s %-11s %9s %3s %-8s %2s %5s %8s %8s\n", "kernel", "on", "type", "mask", "N", "d", "heads",
           "t", "rows", "error", "allowed");
}

/* "1024", or queries over keys: "128/1024". */
static void length_words(const struct attention_problem *p, char *words, size_t size)
{
    if (p->len_q == p->len_kv)
        snprintf(words, size, "%lld", (long long)p->len_kv);
    else
        snprintf(words, size, "%lld/%lld", (long long)p->len_q, (long long)p->len_kv);
}

/* "1x8", grouped "1x8/2", of several layers "1x12x3l". */
static void heads_words(const struct attention_problem *p, char *words, size_t size)
{
    char groups[24] = "", layers[24] = "";
    if (p->kv_heads != p->heads)
        snprintf(groups, sizeof groups, "/%lld", (long long)p->kv_heads);
    if (p->layers != 1)
        snprintf(layers, sizeof layers, "x%lldl", (long long)p->layers);
    snprintf(words, size, "%lldx%lld%s%s", (long long)p->batch, (long long)p->heads, groups, layers);
}

static void print_case(const struct plan_case *c)
{
    char mask[64], length[48], heads[96];
    attention_mask_label(&c->problem.mask, mask, sizeof mask);
    length_words(&c->problem, length, sizeof length);
    heads_words(&c->problem, heads, sizeof heads);
    printf("%-12s %-4s %-4s %-11s %9s %3lld %-8s %2d ", c->kernel->name, c->kernel->backend,
           dtype_name(c->problem.dtype), mask, length, (long long)c->problem.head_dim, heads, c->threads);
    fflush(stdout);
}

static void print_verdict(const struct verdict *verdict)
{
    printf("%5lld %8.1e %8.1e  %s\n", (long long)verdict->rows_compared, verdict->max_error, verdict->tolerance,
           verdict->pass ? "pass" : "FAIL");
    if (!verdict->pass)
        printf("            %s\n", verdict->message);
}

/* One case; a fault of its own is a line in the table and the others go on. */
static enum status verify_case(const struct bench_request *request, const struct plan_case *c, struct tally *tally,
                               struct diags *diags)
{
    struct verdict verdict = {0};
    size_t before = diags->count;
    if (!request->quiet)
        print_case(c);
    enum status status = bench_verify(c, &request->options, &verdict, diags);
    if (status == STATUS_OK && !verdict.pass)
        status = STATUS_WRONG;
    tally->passed += status == STATUS_OK;
    tally->wrong += status == STATUS_WRONG;
    tally->not_run += status != STATUS_OK && status != STATUS_WRONG;
    if (status == STATUS_OK || status == STATUS_WRONG) {
        if (request->quiet && status == STATUS_WRONG) {
            print_case(c);
            print_verdict(&verdict);
        } else if (!request->quiet) {
            print_verdict(&verdict);
        }
    } else if (!request->quiet) {
        printf("%s\n", diags->count > before ? "not run, see below" : "not run");
    }
    return status;
}

static enum status verify_all(const struct bench_request *request, struct diags *diags)
{
    struct tally tally = {0};
    enum status worst = STATUS_OK;
    interrupt_catch();
    if (!request->quiet)
        print_header();
    for (size_t i = 0; i < request->plan.count && !interrupt_seen(); i++) {
        enum status status = verify_case(request, &request->plan.cases[i], &tally, diags);
        /* A wrong kernel weighs more than one that could not run. */
        if (status != STATUS_OK && worst != STATUS_WRONG)
            worst = status;
    }
    printf("%s%zu passed, %zu wrong, %zu not run of %zu cases\n", request->quiet ? "" : "\n", tally.passed, tally.wrong,
           tally.not_run, request->plan.count);
    if (request->plan.left_out && !request->quiet)
        printf("%zu combinations are not these kernels' work: %s\n", request->plan.left_out,
               request->plan.left_out_reason);
    return interrupt_seen() ? STATUS_INTERRUPTED : worst;
}

/* The other device has a worker of its own, the processor too. */
static enum status compare(struct bench_request *request, struct diags *diags)
{
    struct places others;
    interrupt_catch();
    enum status status =
        places_choose(&others, device_table, device_count, request->compare, request->case_limit, diags);
    if (status == STATUS_OK && others.count != 1) {
        diags_error(diags, NULL, 0, NULL, "--compare takes one device");
        status = STATUS_BAD_INPUT;
    }
    if (status == STATUS_OK)
        status = compare_all(&request->plan, &request->options, &others.items[0], diags);
    places_close(&others);
    return status;
}

int cmd_verify(int argc, char **argv)
{
    if (check_model_wanted(argc, argv))
        return check_model(argc, argv);
    struct bench_request request;
    struct diags diags = {0};
    bool help = false;
    enum status status = bench_request_read(argc, argv, usage, false, &request, &help, &diags);
    if (status == STATUS_OK && !help && request.list_tests)
        bench_request_list(&request.plan);
    else if (status == STATUS_OK && !help)
        status = request.compare ? compare(&request, &diags) : verify_all(&request, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    bench_request_free(&request);
    return status_exit_code(status);
}
