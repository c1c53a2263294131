#include "cli/reproduce_block_sparse.h"

#include <inttypes.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/recording.h"
#include "cli/tell.h"
#include "harness/efficiency_rows.h"
#include "harness/interrupt.h"
#include "harness/options.h"
#include "harness/stats.h"
#include "harness/summary.h"
#include "kernels/roof.h"

static const char *const usage =
    "flashdeck reproduce block-sparse [FLAGS]\n\n"
    "FlashAttention's section 3.3 says that block-sparse attention costs dense attention's time times\n"
    "the density. Does it, on this processor? For lengths, masks and densities: block_sparse's time\n"
    "over (dense flash's time x density), both in turn in the same rounds, with the interval; 1 is\n"
    "ideal. Blocks of 64, scattered by chance or side by side. Exit code 4 when an output is wrong.";

static const int64_t usual_lengths[] = {2048, 4096, 8192};
enum { LONGEST = 1 << 17, USUAL_LENGTHS = sizeof usual_lengths / sizeof usual_lengths[0] };

/* Times faster than FlashAttention-2 on an A100, its gate included, by density (SeerAttention 2410.13276, figure 6). */
static const double published_densities[] = {0.1, 0.3, 0.5};
static const struct {
    const char *length;
    double faster[3];
} published[] = {{"8K", {4.15, 2.16, 1.56}}, {"32K", {7.37, 2.76, 1.72}}, {"128K", {7.34, 2.53, 1.55}}};

struct request {
    struct option_texts length_words;
    int64_t heads, head_dim, rounds, threads, seed;
    int64_t lengths[OPTION_TEXTS_MOST];
    int length_count;
};

enum line { KEPT, WALL, PROCESSOR, LINES };

static enum status print_cell(const struct efficiency_row *row, int rounds, enum line line)
{
    struct estimate ratio[LINES];
    char words[40] = "WRONG";
    if (line == KEPT) {
        snprintf(words, sizeof words, "%.1f %%", 100 * row->density);
    } else if (row->seconds) {
        if (efficiency_ratio(row, rounds, &ratio[WALL], &ratio[PROCESSOR]) != STATUS_OK)
            return STATUS_NO_MEMORY;
        snprintf(words, sizeof words, "%.2f [%.2f, %.2f]", ratio[line].median, ratio[line].low, ratio[line].high);
    }
    printf(" %17s", words);
    return STATUS_OK;
}

/* The densities of one length, mask and pattern. */
static enum status print_rows(const struct efficiency_row *rows, int rounds)
{
    static const char *const names[LINES] = {"kept", "wall", "processor"};
    enum status status = STATUS_OK;
    for (int line = 0; line < LINES; line++) {
        if (line == 0)
            printf("%-6s %-12s %6" PRId64, rows->problem.mask.causal ? "causal" : "full",
                   efficiency_pattern_name(rows->pattern), rows->problem.len_kv);
        else
            printf("%26s", "");
        printf(" %-9s", names[line]);
        for (int d = 0; d < EFFICIENCY_DENSITIES && status == STATUS_OK; d++)
            status = print_cell(&rows[d], rounds, (enum line)line);
        putchar('\n');
    }
    return status;
}

static void print_wrong(const struct efficiency *e)
{
    for (size_t i = 0; i < e->count; i++)
        if (!e->rows[i].seconds)
            printf("WRONG: N %" PRId64 ", %s, %.0f %%: %s\n", e->rows[i].problem.len_kv,
                   efficiency_pattern_name(e->rows[i].pattern), 100 * e->rows[i].asked, e->rows[i].verdict.message);
}

static void print_published(void)
{
    printf("\npublished, SeerAttention 2410.13276 on an A100 against FlashAttention-2, its gate included:\n"
           "times faster, and what that is over (dense time x density)\n");
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        printf("%6s", published[i].length);
        for (size_t d = 0; d < sizeof published_densities / sizeof published_densities[0]; d++)
            printf("   at %2.0f %%: %.2f, %.2f", 100 * published_densities[d], published[i].faster[d],
                   1 / (published[i].faster[d] * published_densities[d]));
        putchar('\n');
    }
    printf("Another machine, kernel and mask: for reading beside ours, not for dividing by.\n");
}

