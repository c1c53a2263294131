/* cmd_reproduce.c - flashdeck reproduce: a paper's table, measured here beside what was published. */
#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "harness/interrupt.h"
#include "harness/modernbert.h"
#include "harness/options.h"
#include "harness/stats.h"
#include "harness/summary.h"

static const char *const usage =
    "flashdeck reproduce modernbert [FLAGS]\n\n"
    "The attention of ModernBERT's whole stack on this processor: every third layer global and the\n"
    "others local, against all layers global; sequences packed without padding, against padded ones;\n"
    "at 512 and 8192 tokens, of fixed and of varying length. Beside it the ceiling by formula and\n"
    "what the paper published for whole models on an RTX 4090.";

struct request {
    int64_t heads, rounds, seed, threads;
    bool large;
};

/* Thousands of tokens a second, whole models, RTX 4090 (ModernBERT 2412.13663, table 2), in the order of
 * modernbert_lengths. NaN: not published. */
static const struct {
    const char *model;
    double thousands[4];
} published[] = {
    {"ModernBERT-base", {148.1, 147.3, 123.7, 133.8}},
    {"GTE-base, xformers", {122.5, 128.6, 47.5, 67.3}},
    {"NomicBERT", {117.1, 58.5, 46.1, 23.1}},
    {"BERT-base", {180.4, 90.2, (double)NAN, (double)NAN}},
};

static bool tell(void *context, int done, int of)
{
    const struct modernbert_lengths *lengths = context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s: %d of %d runs", lengths->name, done, of);
    return !interrupt_seen();
}

static void print_time(const struct modernbert_result *result, enum modernbert_way way)
{
    char words[24];
    if (!result->seconds[way]) {
        printf(" %10s", "the same");
        return;
    }
    summary_time(stats_median(result->seconds[way], (size_t)result->rounds), words, sizeof words);
    printf(" %10s", words);
}

/* "2.55 [2.51, 2.60]", of a over b. */
static void print_ratio(const struct modernbert_result *result, enum modernbert_way a, enum modernbert_way b)
{
    if (!result->seconds[a] || !result->seconds[b])
        return;
    struct estimate ratio = stats_ratio(result->seconds[a], result->seconds[b], (size_t)result->rounds);
    printf("%.2f [%.2f, %.2f]", ratio.median, ratio.low, ratio.high);
}

/* RoPE is in every way alike: what it takes, and the ratio of the stack with it. */
static void print_rope(const struct modernbert_result *r)
{
    enum { MOST_ROUNDS = 1000 };
    double all[MOST_ROUNDS], alternating[MOST_ROUNDS];
    char words[24];
    for (int i = 0; i < r->rounds; i++) {
        all[i] = r->seconds[ALL_GLOBAL][i] + r->rope[ALL_GLOBAL][i];
        alternating[i] = r->seconds[ALTERNATING][i] + r->rope[ALTERNATING][i];
    }
    struct estimate ratio = stats_ratio(all, alternating, (size_t)r->rounds);
    summary_time(stats_median(r->rope[ALTERNATING], (size_t)r->rounds), words, sizeof words);
    printf("    with RoPE, %s of each: %.2f [%.2f, %.2f]\n", words, ratio.median, ratio.low, ratio.high);
}

static void print_row(const struct modernbert_lengths *lengths, const struct modernbert_result *r)
{
    printf("%-14s %3" PRId64 " %7" PRId64, lengths->name, lengths->count, r->tokens);
    for (int way = 0; way < MODERNBERT_WAYS; way++)
        print_time(r, (enum modernbert_way)way);
    putchar('\n');
    printf("    all-global / alternating: measured ");
    print_ratio(r, ALL_GLOBAL, ALTERNATING);
    printf(", ceiling by pairs %.2f\n", r->pairs[ALL_GLOBAL] / r->pairs[ALTERNATING]);
    print_rope(r);
    if (r->seconds[ALL_GLOBAL_PADDED]) {
        printf("    padded / packed: all-global measured ");
        print_ratio(r, ALL_GLOBAL_PADDED, ALL_GLOBAL);
        printf(" (by pairs %.2f), alternating ", r->pairs[ALL_GLOBAL_PADDED] / r->pairs[ALL_GLOBAL]);
        print_ratio(r, ALTERNATING_PADDED, ALTERNATING);
        printf(" (by tokens %.2f)\n", (double)r->padded_tokens / (double)r->tokens);
    }
}

