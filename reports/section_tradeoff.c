/* section_tradeoff.c - what sparse attention costs and keeps: a chart and a table a length, where dense flash
 * overtakes, and how it goes with the length. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/chart.h"
#include "reports/sections.h"
#include "reports/words.h"

#define GROWTH_AT 0.1

static const struct report_column columns[] = {
    {"Choice of blocks", COLUMN_WORDS},
    {"Density", COLUMN_NUMBER},
    {"Of the square", COLUMN_NUMBER},
    {"Median time", COLUMN_NUMBER},
    {"Times as fast", COLUMN_NUMBER},
    {"Interval", COLUMN_NUMBER},
    {"Mass kept", COLUMN_NUMBER},
    {"Over models", COLUMN_NUMBER},
    {"Output error", COLUMN_NUMBER},
    {"Needles found", COLUMN_NUMBER},
    {"Pool", COLUMN_NUMBER},
    {"Score", COLUMN_NUMBER},
    {"Keep", COLUMN_NUMBER},
    {"Attend", COLUMN_NUMBER},
};

static const struct report_column cost_columns[] = {
    {"Choice of blocks", COLUMN_WORDS},
    {"Dense flash is faster from", COLUMN_NUMBER},
    {"At 10 %, times as fast", COLUMN_NUMBER},
};

static const char *or_dash(const char *words, bool known)
{
    return known ? words : "\u2013";
}

static void say_point(struct report *report, const struct record_point *p)
{
    const double stages[] = {p->pool, p->score, p->keep, p->attend};
    bool timed = p->samples != NULL;
    report_cell(report, "%s", p->title);
    report_cell(report, "%.3g %%", 100 * p->density);
    report_cell(report, "%s", words_share(p->square).text);
    report_cell(report, "%s", timed ? words_time(p->seconds.median).text : "wrong");
    report_cell(report, "%s", or_dash(words_number(p->speed.median).text, timed));
    report_cell(report, "%s", or_dash(words_range(&p->speed).text, timed));
    report_cell(report, "%.3f", p->recall.median);
    report_cell(report, "%.3f to %.3f", p->recall.low, p->recall.high);
    report_cell(report, "%.3f", p->relative_l2);
    if (isnan(p->needles.median))
        report_cell(report, "\u2013");
    else
        report_cell(report, "%.2f", p->needles.median);
    for (int s = 0; s < 4; s++)
        report_cell(report, "%s", or_dash(words_time(stages[s]).text, timed));
}

static bool first_of_selector(const struct record_tradeoff *row, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(row->points[i].selector, row->points[index].selector) == 0)
            return false;
    return true;
}

static void say_costs(struct report *report, const struct record_tradeoff *row)
{
    report_table(report, REPORT_TABLE, cost_columns, sizeof cost_columns / sizeof cost_columns[0],
                 "Where dense flash overtakes, by a line through the measured times");
    for (size_t i = 0; i < row->point_count; i++) {
        if (!first_of_selector(row, i))
            continue;
        double at = record_overtaken(row, row->points[i].selector);
        const struct record_point *p = record_point_at(row, row->points[i].selector, GROWTH_AT);
        report_cell(report, "%s", row->points[i].title);
        if (at > 1)
            report_cell(report, "nowhere");
        else if (isnan(at))
            report_cell(report, "\u2013");
        else
            report_cell(report, "%.0f %% of the blocks", 100 * at);
        report_cell(report, "%s", or_dash(words_number(p->speed.median).text, p->samples != NULL));
    }
}

static void say_chart(struct report *report, const struct record_tradeoff *row, enum kept what, const char *words)
{
    char *alt, *caption = NULL, *script = chart_kept(row, what, &alt);
    if (!script && !alt)
        return;
    if (asprintf(&caption, "%s at N %lld", words, (long long)row->problem.len_kv) < 0)
        caption = NULL;
    report_chart(report, script, caption, alt, false);
}

static void say_length(struct report *report, const struct record_tradeoff *row, int level)
{
    report_heading(report, level, "N %lld", (long long)row->problem.len_kv);
    report_say(
        report, REPORT_TEXT,
        "Causal, %lld heads of %lld, %d threads; dense flash attention %s, median of %zu rounds in which everything "
        "took its turn. Mass and needles: %lld models on %lld documents that none has seen. The gate learned at N "
        "%lld from %lld documents in %lld steps; its weights' hash is %s.",
        (long long)row->problem.heads, (long long)row->problem.head_dim, row->threads,
        words_time(row->dense_seconds.median).text, row->sample_count, (long long)row->models,
        (long long)row->documents, (long long)row->gate_length, (long long)row->gate_documents,
        (long long)row->gate_steps, row->gate ? row->gate : "unknown");
    say_chart(report, row, KEPT_MASS, "What each choice keeps for its time");
    say_chart(report, row, KEPT_NEEDLES, "What each choice finds for its time");
    for (size_t i = 0; i < row->point_count; i++)
        if (row->points[i].failed)
            report_say(report, REPORT_WARNING, "%s at %.3g %%: %s", row->points[i].title, 100 * row->points[i].density,
                       row->points[i].error ? row->points[i].error : "wrong");
    report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                 "Every choice at every density, N %lld", (long long)row->problem.len_kv);
    for (size_t i = 0; i < row->point_count; i++)
        say_point(report, &row->points[i]);
    say_costs(report, row);
}

static const struct report_column growth_columns[] = {{"Choice of blocks", COLUMN_WORDS},
                                                      {"N", COLUMN_NUMBER},
                                                      {"Times as fast at 10 %", COLUMN_NUMBER},
                                                      {"Interval", COLUMN_NUMBER},
                                                      {"Faster than dense from N", COLUMN_NUMBER}};

static void say_growth(struct report *report, const struct record *record, int level)
{
    const struct record_tradeoff *first = &record->tradeoffs[0];
    report_heading(report, level, "Over the length");
    report_table(report, REPORT_TABLE, growth_columns, sizeof growth_columns / sizeof growth_columns[0],
                 "Speed against dense flash at 10 %% of the blocks, length by length");
    for (size_t s = 0; s < first->point_count; s++) {
        if (!first_of_selector(first, s))
            continue;
        double from = record_pays_from(record, first->points[s].selector, GROWTH_AT);
        for (size_t r = 0; r < record->tradeoff_count; r++) {
            const struct record_tradeoff *row = &record->tradeoffs[r];
            const struct record_point *p = record_point_at(row, first->points[s].selector, GROWTH_AT);
            bool timed = p && p->samples;
            report_cell(report, "%s", first->points[s].title);
            report_cell(report, "%lld", (long long)row->problem.len_kv);
            report_cell(report, "%s", timed ? words_number(p->speed.median).text : "\u2013");
            report_cell(report, "%s", timed ? words_range(&p->speed).text : "\u2013");
            if (isfinite(from))
                report_cell(report, "about %.0f", from);
            else
                report_cell(report, "%s", isnan(from) ? "\u2013" : from < 0 ? "all of them" : "none of them");
        }
    }
}

void section_tradeoff(struct report *report, const struct record *record, int level)
{
    if (record->tradeoff_count == 0)
        return;
    report_heading(report, level, "What sparse attention costs and keeps");
    report_say(
        report, REPORT_TEXT,
        "Each query block attends to a share of the key blocks. Time is everything between Q, K, V and O: pooling, "
        "scoring, choosing, attending. Mass kept is the share of the attention that the chosen blocks hold; the "
        "output error is |O \u2212 dense O| / |dense O|; a needle is found when its block is chosen for the queries "
        "that ask for it. The attention itself as a choice is an ideal: it selects by what it would save, so its "
        "time is to attend alone.");
    for (size_t r = 0; r < record->tradeoff_count; r++)
        say_length(report, &record->tradeoffs[r], level + 1);
    if (record->tradeoff_count > 1)
        say_growth(report, record, level + 1);
}
