/* section_efficiency.c - block-sparse attention's time over what its density promises. */
#include <math.h>
#include <string.h>

#include "reports/sections.h"
#include "reports/words.h"

enum { DENSITIES = 5 };
static const double densities[DENSITIES] = {0.05, 0.1, 0.2, 0.3, 0.5};

static const struct report_column columns[] = {
    {"Mask", COLUMN_WORDS},  {"Blocks", COLUMN_WORDS}, {"N", COLUMN_NUMBER},
    {"Time", COLUMN_WORDS},  {"5 %", COLUMN_NUMBER},   {"10 %", COLUMN_NUMBER},
    {"20 %", COLUMN_NUMBER}, {"30 %", COLUMN_NUMBER},  {"50 %", COLUMN_NUMBER},
};

static bool same_line(const struct record_efficiency *a, const struct record_efficiency *b)
{
    const struct attention_problem *p = &a->problem, *q = &b->problem;
    return strcmp(a->pattern, b->pattern) == 0 && a->threads == b->threads && p->mask.causal == q->mask.causal &&
           p->len_kv == q->len_kv && p->heads == q->heads && p->head_dim == q->head_dim;
}

static void say_cell(struct report *report, const struct record *record, const struct record_efficiency *like,
                     double density, bool processor)
{
    const struct record_efficiency *row = NULL;
    for (size_t i = 0; i < record->efficiency_count; i++)
        if (same_line(&record->efficiency[i], like) && fabs(record->efficiency[i].asked - density) < 1e-9)
            row = &record->efficiency[i];
    const struct estimate *ratio = !row ? NULL : processor ? &row->processor_ratio : &row->wall_ratio;
    if (!ratio)
        report_cell(report, "\u2013");
    else if (row->failed)
        report_cell(report, "wrong");
    else
        report_cell(report, "%.2f (%.2f\u2013%.2f)", ratio->median, ratio->low, ratio->high);
}

static void say_line(struct report *report, const struct record *record, const struct record_efficiency *like,
                     bool processor)
{
    report_cell(report, "%s", like->problem.mask.causal ? "causal" : "full");
    report_cell(report, "%s", strcmp(like->pattern, "scattered") == 0 ? "scattered" : "side by side");
    report_cell(report, "%lld", (long long)like->problem.len_kv);
    report_cell(report, "%s", processor ? "processor" : "wall");
    for (int d = 0; d < DENSITIES; d++)
        say_cell(report, record, like, densities[d], processor);
}

void section_efficiency(struct report *report, const struct record *record, int level)
{
    if (record->efficiency_count == 0)
        return;
    const struct record_efficiency *first = &record->efficiency[0];
    report_heading(report, level, "Does a tenth of the blocks take a tenth of the time?");
    report_say(
        report, REPORT_TEXT,
        "Block-sparse attention's time over (dense flash's time x density): 1 is ideal, what is "
        "above is the price of walking a list. %lld heads of %lld, %d threads, blocks of 64, median of %zu rounds in "
        "which everything took its turn; in brackets the interval that covers %.3g %%. Processor time is that of all "
        "threads "
        "together.",
        (long long)first->problem.heads, (long long)first->problem.head_dim, first->threads, first->sample_count,
        100 * first->wall_ratio.level);
    for (size_t i = 0; i < record->efficiency_count; i++)
        if (record->efficiency[i].failed)
            report_say(report, REPORT_WARNING, "%s: %s", record->efficiency[i].key,
                       record->efficiency[i].error ? record->efficiency[i].error : "wrong");
    report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                 "Time over dense time x density, by the density that was asked for");
    for (size_t i = 0; i < record->efficiency_count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = same_line(&record->efficiency[i], &record->efficiency[j]);
        for (int processor = 0; !seen && processor < 2; processor++)
            say_line(report, record, &record->efficiency[i], processor);
    }
}
