/* cmd_count.c - flashdeck count: the bytes that the CUDA kernels move, counted in the simulator, without a GPU. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "harness/options.h"
#include "harness/plan.h"
#include "harness/summary.h"

#ifdef FLASHDECK_SIMT
#include "kernels/simt/attend.h"

static const char *const usage =
    "flashdeck count [FLAGS]\n\n"
    "Runs CUDA kernels in the simulator (no GPU is needed) and counts the bytes that they ask of\n"
    "HBM and of SRAM. Beside the count: the closed formula of the kernel, which must equal it, and\n"
    "what the IO theorem says (FlashAttention, section 3.2). Without -a: 1024 tokens, 8 heads of 64.\n"
    "Every head of every sequence moves the same bytes, so one group of heads of one sequence is\n"
    "run and multiplied; --whole runs them all. Exit code 4 when a count differs or a launch has\n"
    "a fault.";

enum { MOST_KERNELS = 32 };

/* The CUDA rows as the planner knows kernels; nothing is launched through these. */
struct rows {
    struct kernel kernels[MOST_KERNELS];
    const struct kernel *list[MOST_KERNELS];
};

static struct kernel_list rows_fill(struct rows *rows)
{
    size_t count = simt_kernel_count < MOST_KERNELS ? simt_kernel_count : MOST_KERNELS;
    for (size_t i = 0; i < count; i++) {
        const struct cuda_kernel *from = simt_kernels[i];
        rows->kernels[i] = (struct kernel){.name = from->name,
                                           .family = from->family,
                                           .backend = "simt",
                                           .title = from->title,
                                           .idea = from->idea,
                                           .source = from->source,
                                           .unsupported = from->unsupported,
                                           .stages = from->stages};
        rows->list[i] = &rows->kernels[i];
    }
    return (struct kernel_list){rows->list, count};
}

static const struct cuda_kernel *cuda_row(const char *name)
{
    for (size_t i = 0; i < simt_kernel_count; i++)
        if (strcmp(simt_kernels[i]->name, name) == 0)
            return simt_kernels[i];
    return NULL;
}

/* Bytes by FlashAttention's theorem 2 and proposition 4 (2205.14135, section 3.2), constants left aside: with the
 * scores in HBM N d + pairs; tiled in SRAM of M elements N d + pairs d^2 / M, for a mask that keeps `pairs`. */
struct io_theorem {
    double standard, flash;
};

static struct io_theorem io_theorem(const struct attention_problem *p)
{
    double least = attention_cost(p).bytes, d = (double)p->head_dim, pairs = 0, element = (double)dtype_size(p->dtype);
    for (int64_t layer = 0; layer < p->layers; layer++)
        pairs += (double)attention_layer_pairs(p, layer);
    double sram = SIMT_MOST_SRAM / element;
    return (struct io_theorem){least + element * pairs, least + element * pairs * d * d / sram};
}

static bool same_problem(const struct attention_problem *a, const struct attention_problem *b)
{
    return a->layers == b->layers && a->batch == b->batch && a->heads == b->heads && a->kv_heads == b->kv_heads &&
           a->len_q == b->len_q && a->len_kv == b->len_kv && a->head_dim == b->head_dim &&
           a->mask.causal == b->mask.causal && a->mask.window_left == b->mask.window_left &&
           a->mask.window_right == b->mask.window_right && a->mask.global_every == b->mask.global_every;
}

static void print_problem(const struct attention_problem *p, int64_t times)
{
    char mask[64], least[24], standard[24], flash[24];
    struct io_theorem io = io_theorem(p);
    attention_mask_label(&p->mask, mask, sizeof mask);
    summary_bytes(attention_cost(p).bytes, least, sizeof least);
    summary_bytes(io.standard, standard, sizeof standard);
    summary_bytes(io.flash, flash, sizeof flash);
    printf("N %lld", (long long)p->len_kv);
    if (p->len_q != p->len_kv)
        printf(" (%lld queries)", (long long)p->len_q);
    printf(", d %lld, heads %lld", (long long)p->head_dim, (long long)p->heads);
    if (p->kv_heads != p->heads)
        printf("/%lld", (long long)p->kv_heads);
    printf(", batch %lld, mask %s, %s", (long long)p->batch, mask, dtype_name(p->dtype));
    if (p->layers > 1)
        printf(", %lld layers", (long long)p->layers);
    printf("\nat least, Q K V in and O out once: %s. IO theorem, constants left aside: with the scores in HBM\n"
           "%s; tiled in %d KB of SRAM %s\n",
           least, standard, SIMT_MOST_SRAM / 1024, flash);
    if (times > 1)
        printf("counted on one of %lld groups of heads, times %lld\n", (long long)times, (long long)times);
    printf("%-12s %-12s %10s %10s %10s %6s %10s %9s\n", "kernel", "stage", "HBM read", "written", "formula", "equal",
           "SRAM", "barriers");
}

struct totals {
    double counted, formula, sram, barriers;
    bool equal;
};