static void print_published(void)
{
    printf("\npublished, whole models, thousand tokens a second (RTX 4090):\n%-20s", "");
    for (int i = 0; i < 4; i++)
        printf(" %14s", modernbert_lengths[i].name);
    putchar('\n');
    for (size_t m = 0; m < sizeof published / sizeof published[0]; m++) {
        printf("%-20s", published[m].model);
        for (int i = 0; i < 4; i++)
            if (isnan(published[m].thousands[i]))
                printf(" %14s", "-");
            else
                printf(" %14.1f", published[m].thousands[i]);
        putchar('\n');
    }
    printf("\nWhy they differ: the paper times whole models, whose linear layers cost the same either way, on a GPU;\n"
           "ours is attention alone, where alternation can show all of its effect. Published and measured numbers\n"
           "are of different kinds and are not divided by each other.\n");
}

static enum status run(const struct request *r, struct diags *diags)
{
    const struct modernbert *model = &modernbert_models[r->large];
    int64_t heads = r->heads < model->heads ? r->heads : model->heads;
    enum status status = STATUS_OK;
    interrupt_catch();
    printf("ModernBERT-%s: %" PRId64 " layers, %" PRId64 " of them global, %" PRId64 " of its %" PRId64
           " heads of %d, float32, %" PRId64 " threads, %" PRId64 " rounds\n",
           model->name, model->layers, (model->layers + MODERNBERT_EVERY - 1) / MODERNBERT_EVERY, heads, model->heads,
           MODERNBERT_DIM, r->threads, r->rounds);
    printf(
        "measured: attention of the whole stack; seconds are medians, ratios of paired rounds with their interval\n");
    printf("%-14s %3s %7s %10s %10s %10s %10s\n", "lengths", "seq", "tokens", "all-global", "alternates", "padded",
           "and alt.");
    for (int i = 0; i < 4 && status == STATUS_OK; i++) {
        struct modernbert_result result;
        status =
            modernbert_measure(model, &modernbert_lengths[i], heads, (uint64_t)r->seed, (int)r->rounds, (int)r->threads,
                               &clock_system, tell, (void *)(uintptr_t)&modernbert_lengths[i], &result);
        if (isatty(STDERR_FILENO))
            fputs("\r\033[K", stderr);
        if (status == STATUS_OK) {
            print_row(&modernbert_lengths[i], &result);
            fflush(stdout);
            modernbert_free(&result);
        }
    }
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, NULL, 0, "Choose fewer --heads.", "the stack's tensors do not fit in memory");
    if (status == STATUS_OK)
        print_published();
    return status;
}

static enum status check(const struct request *r, const struct option_texts *rest, struct diags *diags)
{
    if (rest->count != 1 || strcmp(rest->texts[0], "modernbert") != 0)
        diags_error(diags, NULL, 0, "flashdeck reproduce modernbert", "%s",
                    rest->count ? "there is no such paper here" : "which paper?");
    if (r->heads < 1)
        diags_error(diags, NULL, 0, NULL, "--heads must be 1 or more");
    if (r->rounds < 1 || r->rounds > 1000)
        diags_error(diags, NULL, 0, NULL, "--rounds is %" PRId64 "; it must be 1 to 1000", r->rounds);
    if (r->threads < 1 || r->threads > 1024)
        diags_error(diags, NULL, 0, NULL, "--threads is %" PRId64 "; it must be 1 to 1024", r->threads);
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

int cmd_reproduce(int argc, char **argv)
{
    struct request r = {2, 5, 1, omp_get_num_procs(), false};
    struct option_texts rest = {0};
    struct diags diags = {0};
    bool help = false;
    const struct option options[] = {
        {"--heads", NULL, OPTION_COUNT, &r.heads, "N", "of the model's heads (2); heads are independent"},
        {"--large", NULL, OPTION_FLAG, &r.large, NULL, "ModernBERT-large, not base"},
        {"--rounds", NULL, OPTION_COUNT, &r.rounds, "N", "repetitions, all ways in turn (5)"},
        {"--seed", NULL, OPTION_COUNT, &r.seed, "N", "of lengths and inputs (1)"},
        {"--threads", "-t", OPTION_COUNT, &r.threads, "N", "all processors"},
        {0}};
    enum status status = options_read(argc, argv, options, &rest, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help)
        status = check(&r, &rest, &diags);
    if (status == STATUS_OK && !help)
        status = run(&r, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    return status_exit_code(status);
}
