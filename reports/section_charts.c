/* section_charts.c - which charts a record gives: for each shape, time over N, the share of the roof, the passes. */
#include <stdio.h>

#include "reports/chart.h"
#include "reports/sections.h"
#include "reports/words.h"

/* "Causal, d 64, batch 1, 8 heads, 2 threads": what the lines of a group share. */
static void say_shape(struct report *report, const struct group *group, int level)
{
    const struct record_case *c = group->lines[0].cases[0];
    const struct attention_problem *p = &c->problem;
    bool back = p->mask.causal || p->mask.window_right == 0;
    char layers[40] = "";
    if (p->layers != 1)
        snprintf(layers, sizeof layers, ", %lld layers", (long long)p->layers);
    report_heading(report, level, "%s, d %lld, batch %lld, %s heads%s, %d thread%s", back ? "Causal" : "Not causal",
                   (long long)p->head_dim, (long long)p->batch, words_heads(p).text, layers, c->threads,
                   c->threads == 1 ? "" : "s");
}

static void add(struct report *report, char *script, char *alt, bool tall, const char *what, int64_t n)
{
    if (!script && !alt) /* nothing of that kind to draw */
        return;
    char *caption = NULL;
    int length = n ? asprintf(&caption, "%s at N %lld", what, (long long)n) : asprintf(&caption, "%s", what);
    report_chart(report, script, length < 0 ? NULL : caption, alt, tall);
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
        say_shape(report, &groups[g], level + 1);
        char *alt, *script = chart_time(&groups[g], &alt);
        add(report, script, alt, true, "Time over N", 0);
        script = chart_rate(&groups[g], n, &alt);
        add(report, script, alt, false, "Rate against the roof", n);
        script = chart_passes(&groups[g], n, &alt);
        add(report, script, alt, false, "Where the time goes", n);
    }
    groups_free(groups, count);
}
