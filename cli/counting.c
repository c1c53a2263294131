#ifdef FLASHDECK_SIMT
#include "cli/counting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/counting_table.h"
#include "kernels/block_mask.h"
#include "kernels/simt/attend.h"

bool counting_possible(void)
{
    return true;
}

/* The first block of keys, and the query's own with the three before it: an A, under a causal mask. */
enum { BLOCK = 64, LOCAL = 4 };
static const char *const blocked_mask = "causal_first1_local4_of64";

static bool keep_block(void *context, int64_t mask, int64_t row, int64_t column)
{
    (void)context;
    (void)mask;
    return column <= row && (column == 0 || row - column < LOCAL);
}

/* No axis names a block mask, so the kernels that need one get this. */
static enum status add_blocked(struct counting *counting, struct kernel_list kernels, struct diags *diags)
{
    struct attention_problem problem = counting->plan.cases[0].problem;
    problem.mask = (struct attention_mask){.causal = true, .window_left = -1, .window_right = -1};
    problem.dtype = DTYPE_F32;
    counting->blocks = block_mask_build(&problem, BLOCK, BLOCK, 1, keep_block, NULL);
    if (!counting->blocks) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (size_t k = 0; k < kernels.count; k++) {
        const struct kernel *kernel = kernels.kernels[k];
        struct attention_problem blocked = problem;
        blocked.mask.blocks = counting->blocks;
        if (kernel->unsupported(&problem) && !kernel->unsupported(&blocked))
            counting->blocked[counting->blocked_count++] =
                (struct plan_case){.kernel = kernel, .problem = blocked, .threads = 1};
    }
    return STATUS_OK;
}

