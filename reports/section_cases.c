/* section_cases.c - the table of all cases that have a time. */
#include "reports/group.h"
#include "reports/sections.h"
#include "reports/words.h"

static const struct report_column columns[] = {
    {"Kernel", COLUMN_WORDS},       {"Mask", COLUMN_WORDS},           {"N", COLUMN_NUMBER},
    {"d", COLUMN_NUMBER},           {"Median", COLUMN_NUMBER},        {"99 % interval", COLUMN_NUMBER},
    {"GFLOP/s", COLUMN_NUMBER},     {"Of roof", COLUMN_NUMBER},       {"Workspace", COLUMN_NUMBER},
    {"Peak memory", COLUMN_NUMBER}, {"Largest error", COLUMN_NUMBER}, {"Samples", COLUMN_NUMBER},
    {"Stopped by", COLUMN_WORDS},   {"Batch", COLUMN_NUMBER},         {"Heads", COLUMN_NUMBER},
    {"Threads", COLUMN_NUMBER},
};

static void say_length(struct report *report, const struct attention_problem *p)
{
    if (p->len_q == p->len_kv)
        report_cell(report, "%lld", (long long)p->len_kv);
    else
        report_cell(report, "%lld (%lld queries)", (long long)p->len_kv, (long long)p->len_q);
}

static void say_heads(struct report *report, const struct attention_problem *p)
{
    if (p->layers == 1)
        report_cell(report, "%s", words_heads(p).text);
    else
        report_cell(report, "%s, %lld layers", words_heads(p).text, (long long)p->layers);
}

static void say_case(struct report *report, const struct record_case *c)
{
    double rate = c->flops / c->seconds.median;
    report_cell(report, "%s", c->kernel);
    report_cell(report, "%s", c->mask);
    say_length(report, &c->problem);
    report_cell(report, "%lld", (long long)c->problem.head_dim);
    report_cell(report, "%s", words_time(c->seconds.median).text);
    report_cell(report, "%s", words_interval(&c->seconds).text);
    report_cell(report, "%s", words_number(rate * 1e-9).text);
    report_cell(report, "%s", words_share(rate / c->roof_flops).text);
    report_cell(report, "%s", words_bytes(c->workspace).text);
    report_cell(report, "%s", words_bytes(c->peak_memory).text);
    report_cell(report, "%s", words_error(c->max_error).text);
    report_cell(report, "%zu", c->sample_count);
    report_cell(report, "%s", c->stop_reason ? c->stop_reason : "\u2013");
    report_cell(report, "%lld", (long long)c->problem.batch);
    say_heads(report, &c->problem);
    report_cell(report, "%d", c->threads);
}

void section_cases(struct report *report, const struct record *record, int level)
{
    bool any = false;
    for (size_t i = 0; i < record->case_count; i++) {
        if (!case_timed(&record->cases[i]))
            continue;
        if (!any) {
            report_heading(report, level, "Every case");
            report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                         "Time a call and what it amounts to; each case verified against float64 first");
        }
        any = true;
        say_case(report, &record->cases[i]);
    }
}
