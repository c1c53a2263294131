/* plotter.h - gnuplot, started once for all charts of a deck, and every picture that it has drawn so far.
 *
 * A deck that is drawn again (watch, a gallery in twelve themes) asks gnuplot only for what it has not drawn yet. */
#ifndef SLIDES_CHARTS_PLOTTER_H
#define SLIDES_CHARTS_PLOTTER_H

#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"

struct plotter; /* opaque; may be used by several threads */

/* Starts nothing yet: gnuplot comes with the first picture. NULL when out of memory. */
struct plotter *plotter_open(void);
/* Takes NULL. */
void plotter_close(struct plotter *plotter);

/* The SVG of a script (reports/gnuplot.h says which scripts). Borrowed until the plotter is closed. */
enum status plotter_svg(struct plotter *plotter, const char *script, const char **svg, size_t *length,
                        struct diags *diags);

/* Pictures that gnuplot has drawn, and the seconds that it took. */
size_t plotter_drawn(const struct plotter *plotter, double *seconds);

#endif
