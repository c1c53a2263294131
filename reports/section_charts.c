/* section_charts.c - which charts a record gives: for each shape, time over N, the share of the roof, the passes. */
#include "base/text.h"
#include "reports/chart.h"
#include "reports/sections.h"
#include "reports/words.h"

/* "causal, d 64, batch 1, 8 heads, 2 threads": what the lines of a group share. */
static void add_shape(struct text *words, const struct group *group)
{
    const struct record_case *c = group->lines[0].cases[0];
    const struct attention_problem *p = &c->problem;
    bool back = p->mask.causal || p->mask.window_right == 0;
    text_format(words, "%s, d %lld, batch %lld, %s heads", back ? "causal" : "not causal", (long long)p->head_dim,
                (long long)p->batch, words_heads(p).text);
    if (p->layers != 1)
        text_format(words, ", %lld layers", (long long)p->layers);
    text_format(words, ", %d thread%s", c->threads, c->threads == 1 ? "" : "s");
}

static void add(struct report *report, const struct group *group, int64_t n, const char *what, char *script, char *alt)
{
    if (!script && !alt) /* nothing of that kind to draw */
        return;
    struct text caption = {0};
    text_add(&caption, what);
    if (n)
        text_format(&caption, " at N %lld", (long long)n);
    text_add(&caption, ": ");
    add_shape(&caption, group);
    report_chart(report, script, text_take(&caption), alt);
}

void section_charts(struct report *report, const struct record *record, int level)
{
    struct group *groups;
    size_t count;
    if (groups_of(record, &groups, &count) != STATUS_OK)
        report->failed = true;
    if (count > 0)
        report_heading(report, level, "In pictures");
    for (size_t g = 0; g < count; g++) {
        int64_t n = group_common_n(&groups[g]);
        char *alt, *script = chart_time(&groups[g], &alt);
        add(report, &groups[g], 0, "Time over N", script, alt);
        script = chart_rate(&groups[g], n, &alt);
        add(report, &groups[g], n, "Rate against the roof", script, alt);
        script = chart_passes(&groups[g], n, &alt);
        add(report, &groups[g], n, "Where the time goes", script, alt);
    }
    groups_free(groups, count);
}