static void print_row(const char *kernel, const char *stage, double read, double written, const struct totals *of)
{
    char words[4][24];
    summary_bytes(read, words[0], sizeof words[0]);
    summary_bytes(written, words[1], sizeof words[1]);
    summary_bytes(of->formula, words[2], sizeof words[2]);
    summary_bytes(of->sram, words[3], sizeof words[3]);
    printf("%-12s %-12s %10s %10s %10s %6s %10s %9.0f\n", kernel, stage, words[0], words[1], words[2],
           of->equal ? "yes" : "NO", words[3], of->barriers);
}

/* Counts are of `part`; `times` of them are the whole problem, whose formula stands beside. */
static enum status print_counts(const struct plan_case *c, const struct simt_attention *got, double times)
{
    struct kernel_stages stages;
    struct totals all = {.equal = true};
    double read = 0, written = 0;
    c->kernel->stages(&c->problem, &stages);
    for (int s = 0; s < stages.count && s < got->stage_count; s++) {
        const struct simt_counts *n = &got->stages[s];
        const struct kernel_stage *f = &stages.items[s];
        struct totals one = {times * (double)(n->hbm_read + n->hbm_written), f->bytes_read + f->bytes_written,
                             times * (double)(n->sram_read + n->sram_written), times * (double)n->barriers,
                             times * (double)n->hbm_read == f->bytes_read &&
                                 times * (double)n->hbm_written == f->bytes_written};
        if (stages.count > 1)
            print_row(c->kernel->name, f->name, times * (double)n->hbm_read, times * (double)n->hbm_written, &one);
        read += times * (double)n->hbm_read;
        written += times * (double)n->hbm_written;
        all.counted += one.counted;
        all.formula += one.formula;
        all.sram += one.sram;
        all.barriers += one.barriers;
        all.equal &= one.equal;
    }
    all.equal &= stages.count == got->stage_count;
    print_row(c->kernel->name, stages.count > 1 ? "all" : "one pass", read, written, &all);
    fflush(stdout);
    return all.equal ? STATUS_OK : STATUS_WRONG;
}

/* One group of heads of one sequence, unless the whole is asked for. */
static struct attention_problem part_of(const struct attention_problem *whole, bool all, int64_t *times)
{
    struct attention_problem part = *whole;
    *times = 1;
    if (!all) {
        *times = part.batch * part.kv_heads;
        part.heads /= part.kv_heads;
        part.batch = part.kv_heads = 1;
    }
    return part;
}

static enum status count_case(const struct plan_case *c, bool whole, bool header, struct diags *diags)
{
    int64_t times;
    struct attention_problem part = part_of(&c->problem, whole, &times);
    const struct cuda_kernel *kernel = cuda_row(c->kernel->name);
    struct simt_attention got;
    if (header)
        print_problem(&c->problem, times);
    struct simt *simt = simt_open(simt_attention_bytes(kernel, &part));
    enum status status = simt ? simt_attend(simt, kernel, &part, NULL, NULL, NULL, &got) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = print_counts(c, &got, (double)times);
    else if (status == STATUS_WRONG)
        diags_error(diags, NULL, 0, NULL, "%s", simt_fault(simt)->message);
    else
        diags_error(diags, NULL, 0, "Choose smaller lengths.", "%s does not fit into the simulator's memory",
                    kernel->name);
    simt_close(simt);
    return status;
}

static enum status make_plan(const struct option_texts *texts, struct rows *rows, struct plan *plan,
                             struct diags *diags)
{
    struct axes axes = {0};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < texts->count; i++)
        if (axes_parse(&axes, texts->texts[i], NULL, 0, diags) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    if (status == STATUS_OK)
        status = plan_add(plan, &axes, rows_fill(rows), diags);
    if (status == STATUS_OK && plan->count == 0) {
        diags_error(diags, NULL, 0, NULL, "no kernel does any of these problems: %s",
                    plan->left_out_reason ? plan->left_out_reason : "there are none");
        status = STATUS_BAD_INPUT;
    }
    return status;
}

int cmd_count(int argc, char **argv)
{
    struct option_texts texts = {0};
    struct diags diags = {0};
    struct plan plan = {0};
    struct rows rows;
    bool help = false, whole = false;
    const struct option options[] = {
        {"--axis", "-a", OPTION_TEXTS, &texts, "AXIS=VALUES",
         "N=1024, d=64, heads=16, batch=64, mask=causal, kernel=flash_tiled (`flashdeck list axes`)"},
        {"--whole", NULL, OPTION_FLAG, &whole, NULL, "run every head of every sequence"},
        {0}};
    enum status status = options_read(argc, argv, options, NULL, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help)
        status = make_plan(&texts, &rows, &plan, &diags);
    enum status worst = status;
    for (size_t i = 0; i < plan.count && status == STATUS_OK; i++) {
        bool first = i == 0 || !same_problem(&plan.cases[i - 1].problem, &plan.cases[i].problem);
        if (first && i > 0)
            putchar('\n');
        enum status one = count_case(&plan.cases[i], whole, first, &diags);
        if (one != STATUS_OK && worst != STATUS_WRONG)
            worst = one;
    }
    plan_free(&plan);
    diags_print(&diags, stderr);
    diags_free(&diags);
    return status_exit_code(worst);
}

#else

int cmd_count(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fputs("error: this build has no simulator of CUDA kernels\n    Install g++, then build again.\n", stderr);
    return status_exit_code(STATUS_UNSUPPORTED);
}

#endif
