/* svg_check.h - is an SVG harmless to draw? Asked before librsvg sees it, whose own limits come late (2.6 s, 430 MB).
 */
#ifndef SLIDES_SVG_CHECK_H
#define SLIDES_SVG_CHECK_H

#include <stddef.h>

/* NULL, or why not: no XML; more than a hundred thousand elements once <use> is followed (or a circle of them); pixels
 * inside (<image>, <filter>, <foreignObject>), which would not stay vectors. */
const char *svg_fault(const char *bytes, size_t length);

#endif
