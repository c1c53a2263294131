/* sections.c - the order of a report, and its last words: how to read it. */
#include "reports/sections.h"

static void (*const sections[])(struct report *report, const struct record *record, int level) = {
    section_answer,  section_charts,   section_ratios,     section_cases,      section_stages,
    section_scaling, section_tradeoff, section_efficiency, section_modernbert, section_counts,
    section_faults,  section_machine,  section_commands,
};

static void say_how_to_read(struct report *report)
{
    static const struct report_column columns[] = {{"Word", COLUMN_WORDS}, {"What it means", COLUMN_WORDS}};
    static const char *const rows[][2] = {
        {"Measured",
         "times, ratios of times, both roofs, peak memory, errors, and what sparse attention keeps: taken on "
         "the machine named here"},
        {"Counted",
         "bytes, barriers and products of CUDA kernels: every access of a run in the simulator, for which no "
         "GPU is needed; never divided by, or into, a number of another kind"},
        {"Computed", "FLOPs and bytes: by formula from the problem, exact to the single kept key; 4 x head size x kept "
                     "pairs, softmax not counted; bytes of a pass are what it reads and writes, wherever they lie"},
        {"Rates", "GFLOP/s, GB/s and shares of a roof divide a computed amount by a measured time"},
        {"Median, interval", "over repetitions, each the median of its calls; the 99 % interval is by order statistics "
                             "and assumes no distribution; where repetitions are too few for 99 %, what it covers "
                             "stands behind it"},
        {"Times as fast", "the median of the ratios of repetitions that ran side by side, so that a drift of the "
                          "machine hits both"},
        {"Roof", "the fastest that this machine multiplies and adds (FMA) or copies memory, probed by our own loops; a "
                 "case is held against the FMA roof that was probed beside it"},
        {"Workspace, peak", "scratch memory that a kernel asked for; the most that the whole process held so far"},
        {"Error", "largest difference from the same attention in float64; a kernel over its tolerance gets no time"},
        {"Stopped by", "interval: narrow enough; repetitions: as many as allowed; time: the case's limit"},
        {"N, d", "keys (and queries) of the sequence; size of a head"},
    };
    report_heading(report, 2, "How to read this");
    report_table(report, REPORT_FACTS, columns, 2, "Words and numbers");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        report_cell(report, "%s", rows[i][0]);
        report_cell(report, "%s", rows[i][1]);
    }
}

enum status report_build(const struct record *const *records, size_t count, struct report *report, struct diags *diags)
{
    *report = (struct report){0};
    if (count != 1)
        report_heading(report, 1, "Attention, measured: %zu records", count);
    for (size_t r = 0; r < count; r++)
        for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++)
            sections[s](report, records[r], count == 1 ? 2 : 3);
    say_how_to_read(report);
    if (!report->failed)
        return STATUS_OK;
    diags_error(diags, NULL, 0, NULL, "out of memory while the report was made");
    return STATUS_NO_MEMORY;
}
