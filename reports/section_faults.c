/* section_faults.c - what failed, what was not finished, and what looked suspicious. */
#include "reports/group.h"
#include "reports/sections.h"

static const struct report_column failed_columns[] = {{"Case", COLUMN_CODE}, {"Why", COLUMN_WORDS}};
static const struct report_column flag_columns[] = {{"Case", COLUMN_CODE}, {"What was seen", COLUMN_WORDS}};

static const char *why(const struct record_case *c)
{
    if (c->failed)
        return c->error ? c->error : "no reason recorded";
    return c->sample_count == 0 ? "not measured before the measurement was stopped" : "the record holds no finite time";
}

static void say_failed(struct report *report, const struct record *record, int level)
{
    bool any = false;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        if (case_timed(c))
            continue;
        if (!any) {
            report_heading(report, level, "Without a time");
            report_table(report, REPORT_TABLE, failed_columns, 2, "Cases that failed or were not finished");
        }
        any = true;
        report_cell(report, "%s", c->key);
        report_cell(report, "%s", why(c));
    }
}

static void say_flags(struct report *report, const struct record *record, int level)
{
    bool any = false;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        if (!c->flags || !*c->flags)
            continue;
        if (!any) {
            report_heading(report, level, "Looked suspicious");
            report_say(report, REPORT_TEXT,
                       "These cases are kept, with what was seen while they ran. Measure them "
                       "again on a quieter machine before you build on them.");
            report_table(report, REPORT_TABLE, flag_columns, 2, "Flags");
        }
        any = true;
        report_cell(report, "%s", c->key);
        report_cell(report, "%s", c->flags);
    }
}

void section_faults(struct report *report, const struct record *record, int level)
{
    say_failed(report, record, level);
    say_flags(report, record, level);
}
