/* section_scaling.c - how time grows with N. */
#include "harness/fit.h"
#include "reports/sections.h"
#include "reports/words.h"

static const struct report_column columns[] = {{"Cases", COLUMN_CODE},      {"From N", COLUMN_NUMBER},
                                               {"To N", COLUMN_NUMBER},     {"Lengths", COLUMN_NUMBER},
                                               {"Exponent", COLUMN_NUMBER}, {"99 % interval", COLUMN_NUMBER},
                                               {"R\u00b2", COLUMN_NUMBER}};

static void say_fit(struct report *report, const struct scaling_fit *fit)
{
    struct estimate exponent = {fit->power.exponent, fit->power.low, fit->power.high, 0.99};
    report_cell(report, "%s", fit->key);
    report_cell(report, "%lld", (long long)fit->cases[0]->problem.len_kv);
    report_cell(report, "%lld", (long long)fit->cases[fit->count - 1]->problem.len_kv);
    report_cell(report, "%zu", fit->count);
    report_cell(report, "%s", words_number(fit->power.exponent).text);
    report_cell(report, "%s", words_range(&exponent).text);
    report_cell(report, "%.4f", fit->power.r2);
}

void section_scaling(struct report *report, const struct record *record, int level)
{
    struct scaling_fit *fits;
    size_t count;
    struct diags diags = {0};
    if (scaling_fits(record, &fits, &count, &diags) != STATUS_OK)
        report->failed = true;
    if (count > 0) {
        report_heading(report, level, "How time grows with N");
        report_say(report, REPORT_TEXT,
                   "Time is taken as a power of N and fitted over all repetitions of the lengths from 512 on: 2 is "
                   "quadratic, 1 is linear.");
        report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0], "Scaling fits");
        for (size_t i = 0; i < count; i++)
            say_fit(report, &fits[i]);
    }
    scaling_fits_free(fits, count);
    diags_free(&diags);
}
