/* svg_trial.h - an SVG is drawn once in a process of its own, which is ended when it takes too long or too much memory:
 * masks in masks, patterns and dashes can be worth hours in a few hundred bytes, and no reading of the file tells. */
#ifndef SLIDES_SVG_TRIAL_H
#define SLIDES_SVG_TRIAL_H

#include <librsvg/rsvg.h>

/* NULL: it was drawn, as wide as a slide, within a second of processor time and 256 MB. Else why not. */
const char *svg_trial(RsvgHandle *svg, double width, double height);

#endif
