/* report.h - what a record becomes for people: one function and one file a format. */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "harness/changes.h"
#include "harness/record.h"

/* What it says, in both formats: the answer in one sentence, ratios over the baselines, all cases (median, interval,
 * FLOP/s, share of the roof, memory, error), passes with their traffic, scaling fits, failed and suspicious cases, the
 * machine, the command that measures each row again, and how to read it. The same record gives the same bytes.
 *
 * Several records stand below each other and are never mixed. `*markdown` and `*html` are fresh strings; NULL after a
 * failure. */
enum status report_markdown_all(const struct record *const *records, size_t count, char **markdown,
                                struct diags *diags);
/* One self-contained page: no network, no script; charts as inline SVG from gnuplot, light and dark. Needs gnuplot when
 * there is anything to draw: STATUS_FAILED without it. */
enum status report_html_all(const struct record *const *records, size_t count, char **html, struct diags *diags);

/* A comparison of two records (changes.h): the answer, what got worse, rows that only one has, then every row. */
enum status report_changes_markdown(const struct changes *changes, char **markdown, struct diags *diags);
enum status report_changes_html(const struct changes *changes, char **html, struct diags *diags);

/* Of one record, into a file (written whole or not at all). */
enum status report_markdown(const struct record *record, const char *path, struct diags *diags);
enum status report_html(const struct record *record, const char *path, struct diags *diags);

#endif
