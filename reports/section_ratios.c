/* section_ratios.c - flash over each other kernel on the very same problem. */
#include <string.h>

#include "harness/stats.h"
#include "reports/group.h"
#include "reports/sections.h"
#include "reports/words.h"

static const struct report_column columns[] = {{"Kernel", COLUMN_WORDS},         {"Over", COLUMN_WORDS},
                                               {"Mask", COLUMN_WORDS},           {"N", COLUMN_NUMBER},
                                               {"Times as fast", COLUMN_NUMBER}, {"99 % interval", COLUMN_NUMBER},
                                               {"Problem", COLUMN_WORDS},        {"Pairs", COLUMN_NUMBER}};

void section_ratios(struct report *report, const struct record *record, int level)
{
    bool any = false;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *fast = &record->cases[i];
        if (!case_timed(fast) || strcmp(fast->family, "flash") != 0)
            continue;
        for (size_t j = 0; j < record->case_count; j++) {
            const struct record_case *slow = &record->cases[j];
            if (i == j || !case_timed(slow) || !case_comparable(fast, slow))
                continue;
            if (!any) {
                report_heading(report, level, "How much faster");
                report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                             "Ratios over the baselines, from repetitions that ran side by side");
            }
            any = true;
            size_t pairs = fast->sample_count < slow->sample_count ? fast->sample_count : slow->sample_count;
            struct estimate ratio = stats_ratio(slow->samples, fast->samples, pairs);
            report_cell(report, "%s", fast->kernel);
            report_cell(report, "%s", slow->kernel);
            report_cell(report, "%s", fast->mask);
            report_cell(report, "%lld", (long long)fast->problem.len_kv);
            report_cell(report, "%s", words_number(ratio.median).text);
            report_cell(report, "%s", words_range(&ratio).text);
            report_cell(report, "%s", words_problem(fast).text);
            report_cell(report, "%zu", pairs);
        }
    }
}
