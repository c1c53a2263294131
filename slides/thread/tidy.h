/* tidy.h - what a page leaves in a text that is no text: tags, entities, blanks of any kind, pictograms. */
#ifndef SLIDES_THREAD_TIDY_H
#define SLIDES_THREAD_TIDY_H

#include "slides/thread/finding.h"

/* Tags of HTML go, links among them become marks (slice.h), entities become characters, blanks of any kind a space,
 * invisible characters go. Letters from mathematics' alphabets become plain. Emojis go, with a finding: one that points
 * becomes MARK_POINTER, one before each line of a list MARK_BULLET, one around a digit the digit. Fresh; NULL when out
 * of memory. */
char *tidy(const char *text, struct findings *findings);

#endif
