/* section_answer.c - the title and the one sentence: how much faster, where, how sure. */
#include <string.h>

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

static struct estimate ratio_of(const struct record_case *slow, const struct record_case *fast)
{
    size_t pairs = slow->sample_count < fast->sample_count ? slow->sample_count : fast->sample_count;
    return stats_ratio(slow->samples, fast->samples, pairs);
}

static void say_headline(struct report *report, const struct record *record, const struct record_case *fast)
{
    const struct record_case *blas = beside(record, fast, "naive_blas"), *naive = beside(record, fast, "naive");
    const struct record_case *first = blas ? blas : naive;
    struct estimate ratio = ratio_of(first, fast);
    if (first == naive) {
        report_say(report, REPORT_ANSWER, "%s is %s times as fast as %s, 99 %% interval %s: %s.", fast->kernel,
                   words_number(ratio.median).text, first->kernel, words_range(&ratio).text, words_problem(fast).text);
        return;
    }
    struct estimate other = naive ? ratio_of(naive, fast) : ratio;
    if (naive)
        report_say(report, REPORT_ANSWER,
                   "%s is %s times as fast as %s, 99 %% interval %s, and %s times as fast as %s, %s: %s.", fast->kernel,
                   words_number(ratio.median).text, first->kernel, words_range(&ratio).text,
                   words_number(other.median).text, naive->kernel, words_range(&other).text, words_problem(fast).text);
    else
        report_say(report, REPORT_ANSWER, "%s is %s times as fast as %s, 99 %% interval %s: %s.", fast->kernel,
                   words_number(ratio.median).text, first->kernel, words_range(&ratio).text, words_problem(fast).text);
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
    else
        report_say(report, REPORT_ANSWER, "Nothing was measured.");
    report_say(report, REPORT_TEXT, "%zu of %zu cases measured on %s.%s", timed, record->case_count,
               record->date ? record->date : "an unknown day",
               failed ? " Those that failed stand below with their reasons." : "");
    if (record->incomplete)
        report_say(report, REPORT_WARNING,
                   "This record is incomplete: the measurement was stopped. flashdeck bench --resume goes on with it.");
    if (record->machine.dirty)
        report_say(report, REPORT_WARNING, "Measured with sources that were changed after commit %s.",
                   record->machine.commit);
}
