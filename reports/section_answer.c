/* section_answer.c - the title and the one sentence: how much faster, where, how sure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/stats.h"
#include "reports/group.h"
#include "reports/sections.h"
#include "reports/words.h"

/* The case of that family on the same problem, or NULL. */
static const struct record_case *beside(const struct record *record, const struct record_case *c, const char *family)
{
    for (size_t i = 0; i < record->case_count; i++)
        if (case_timed(&record->cases[i]) && strcmp(record->cases[i].family, family) == 0 &&
            case_comparable(&record->cases[i], c))
            return &record->cases[i];
    return NULL;
}

/* The longest flash case that has a baseline beside it; of several, the first. */
static const struct record_case *headline(const struct record *record)
{
    const struct record_case *best = NULL;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        if (!case_timed(c) || strcmp(c->family, "flash") != 0 ||
            (!beside(record, c, "naive_blas") && !beside(record, c, "naive")))
            continue;
        if (!best || c->problem.len_kv > best->problem.len_kv)
            best = c;
    }
    return best;
}

static void add_ratio(struct text *words, const struct record_case *slow, const struct record_case *fast,
                      const char *interval)
{
    size_t pairs = slow->sample_count < fast->sample_count ? slow->sample_count : fast->sample_count;
    struct estimate ratio = stats_ratio(slow->samples, fast->samples, pairs);
    text_format(words, "%s times as fast as %s (%s%s)", words_number(ratio.median).text, slow->kernel, interval,
                words_range(&ratio).text);
}

static void say_headline(struct report *report, const struct record *record, const struct record_case *fast)
{
    const struct record_case *blas = beside(record, fast, "naive_blas"), *naive = beside(record, fast, "naive");
    struct text words = {0};
    text_format(&words, "%s is ", fast->kernel);
    add_ratio(&words, blas ? blas : naive, fast, "99 % interval ");
    if (blas && naive) {
        text_add(&words, " and ");
        add_ratio(&words, naive, fast, "");
    }
    char *ratios = text_take(&words);
    report_say(report, REPORT_ANSWER, "%s, with mask=%s.", ratios ? ratios : "", words_problem(fast).text);
    report->failed |= !ratios;
    free(ratios);
}

static void say_when(struct report *report, const struct record *record, size_t timed, size_t failed)
{
    char date[64];
    snprintf(date, sizeof date, "%s", record->date ? record->date : "an unknown day");
    if (strlen(date) > 11 && date[10] == 'T') /* 2026-01-31T12:00:00+0000 */
        date[10] = ' ';
    if (record->case_count)
        report_say(report, REPORT_TEXT, "%zu of %zu cases measured on %s.%s", timed, record->case_count, date,
                   failed ? " Those that failed stand below with their reasons." : "");
    else
        report_say(report, REPORT_TEXT, "Made on %s.", date);
}

/* Faster than the machine can be: a few per cent are the probe's own noise. */
static size_t over_the_roof(const struct record *record)
{
    size_t over = 0;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        over += case_timed(c) && c->roof_flops > 0 && c->flops / c->seconds.median > 1.05 * c->roof_flops;
    }
    return over;
}

void section_answer(struct report *report, const struct record *record, int level)
{
    size_t timed = 0, failed = 0;
    for (size_t i = 0; i < record->case_count; i++) {
        timed += case_timed(&record->cases[i]);
        failed += record->cases[i].failed;
    }
    report_heading(report, level - 1, "Attention on %s, %d CPU%s", record->machine.cpu_name, record->machine.num_cpus,
                   record->machine.num_cpus == 1 ? "" : "s");
    const struct record_case *fast = headline(record);
    if (fast)
        say_headline(report, record, fast);
    else if (timed)
        report_say(report, REPORT_ANSWER, "%zu case%s measured; no flash kernel beside a baseline on the same problem.",
                   timed, timed == 1 ? " was" : "s were");
    else if (record->tradeoff_count || record->modernbert_count || record->efficiency_count)
        report_say(report, REPORT_ANSWER, "Sparse attention beside dense flash attention, on the same machine.");
    else if (record->counted_count)
        report_say(report, REPORT_ANSWER, "No time was taken; what CUDA kernels move was counted, for %zu case%s.",
                   record->counted_count, record->counted_count == 1 ? "" : "s");
    else
        report_say(report, REPORT_ANSWER, "Nothing was measured.");
    say_when(report, record, timed, failed);
    if (record->incomplete)
        report_say(report, REPORT_WARNING,
                   "This record is incomplete: the measurement was stopped. flashdeck bench --resume goes on with it.");
    size_t over = over_the_roof(record);
    if (over)
        report_say(report, REPORT_WARNING,
                   "%zu case%s faster than the FMA roof that was probed beside %s: other work kept the machine busy "
                   "meanwhile. Measure again when it is quiet; shares of the roof mean nothing here.",
                   over, over == 1 ? " was" : "s were", over == 1 ? "it" : "them");
    if (record->machine.dirty)
        report_say(report, REPORT_WARNING, "Measured with sources that were changed after commit %s.",
                   record->machine.commit);
}
