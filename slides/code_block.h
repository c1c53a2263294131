/* code_block.h - a fence's code on a surface: highlighted, never wrapped, never cut. */
#ifndef SLIDES_CODE_BLOCK_H
#define SLIDES_CODE_BLOCK_H

#include "slides/sheet.h"

/* In TEXT_CODE beside other words, in TEXT_LISTING where the code is what the slide shows: then with a line over it
 * that names the file or the language. Lines to look at have a bar at the panel's edge. */
double code_height(const struct sheet *sheet, const struct ready_block *block, enum text_role role, double width);
/* Errors: a line wider than the box; more lines or columns than a phone can show. */
void code_draw(const struct sheet *sheet, const struct ready_block *block, enum text_role role, struct box box);

#endif
