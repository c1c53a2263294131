/* section_counts.c - what CUDA kernels move, counted in the simulator; beside it the formula, the theorem, and what
 * FlashAttention published for the same shape. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reports/sections.h"
#include "reports/words.h"

static const struct report_column columns[] = {
    {"Kernel", COLUMN_WORDS},    {"Type", COLUMN_WORDS},         {"Mask", COLUMN_WORDS},  {"Pass", COLUMN_WORDS},
    {"HBM read", COLUMN_NUMBER}, {"HBM written", COLUMN_NUMBER}, {"HBM", COLUMN_NUMBER},  {"Formula", COLUMN_NUMBER},
    {"Equal", COLUMN_WORDS},     {"IO theorem", COLUMN_NUMBER},  {"SRAM", COLUMN_NUMBER}, {"Barriers", COLUMN_NUMBER},
    {"Products", COLUMN_NUMBER}, {"Counted as", COLUMN_WORDS},
};

/* The problem without its mask and type, which have columns. */
static struct words shape(const struct record_counted *row)
{
    const struct attention_problem *p = &row->problem;
    struct words words;
    char queries[32] = "", layers[32] = "", parts[56] = "";
    if (p->len_q != p->len_kv)
        snprintf(queries, sizeof queries, ", Nq=%lld", (long long)p->len_q);
    if (p->layers != 1)
        snprintf(layers, sizeof layers, ", layers=%lld", (long long)p->layers);
    if (row->parts > 1)
        snprintf(parts, sizeof parts, "; one of %lld alike, multiplied", (long long)row->parts);
    snprintf(words.text, sizeof words.text, "N=%lld%s, d=%lld, heads=%.60s, batch=%lld%s%s", (long long)p->len_kv,
             queries, (long long)p->head_dim, words_heads(p).text, (long long)p->batch, layers, parts);
    return words;
}

static void say_number(struct report *report, double number, bool counted)
{
    if (counted)
        report_cell(report, "%.0f", number);
    else
        report_cell(report, "\u2013");
}

static void say_bytes(struct report *report, double bytes, bool known)
{
    report_cell(report, "%s", known ? words_bytes(bytes).text : "\u2013");
}

static void say_pass(struct report *report, const struct record_counted *row, const char *pass,
                     const struct counted_stage *s, bool counted, double theorem)
{
    bool equal = s->hbm_read == s->formula_read && s->hbm_written == s->formula_written;
    report_cell(report, "%s", row->kernel);
    report_cell(report, "%s", dtype_name(row->problem.dtype));
    report_cell(report, "%s", row->mask);
    report_cell(report, "%s", pass);
    say_bytes(report, s->hbm_read, counted);
    say_bytes(report, s->hbm_written, counted);
    say_bytes(report, s->hbm_read + s->hbm_written, counted);
    say_bytes(report, s->formula_read + s->formula_written, true);
    report_cell(report, "%s", !counted ? "not counted" : equal ? "yes" : "NO");
    say_bytes(report, theorem, theorem > 0);
    say_bytes(report, s->sram_read + s->sram_written, counted);
    say_number(report, s->barriers, counted);
    say_number(report, s->products_m16n8k16, counted);
    report_cell(report, "%s", shape(row).text);
}

static void say_row(struct report *report, const struct record_counted *row)
{
    for (size_t s = 0; row->stage_count > 1 && s < row->stage_count; s++)
        say_pass(report, row, row->stages[s].name, &row->stages[s], counted_stage_ran(&row->stages[s]), 0);
    struct counted_stage all = record_counted_sum(row);
    say_pass(report, row, row->stage_count > 1 ? "all" : "one pass", &all, record_counted_whole(row),
             row->theorem_bytes);
}

static bool has_shape_of_figure_2(const struct record_counted *row)
{
    const struct attention_problem *p = &row->problem;
    return !row->failed && strcmp(row->mask, "full") == 0 && p->len_q == 1024 && p->len_kv == 1024 &&
           p->head_dim == 64 && p->heads == 16 && p->kv_heads == 16 && p->batch == 64 && p->layers == 1;
}

static bool of_figure_2(const struct record_counted *row)
{
    return has_shape_of_figure_2(row) && record_counted_whole(row);
}

