/* sections.h - from a record to what a report says of it: one function and one file a section. */
#ifndef REPORTS_SECTIONS_H
#define REPORTS_SECTIONS_H

#include "harness/changes.h"
#include "harness/record.h"
#include "reports/model.h"

/* A title, then every section of every record (one record: its sections one level higher), in the order of the table
 * in sections.c. The caller frees with report_free, also after a failure. */
enum status report_build(const struct record *const *records, size_t count, struct report *report, struct diags *diags);

/* changes.c: of a comparison of two. Freed alike. */
enum status report_build_changes(const struct changes *changes, struct report *report, struct diags *diags);

/* Each adds its heading at `level` and its blocks, or nothing when the record has nothing of the kind. */
void section_answer(struct report *report, const struct record *record, int level);
void section_machine(struct report *report, const struct record *record, int level);
void section_charts(struct report *report, const struct record *record, int level);
void section_cases(struct report *report, const struct record *record, int level);
void section_ratios(struct report *report, const struct record *record, int level);
void section_stages(struct report *report, const struct record *record, int level);
void section_tradeoff(struct report *report, const struct record *record, int level);
void section_efficiency(struct report *report, const struct record *record, int level);
void section_modernbert(struct report *report, const struct record *record, int level);
void section_counts(struct report *report, const struct record *record, int level);
void section_scaling(struct report *report, const struct record *record, int level);
void section_faults(struct report *report, const struct record *record, int level);
void section_commands(struct report *report, const struct record *record, int level);

#endif
