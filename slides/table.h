/* table.h - a table of a deck: cells, columns, and how they are set. */
#ifndef SLIDES_TABLE_H
#define SLIDES_TABLE_H

#include "slides/sheet.h"

enum { TABLE_COLUMNS = 8, TABLE_ROWS = 16 };

/* Numbers of a column hang on their decimal points, their column's head ends with them; words begin at the left, or
 * stand as the deck's row of dashes says (:---, :-:, --:). A row whose first cell is all bold is what the slide is
 * about: accent. Figures have one width. A head in
 * which nothing stands is left out. In a table of Arabic or Hebrew the first column stands at the right. */
double table_height(const struct sheet *sheet, const struct ready_block *block, double width);
double table_most(const struct sheet *sheet, const struct ready_block *block, double width);
/* Rows move apart to fill up to `box.h`, no further than is beautiful. Errors: columns wider than the box; more columns
 * or rows than a slide can show. */
void table_draw(const struct sheet *sheet, const struct ready_block *block, struct box box);

#endif
