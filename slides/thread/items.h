/* items.h - what an item of a list says: its words without the list's own, and whether it names a thing and what is
 * said of it. */
#ifndef SLIDES_THREAD_ITEMS_H
#define SLIDES_THREAD_ITEMS_H

#include "slides/thread/slice.h"

/* Of an item that another follows: without the comma, the "and" or the semicolon that led on to it. */
struct slice item_unglued(struct slice text);

/* "label -> value", "label: value", "label = value": which sign it was (0, 1 ...), -1 when there is none, or several.
 * The same number for signs that mean the same. */
int item_split(struct slice text, struct slice *label, struct slice *value);

/* At most so many words, none of them of more than so many letters: it fits a card or a cell. */
bool item_is_short(struct slice text, int words, long letters);

#endif
