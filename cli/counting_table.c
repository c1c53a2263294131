#include "cli/counting_table.h"

#include <string.h>

#include "harness/record.h"
#include "harness/summary.h"

static bool same_problem(const struct record_counted *a, const struct record_counted *b)
{
    /* The keys' ends: what stands behind the kernel's name. */
    const char *rest_a = strchr(a->key, '.'), *rest_b = strchr(b->key, '.');
    return rest_a && rest_b && strcmp(rest_a, rest_b) == 0;
}

static void print_problem(const struct record_counted *row, FILE *stream)
{
    const struct attention_problem *p = &row->problem;
    char least[24];
    summary_bytes(row->least_bytes, least, sizeof least);
    fprintf(stream, "N %lld", (long long)p->len_kv);
    if (p->len_q != p->len_kv)
        fprintf(stream, " (%lld queries)", (long long)p->len_q);
    fprintf(stream, ", d %lld, heads %lld", (long long)p->head_dim, (long long)p->heads);
    if (p->kv_heads != p->heads)
        fprintf(stream, "/%lld", (long long)p->kv_heads);
    fprintf(stream, ", batch %lld, mask %s, %s", (long long)p->batch, row->mask, dtype_name(p->dtype));
    if (p->layers > 1)
        fprintf(stream, ", %lld layers", (long long)p->layers);
    fprintf(stream, "\nat least, Q K V in and O out once: %s; IO theorem: constants left aside, %.0f KB of SRAM\n",
            least, row->sram_bytes / 1024);
    if (row->parts > 1)
        fprintf(stream, "counted on one of %lld groups of heads, times %lld\n", (long long)row->parts,
                (long long)row->parts);
    fprintf(stream, "%-12s %-14s %10s %10s %10s %6s %10s %10s %10s %10s\n", "kernel", "stage", "HBM read", "written",
            "formula", "equal", "IO theorem", "SRAM", "barriers", "products");
}

/* The last columns, alike for a stage and for all; `equal` NULL: nothing was counted, the formula stands alone. */
static void print_stage(const char *kernel, const struct counted_stage *s, const char *equal, double theorem,
                        FILE *stream)
{
    char words[5][24] = {"", "", "", "", "-"};
    const double bytes[] = {s->hbm_read, s->hbm_written, s->formula_read + s->formula_written,
                            s->sram_read + s->sram_written};
    for (int i = 0; i < 4; i++)
        summary_bytes(bytes[i], words[i], sizeof words[i]);
    if (theorem > 0)
        summary_bytes(theorem, words[4], sizeof words[4]);
    if (equal)
        fprintf(stream, "%-12s %-14s %10s %10s %10s %6s %10s %10s %10.0f %10.0f\n", kernel, s->name, words[0], words[1],
                words[2], equal, words[4], words[3], s->barriers, s->products_m16n8k16);
    else
        fprintf(stream, "%-12s %-14s %10s %10s %10s %6s %10s %10s %10s %10s\n", kernel, s->name, "-", "-", words[2],
                "-", words[4], "-", "-", "-");
}

static const char *equal_words(const struct counted_stage *s)
{
    if (!counted_stage_ran(s))
        return NULL;
    return s->hbm_read == s->formula_read && s->hbm_written == s->formula_written ? "yes" : "NO";
}

void counting_print(const struct record_counted *row, const struct record_counted *before, FILE *stream)
{
    if (!before || !same_problem(row, before)) {
        fputs(before ? "\n" : "", stream);
        print_problem(row, stream);
    }
    for (size_t s = 0; row->stage_count > 1 && s < row->stage_count; s++)
        print_stage(row->kernel, &row->stages[s], equal_words(&row->stages[s]), 0, stream);
    struct counted_stage all = record_counted_sum(row);
    snprintf(all.name, sizeof all.name, "%s", row->stage_count > 1 ? "all" : "one pass");
    if (row->failed)
        fprintf(stream, "%-12s FAULT: %s\n", row->kernel, row->error);
    else
        print_stage(row->kernel, &all,
                    !record_counted_whole(row) ? NULL
                    : row->equal               ? "yes"
                                               : "NO",
                    row->theorem_bytes, stream);
    fflush(stream);
}
