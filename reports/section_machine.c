/* section_machine.c - where it was measured, and what that machine can do at best. */
#include "reports/sections.h"
#include "reports/words.h"

static void fact(struct report *report, const char *name, const char *words)
{
    if (!words || !*words)
        return;
    report_cell(report, "%s", name);
    report_cell(report, "%s", words);
}

static void say_roofs(struct report *report, const struct machine *m)
{
    if (m->fma_peak > 0) {
        report_cell(report, "FMA roof (measured)");
        report_cell(report, "%s with all CPUs, %s with one thread", words_rate(m->fma_peak, "FLOP/s").text,
                    words_rate(m->fma_peak_1, "FLOP/s").text);
    }
    if (m->copy > 0) {
        report_cell(report, "Copy roof (measured)");
        report_cell(report, "%s read and written with all CPUs, %s with one thread", words_rate(m->copy, "B/s").text,
                    words_rate(m->copy_1, "B/s").text);
    }
}

static void say_caches(struct report *report, const struct machine *m)
{
    for (int i = 0; i < m->cache_count; i++) {
        report_cell(report, "L%d cache, %s", m->caches[i].level, m->caches[i].type);
        report_cell(report, "%s, shared by %d CPU%s", words_binary((double)m->caches[i].size).text,
                    m->caches[i].num_sharing, m->caches[i].num_sharing == 1 ? "" : "s");
    }
}

void section_machine(struct report *report, const struct record *record, int level)
{
    static const struct report_column columns[] = {{"What", COLUMN_WORDS}, {"Value", COLUMN_WORDS}};
    const struct machine *m = &record->machine;
    report_heading(report, level, "The machine");
    report_table(report, REPORT_FACTS, columns, 2, "The machine and the build");
    fact(report, "Processor", m->cpu_name);
    report_cell(report, "CPUs");
    report_cell(report, "%d, instruction set %s%s", m->num_cpus, m->isa, m->pinned ? ", pinned" : ", not pinned");
    say_roofs(report, m);
    report_cell(report, "Memory");
    report_cell(report, "%s", words_binary((double)m->memory).text);
    say_caches(report, m);
    if (m->mhz > 0) {
        report_cell(report, "Clock at the start");
        report_cell(report, "%.0f MHz, frequency scaling %s%s%s", m->mhz, m->scaling ? "on" : "off",
                    m->governor ? ", governor " : "", m->governor ? m->governor : "");
    }
    report_cell(report, "Load at the start");
    report_cell(report, "%s, %s, %s over 1, 5 and 15 minutes", words_number(m->load[0]).text,
                words_number(m->load[1]).text, words_number(m->load[2]).text);
    fact(report, "System", m->system);
    fact(report, "BLAS", m->blas);
    report_cell(report, "Build");
    report_cell(report, "%s, %s, commit %s%s", m->compiler ? m->compiler : "compiler unknown",
                m->build_type ? m->build_type : "build type unknown", m->commit, m->dirty ? ", changed since" : "");
    fact(report, "Preset", record->preset);
}
