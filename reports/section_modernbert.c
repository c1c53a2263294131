/* section_modernbert.c - ModernBERT's stack: our ratios, the ceiling by formula, what was published, and why they
 * differ. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/sections.h"
#include "reports/words.h"

static const struct report_column columns[] = {
    {"Lengths", COLUMN_WORDS},
    {"Sequences", COLUMN_NUMBER},
    {"Tokens", COLUMN_NUMBER},
    {"Padded to", COLUMN_NUMBER},
    {"All-global", COLUMN_NUMBER},
    {"Alternating", COLUMN_NUMBER},
    {"Times as fast", COLUMN_NUMBER},
    {"Interval", COLUMN_NUMBER},
    {"Ceiling by pairs", COLUMN_NUMBER},
    {"Packed, alternating", COLUMN_NUMBER},
    {"Interval", COLUMN_NUMBER},
    {"By tokens", COLUMN_NUMBER},
    {"Packed, all-global", COLUMN_NUMBER},
    {"Interval", COLUMN_NUMBER},
    {"By pairs", COLUMN_NUMBER},
    {"RoPE", COLUMN_NUMBER},
};

static const struct report_column published_columns[] = {
    {"Lengths", COLUMN_WORDS}, {"Model", COLUMN_WORDS}, {"Thousand tokens/s", COLUMN_NUMBER}, {"Source", COLUMN_WORDS}};

static void say_time(struct report *report, const struct record_modernbert *row, const char *name)
{
    const struct record_way *way = record_way_named(row, name);
    report_cell(report, "%s", way ? words_time(way->seconds.median).text : "\u2013");
}

/* A measured ratio with its interval, and beside it, never divided by it, the formula's. */
static void say_ratio(struct report *report, const struct estimate *ratio, double formula)
{
    bool known = !isnan(ratio->median);
    report_cell(report, "%s", known ? words_number(ratio->median).text : "\u2013");
    report_cell(report, "%s", known ? words_range(ratio).text : "\u2013");
    report_cell(report, "%s", known ? words_number(formula).text : "\u2013");
}

static void say_row(struct report *report, const struct record_modernbert *row)
{
    const struct record_way *alternating = record_way_named(row, "alternating");
    report_cell(report, "%s", row->lengths);
    report_cell(report, "%lld", (long long)row->sequences);
    report_cell(report, "%lld", (long long)row->tokens);
    report_cell(report, "%lld", (long long)row->padded_tokens);
    say_time(report, row, "all_global");
    say_time(report, row, "alternating");
    say_ratio(report, &row->alternation, row->ceiling);
    say_ratio(report, &row->padding_alternating, row->padding_tokens);
    say_ratio(report, &row->padding, row->padding_pairs);
    report_cell(report, "%s", alternating ? words_time(alternating->rope_seconds.median).text : "\u2013");
}

static bool same_model(const struct record_modernbert *a, const struct record_modernbert *b)
{
    return strcmp(a->model, b->model) == 0 && a->heads == b->heads && a->threads == b->threads &&
           strcmp(a->device, b->device) == 0;
}

/* "float32, 2 threads", "bf16, on the GPU". */
static void say_where(const struct record_modernbert *row, char *words, size_t size)
{
    if (strcmp(row->device, "cpu") == 0)
        snprintf(words, size, "float32, %d threads", row->threads);
    else
        snprintf(words, size, "%s, on the GPU", row->dtype);
}

/* All rows of one model, heads, threads and device. */
static void say_model(struct report *report, const struct record *record, const struct record_modernbert *first)
{
    char where[64];
    say_where(first, where, sizeof where);
    report_say(
        report, REPORT_TEXT,
        "ModernBERT-%s: %lld layers, every third of them global (%lld), the others 64 keys to either side; %lld of "
        "its %lld heads of 64, which are independent; %s, median of %zu rounds in which all ways "
        "took their turn.",
        first->model, (long long)first->layers, (long long)first->global_layers, (long long)first->heads,
        (long long)first->model_heads, where, first->sample_count);
    report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                 "Attention of the whole stack, measured; ceilings computed");
    for (size_t i = 0; i < record->modernbert_count; i++)
        if (same_model(&record->modernberts[i], first))
            say_row(report, &record->modernberts[i]);
}

static void say_published(struct report *report, const struct record *record)
{
    const struct record_modernbert *first = &record->modernberts[0];
    report_table(report, REPORT_TABLE, published_columns, sizeof published_columns / sizeof published_columns[0],
                 "Published: whole models");
    for (size_t i = 0; i < record->modernbert_count; i++) {
        const struct record_modernbert *row = &record->modernberts[i];
        for (size_t p = 0; same_model(row, first) && p < row->paper_count; p++) {
            report_cell(report, "%s", row->lengths);
            report_cell(report, "%s", row->papers[p].model);
            report_cell(report, "%.1f", row->papers[p].thousands);
            report_cell(report, "%s", row->papers[p].source);
        }
    }
    report_say(
        report, REPORT_TEXT,
        "Why they differ: the paper times whole models on a GPU, whose linear layers cost the same either way; ours "
        "is attention alone, where alternation can show all of its effect, up to the ceiling. Below the ceiling "
        "ours stays because a window's tiles are not full: at 512 tokens 64 keys to either side are a quarter of "
        "all, cut into tiles. The shape is the same: padding costs what it pads, packed sequences do not pay for "
        "it, and alternation gains little at 512 tokens and most at 8192. Measured, computed and published numbers "
        "are of different kinds and are not divided by each other.");
}

void section_modernbert(struct report *report, const struct record *record, int level)
{
    if (record->modernbert_count == 0)
        return;
    report_heading(report, level, "ModernBERT: every third layer global");
    for (size_t i = 0; i < record->modernbert_count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = same_model(&record->modernberts[i], &record->modernberts[j]);
        if (!seen)
            say_model(report, record, &record->modernberts[i]);
    }
    say_published(report, record);
}
