/* section_stages.c - what each round trip through memory costs, of kernels with several passes. */
#include <math.h>

#include "reports/group.h"
#include "reports/sections.h"
#include "reports/words.h"

static const struct report_column columns[] = {
    {"Kernel", COLUMN_WORDS},         {"Mask", COLUMN_WORDS},         {"N", COLUMN_NUMBER},
    {"Pass", COLUMN_WORDS},           {"Time", COLUMN_NUMBER},        {"99 % interval", COLUMN_NUMBER},
    {"Share of time", COLUMN_NUMBER}, {"Bytes moved", COLUMN_NUMBER}, {"GB/s", COLUMN_NUMBER},
    {"Of copy roof", COLUMN_NUMBER},  {"Problem", COLUMN_WORDS}};

/* The copy roof at these threads; NAN where it was not probed. */
static double copy_roof(const struct machine *machine, int threads)
{
    double roof = threads == machine->num_cpus ? machine->copy : threads == 1 ? machine->copy_1 : NAN;
    return roof > 0 ? roof : NAN;
}

static void say_stage(struct report *report, const struct record *record, const struct record_case *c, double total,
                      const struct record_stage *stage)
{
    double bytes = stage->bytes_read + stage->bytes_written, rate = bytes / stage->seconds.median;
    report_cell(report, "%s", c->kernel);
    report_cell(report, "%s", c->mask);
    report_cell(report, "%lld", (long long)c->problem.len_kv);
    report_cell(report, "%s", stage->name);
    report_cell(report, "%s", words_time(stage->seconds.median).text);
    report_cell(report, "%s", words_interval(&stage->seconds).text);
    report_cell(report, "%s", words_share(stage->seconds.median / total).text);
    report_cell(report, "%s", words_bytes(bytes).text);
    report_cell(report, "%s", words_number(rate * 1e-9).text);
    report_cell(report, "%s", words_share(rate / copy_roof(&record->machine, c->threads)).text);
    report_cell(report, "%s", words_problem(c).text);
}

void section_stages(struct report *report, const struct record *record, int level)
{
    bool any = false;
    for (size_t i = 0; i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        if (!case_timed(c) || c->stage_count < 2)
            continue;
        if (!any) {
            report_heading(report, level, "Round trips, pass by pass");
            report_say(report, REPORT_TEXT,
                       "Times are measured, bytes computed: what a pass reads and writes. A share above 100 %% of the "
                       "copy roof means that bytes stayed in the caches.");
            report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                         "Time and traffic of each pass");
        }
        any = true;
        double total = 0;
        for (size_t s = 0; s < c->stage_count; s++)
            total += c->stages[s].seconds.median;
        for (size_t s = 0; s < c->stage_count; s++)
            say_stage(report, record, c, total, &c->stages[s]);
    }
}
