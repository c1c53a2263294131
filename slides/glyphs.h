/* glyphs.h - every character of a laid-out text must come from a font that was chosen.
 *
 * A fallback passes unnoticed on the machine that has the font, and shows boxes on the one that has not. */
#ifndef SLIDES_GLYPHS_H
#define SLIDES_GLYPHS_H

#include <pango/pango.h>

#include "slides/paint.h"

/* An error in paint->diags with the slide, the characters, their code points, and the package that has them. */
void glyphs_check(struct paint *paint, PangoLayout *layout);

#endif
