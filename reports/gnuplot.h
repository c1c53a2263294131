/* gnuplot.h - charts through a pipe: a script in, an SVG out. */
#ifndef REPORTS_GNUPLOT_H
#define REPORTS_GNUPLOT_H

#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"

/* A gnuplot that stays open between charts: starting one costs more than drawing. Used by one thread at a time. */
struct gnuplot; /* opaque */

/* Starts it (found along PATH; the user's own ~/.gnuplot is not read). Absent, or dying at the start: STATUS_FAILED
 * with the package to install. */
enum status gnuplot_open(struct gnuplot **gnuplot, struct diags *diags);
/* Takes NULL. Waits for the process. */
void gnuplot_close(struct gnuplot *gnuplot);

/* The most time that one script may take, 10 seconds at the start. */
void gnuplot_limit(struct gnuplot *gnuplot, double seconds);

/* Runs `script` and hands back the SVG, a fresh string of `length` bytes: from its <?xml to its </svg>. The script
 * begins with its terminal:
 *     set terminal svg size 920,560 font "Inter,28"        (transparent without `background`)
 * then draws one picture (several plots: inside multiplot). Data go inline: `$data << EOD`, or plot '-' ended by `e`.
 * It sets no output. The state (settings, variables, functions) is as new before each script.
 *
 * STATUS_FAILED, with gnuplot's own words: a script that it refuses, that draws no picture or more than one, that
 * is not closed (a brace, a block of data), a process that dies or takes too long. What gnuplot warns of is a warning
 * in `diags`. After a failure the next script finds a fresh gnuplot. */
enum status gnuplot_svg(struct gnuplot *gnuplot, const char *script, char **svg, size_t *length, struct diags *diags);

#endif