static enum status print_all(const struct request *r, const struct efficiency *e)
{
    enum status status = STATUS_OK;
    printf(
        "block_sparse over (dense flash x density): measured, median of %d paired rounds and its interval; 1 is ideal\n"
        "%" PRId64 " heads of %" PRId64 ", float32, %s, %" PRId64 " threads; blocks of %d; density: kept pairs over "
        "dense attention's\n",
        e->rounds, r->heads, r->head_dim, cpu_isa(), r->threads, EFFICIENCY_BLOCK);
    printf("%-6s %-12s %6s %-9s", "mask", "blocks", "N", "");
    for (int d = 0; d < EFFICIENCY_DENSITIES; d++)
        printf("   about %3.0f %%     ", 100 * efficiency_densities[d]);
    putchar('\n');
    for (int causal = 0; causal < 2; causal++)
        for (int pattern = 0; pattern < EFFICIENCY_PATTERNS; pattern++)
            for (int n = 0; n < r->length_count && status == STATUS_OK; n++) {
                size_t at = (size_t)((n * 2 + causal) * EFFICIENCY_PATTERNS + pattern) * EFFICIENCY_DENSITIES;
                status = print_rows(&e->rows[at], e->rounds);
            }
    print_wrong(e);
    print_published();
    return status;
}

static enum status run(void *asked, struct record *record, const char *command, struct diags *diags)
{
    const struct request *r = asked;
    struct tell_what measuring = {"measuring"};
    struct efficiency efficiency;
    struct efficiency_request request = {r->lengths,     r->length_count, r->heads,         r->head_dim,
                                         (int)r->rounds, (int)r->threads, (uint64_t)r->seed};
    interrupt_catch();
    enum status status = efficiency_measure(&efficiency, &request, &clock_system, tell_done, &measuring, diags);
    tell_end();
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, NULL, 0, "Choose fewer --heads, or a shorter --length.", "the tensors do not fit in memory");
    if (status == STATUS_OK || status == STATUS_WRONG) {
        enum status printed = print_all(r, &efficiency);
        enum status recorded = efficiency_rows(record, &efficiency, &request, command);
        status = status != STATUS_OK ? status : printed != STATUS_OK ? printed : recorded;
        efficiency_free(&efficiency);
    }
    return status;
}

static void read_lengths(struct request *r, struct diags *diags)
{
    for (size_t i = 0; i < r->length_words.count; i++) {
        char *end;
        long long length = strtoll(r->length_words.texts[i], &end, 10);
        if (end == r->length_words.texts[i] || *end != '\0' || length < EFFICIENCY_BLOCK || length > LONGEST)
            diags_error(diags, NULL, 0, "8192 is a usual one; the flag may be given several times.",
                        "--length is '%.40s'; it must be %d to %d", r->length_words.texts[i], EFFICIENCY_BLOCK,
                        LONGEST);
        else
            r->lengths[r->length_count++] = length;
    }
    if (r->length_words.count == 0) {
        memcpy(r->lengths, usual_lengths, sizeof usual_lengths);
        r->length_count = USUAL_LENGTHS;
    }
}

static enum status check(struct request *r, const struct option_texts *rest, struct diags *diags)
{
    const struct {
        const char *name;
        int64_t value, most;
    } counts[] = {{"--heads", r->heads, 1024},
                  {"--head-dim", r->head_dim, MAX_HEAD_DIM},
                  {"--rounds", r->rounds, 1000},
                  {"--threads", r->threads, 1024}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].value < 1 || counts[i].value > counts[i].most)
            diags_error(diags, NULL, 0, NULL, "%s is %" PRId64 "; it must be 1 to %" PRId64, counts[i].name,
                        counts[i].value, counts[i].most);
    if (r->head_dim % 8)
        diags_error(diags, NULL, 0, "64 and 128 are usual.", "--head-dim is %" PRId64 "; it must be a multiple of 8",
                    r->head_dim);
    if (rest->count != 1)
        diags_error(diags, NULL, 0, "flashdeck reproduce block-sparse", "one paper at a time");
    read_lengths(r, diags);
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

int reproduce_block_sparse(int argc, char **argv)
{
    struct request r = {.heads = 4, .head_dim = 64, .rounds = 15, .threads = omp_get_num_procs(), .seed = 1};
    struct option_texts rest = {0};
    struct diags diags = {0};
    const char *out = NULL;
    bool help = false;
    const struct option options[] = {
        {"--length", "-n", OPTION_TEXTS, &r.length_words, "N", "tokens; several times (2048, 4096, 8192)"},
        {"--heads", NULL, OPTION_COUNT, &r.heads, "N", "heads (4)"},
        {"--head-dim", "-d", OPTION_COUNT, &r.head_dim, "D", "of a head (64)"},
        {"--rounds", NULL, OPTION_COUNT, &r.rounds, "N", "repetitions, everything in turn (15)"},
        {"--seed", NULL, OPTION_COUNT, &r.seed, "N", "of inputs and of what is scattered (1)"},
        {"--threads", "-t", OPTION_COUNT, &r.threads, "N", "all processors"},
        recording_option(&out),
        {0}};
    enum status status = options_read(argc, argv, options, &rest, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help)
        status = check(&r, &rest, &diags);
    if (status == STATUS_OK && !help)
        status = recording_run(argc, argv, out, false, run, &r, &diags);
    return recording_end(status, &diags);
}
