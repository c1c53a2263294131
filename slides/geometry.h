/* geometry.h - where things stand on a laid-out slide: inside its margins, and not on each other. */
#ifndef SLIDES_GEOMETRY_H
#define SLIDES_GEOMETRY_H

#include "slides/pages.h"

/* Texts and pictures that overlap, or reach over the margins or into header and footer, are errors that name their
 * slots and by how many pixels. What is drawn inside a picture is the picture's own affair. */
void geometry_check(const struct pages *pages, size_t index, const struct placed_list *placed, struct diags *diags);

#endif
