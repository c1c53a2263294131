/* front_matter.h - the YAML between the first two --- lines of a deck. */
#ifndef SLIDES_FRONT_MATTER_H
#define SLIDES_FRONT_MATTER_H

#include "slides/deck.h"

/* Fills the deck's own fields. `first_line` is that of `bytes` in the file. */
enum status front_matter_read(const char *bytes, size_t length, int first_line, struct deck *deck, struct diags *diags);

#endif
