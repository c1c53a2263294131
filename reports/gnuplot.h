/* gnuplot.h - charts through a pipe: a script in, an SVG out. */
#ifndef REPORTS_GNUPLOT_H
#define REPORTS_GNUPLOT_H

#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"

/* A gnuplot that stays open between charts: starting one costs more than drawing. Used by one thread at a time. */
struct gnuplot; /* opaque */

/* Starts it. Absent, or dying at the start: STATUS_FAILED with the package to install. */
enum status gnuplot_open(struct gnuplot **gnuplot, struct diags *diags);
/* Takes NULL. Waits for the process. */
void gnuplot_close(struct gnuplot *gnuplot);

/* Runs `script` (plot commands; it sets its own terminal size by gnuplot_terminal's line) and hands back the SVG,
 * a fresh string. A script that gnuplot refuses, a process that dies or does not answer within ten seconds: an error
 * with gnuplot's own words. The state is reset before each script. */
enum status gnuplot_svg(struct gnuplot *gnuplot, const char *script, char **svg, size_t *length, struct diags *diags);

#endif