enum status counting_plan(struct counting *counting, const char *preset, const struct option_texts *axes,
                          struct diags *diags)
{
    struct axes parsed = {0};
    struct plan *plan = &counting->plan;
    enum status status = STATUS_OK;
    device_rows_fill(&counting->rows, simt_kernels, simt_kernel_count, "simt");
    const struct kernel_list kernels = {counting->rows.list, counting->rows.count};
    for (size_t i = 0; axes && i < axes->count; i++)
        if (axes_parse(&parsed, axes->texts[i], NULL, 0, diags) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    if (status == STATUS_OK && preset)
        status = plan_add_preset(plan, preset, &parsed, kernels, diags);
    else if (status == STATUS_OK)
        status = plan_add(plan, &parsed, kernels, diags);
    if (status == STATUS_OK && preset && plan->count > 0)
        status = add_blocked(counting, kernels, diags);
    if (status == STATUS_OK && plan->count == 0) {
        diags_error(diags, NULL, 0, NULL, "no kernel does any of these problems: %s",
                    plan->left_out_reason ? plan->left_out_reason : "there are none");
        status = STATUS_BAD_INPUT;
    }
    return status;
}

/* FlashAttention's theorem 2 and proposition 4 (2205.14135, section 3.2), constants left aside, in bytes: with the
 * scores in HBM N d + pairs; tiled in SRAM of M elements N d + pairs d^2 / M, for a mask that keeps `pairs`. */
static double io_theorem(const struct attention_problem *p, const char *family, double sram_bytes)
{
    double d = (double)p->head_dim, pairs = 0, element = (double)dtype_size(p->dtype);
    for (int64_t layer = 0; layer < p->layers; layer++)
        pairs += (double)attention_layer_pairs(p, layer);
    bool stored = strncmp(family, "naive", 5) == 0;
    return attention_cost(p).bytes + element * pairs * (stored ? 1 : d * d / (sram_bytes / element));
}

/* One group of heads of one sequence, unless the whole is asked for. Block masks may differ from head to head; then all
 * of it. */
static struct attention_problem part_of(const struct attention_problem *whole, bool all, int64_t *parts)
{
    struct attention_problem part = *whole;
    *parts = 1;
    if (!all && (!part.mask.blocks || part.mask.blocks->count == 1)) {
        *parts = part.batch * part.kv_heads;
        part.heads /= part.kv_heads;
        part.batch = part.kv_heads = 1;
    }
    return part;
}

/* Counts are of one part; `parts` of them are the whole problem, whose formula stands beside. */
static void fill_stages(struct record_counted *row, const struct simt_attention *got,
                        const struct kernel_stages *formula)
{
    double times = (double)row->parts;
    row->equal = formula->count == got->stage_count;
    for (int s = 0; s < got->stage_count; s++) {
        const struct simt_counts *n = &got->stages[s];
        struct counted_stage *to = &row->stages[s];
        const struct kernel_stage *f = &formula->items[s < formula->count ? s : 0];
        *to = (struct counted_stage){.hbm_read = times * (double)n->hbm_read,
                                     .hbm_written = times * (double)n->hbm_written,
                                     .sram_read = times * (double)n->sram_read,
                                     .sram_written = times * (double)n->sram_written,
                                     .async_bytes = times * (double)n->async_bytes,
                                     .launches = (double)n->launches, /* one launch does all parts */
                                     .blocks = times * (double)n->blocks,
                                     .barriers = times * (double)n->barriers,
                                     .exchanges = times * (double)n->exchanges,
                                     .products_m16n8k16 = times * (double)n->products,
                                     .formula_read = f->bytes_read,
                                     .formula_written = f->bytes_written};
        snprintf(to->name, sizeof to->name, "%s", f->name);
        row->equal &=
            !counted_stage_ran(to) || (to->hbm_read == to->formula_read && to->hbm_written == to->formula_written);
    }
}

static enum status fail(struct record_counted *row, enum status status, const char *why, struct diags *diags)
{
    diags_error(diags, NULL, 0, NULL, "%s: %s", row->name, why);
    row->failed = true;
    row->error = strdup(why);
    return row->error ? status : STATUS_NO_MEMORY;
}

static enum status count_case(const struct counting *counting, const struct plan_case *c, struct record_counted *row,
                              struct diags *diags)
{
    const struct cuda_kernel *kernel = c->kernel->cuda;
    struct attention_problem part = part_of(&c->problem, counting->whole, &row->parts);
    struct simt_attention got;
    struct kernel_stages formula;
    enum status status = record_name_counted(row, c->kernel->name, c->kernel->family, c->kernel->title,
                                             c->problem.mask.blocks ? blocked_mask : NULL, &c->problem);
    if (status != STATUS_OK)
        return status;
    row->sram_bytes = SIMT_MOST_SRAM;
    row->least_bytes = attention_cost(&c->problem).bytes;
    row->theorem_bytes = io_theorem(&c->problem, row->family, row->sram_bytes);
    struct simt *simt = simt_open(simt_attention_bytes(kernel, &part));
    status = simt ? simt_attend(simt, kernel, &part, NULL, NULL, NULL, &got) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        kernel->stages(&c->problem, &formula);
        row->stages = calloc((size_t)got.stage_count + 1, sizeof *row->stages);
        row->stage_count = row->stages ? (size_t)got.stage_count : 0;
        if (row->stages)
            fill_stages(row, &got, &formula);
        status = !row->stages ? STATUS_NO_MEMORY : row->equal ? STATUS_OK : STATUS_WRONG;
    } else if (status == STATUS_WRONG) {
        status = fail(row, status, simt_fault(simt)->message, diags);
    } else {
        status = fail(row, status, "does not fit into the simulator's memory: choose smaller lengths", diags);
    }
    simt_close(simt);
    return status;
}

enum status counting_run(const struct counting *counting, FILE *table, struct record *record, struct diags *diags)
{
    enum status worst = STATUS_OK;
    size_t first = record->counted_count;
    for (size_t i = 0; i < counting->plan.count + counting->blocked_count; i++) {
        const struct plan_case *c =
            i < counting->plan.count ? &counting->plan.cases[i] : &counting->blocked[i - counting->plan.count];
        struct record_counted *row = record_add_counted(record);
        enum status status = row ? count_case(counting, c, row, diags) : STATUS_NO_MEMORY;
        if (!row || !row->key)
            return STATUS_NO_MEMORY;
        if (table)
            counting_print(row, record->counted_count - 1 == first ? NULL : row - 1, table);
        if (status != STATUS_OK && worst != STATUS_WRONG)
            worst = status;
    }
    return worst;
}

void counting_free(struct counting *counting)
{
    plan_free(&counting->plan);
    block_mask_free(counting->blocks);
}
#else
typedef int counting_is_elsewhere; /* counting_none.c */
#endif
