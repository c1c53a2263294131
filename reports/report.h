/* report.h - what a record becomes for people: one function and one file a format. */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "harness/record.h"

/* Markdown: machine, table of cases (median, interval, FLOP/s, share of roof, memory, error), naive's round
 * trips, scaling fits, the command to reproduce each row. */
enum status report_markdown(const struct record *record, const char *path, struct diags *diags);

/* One self-contained HTML page (no network, no script needed to read it): the same with charts as inline
 * SVG from gnuplot, light and dark. */
enum status report_html(const struct record *record, const char *path, struct diags *diags);

#endif