/* Each kernel beside the first that stores its scores in the same type: a count over a count. */
static void add_ratio(struct text *words, const struct record *record, const struct record_counted *row)
{
    struct counted_stage mine = record_counted_sum(row);
    for (size_t i = 0; i < record->counted_count && strncmp(row->family, "naive", 5) != 0; i++) {
        const struct record_counted *other = &record->counted[i];
        if (!of_figure_2(other) || strncmp(other->family, "naive", 5) != 0 ||
            other->problem.dtype != row->problem.dtype)
            continue;
        struct counted_stage theirs = record_counted_sum(other);
        text_format(words, ", %s times fewer bytes than %s",
                    words_number((theirs.hbm_read + theirs.hbm_written) / (mine.hbm_read + mine.hbm_written)).text,
                    other->kernel);
        return;
    }
}

/* A kernel whose products a library makes: all of its bytes together are computed. */
static void add_by_formula(struct text *words, const struct record_counted *row)
{
    struct counted_stage all = record_counted_sum(row);
    if (!record_counted_whole(row) && has_shape_of_figure_2(row))
        text_format(words, " By formula, since a library makes its products: %s in %s %s (computed).", row->kernel,
                    dtype_name(row->problem.dtype), words_bytes(all.formula_read + all.formula_written).text);
}

/* FlashAttention 2205.14135, Figure 2, left. */
static void say_published(struct report *report, const struct record *record)
{
    struct text words = {0}, rest = {0};
    bool f32 = false, half = false;
    for (size_t i = 0; i < record->counted_count; i++) {
        const struct record_counted *row = &record->counted[i];
        if (!of_figure_2(row))
            continue;
        struct counted_stage all = record_counted_sum(row);
        text_format(&words, "%s%s in %s %s", words.length ? "; " : "", row->kernel, dtype_name(row->problem.dtype),
                    words_bytes(all.hbm_read + all.hbm_written).text);
        add_ratio(&words, record, row);
        f32 |= row->problem.dtype == DTYPE_F32;
        half |= row->problem.dtype != DTYPE_F32;
    }
    for (size_t i = 0; i < record->counted_count; i++)
        add_by_formula(&rest, &record->counted[i]);
    char *counted = text_take(&words), *computed = text_take(&rest);
    if (counted && *counted) {
        report_say(
            report, REPORT_TEXT,
            "Published for this shape (N 1024, d 64, 16 heads, batch 64; FlashAttention 2205.14135, Figure 2, "
            "left): 40.3 GB of HBM traffic for standard attention, 4.4 GB for FlashAttention. Counted here: %s.%s",
            counted, computed ? computed : "");
        report_say(report, REPORT_TEXT,
                   "Why they differ: the published figures are of 16-bit numbers on an A100, forward and backward "
                   "together; ours are of the forward pass alone%s. Ours are what a kernel asks for, with no cache "
                   "between: naive's products read each row of Q and K once for every tile of 32, most of which an L2 "
                   "cache would serve, and a tiled kernel reads K and V once for every block of queries. So no count "
                   "is divided by a published figure here; only counts of one type stand in one ratio.",
                   !f32    ? ""
                   : !half ? ", in float32, where every element is twice as wide"
                           : ", and those in f32 have elements twice as wide");
    }
    free(counted);
    free(computed);
}

static void say_faults(struct report *report, const struct record *record)
{
    for (size_t i = 0; i < record->counted_count; i++) {
        const struct record_counted *row = &record->counted[i];
        if (row->failed)
            report_say(report, REPORT_WARNING, "%s: the simulator found a fault: %s", row->name,
                       row->error ? row->error : "no reason recorded");
        else if (!row->equal)
            report_say(report, REPORT_WARNING, "%s: its count differs from its formula.", row->name);
    }
}

void section_counts(struct report *report, const struct record *record, int level)
{
    if (record->counted_count == 0)
        return;
    report_heading(report, level, "Bytes moved by the CUDA kernels, counted");
    report_say(report, REPORT_TEXT,
               "Counted in a simulator that runs the kernels' own source on a CPU, access by access: exact, and no "
               "time. The formula and the IO theorem are computed; the theorem leaves its constants aside and is given "
               "%s of SRAM. A pass that a library carries out is not counted.",
               words_binary(record->counted[0].sram_bytes).text);
    say_faults(report, record);
    report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                 "Count, formula and theorem of each CUDA kernel");
    for (size_t i = 0; i < record->counted_count; i++)
        if (!record->counted[i].failed)
            say_row(report, &record->counted[i]);
    say_published(report, record);
}
