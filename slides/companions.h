/* companions.h - the font families that stand in for a type pair where it has no glyphs of a script.
 *
 * A type pair covers Latin, most also Greek and Cyrillic. For other scripts the first of these families that is
 * installed is used, and no other: what is drawn never depends on which fonts a machine happens to have beside them.
 * Where none is, the slide's check of glyphs names the characters and the package. */
#ifndef SLIDES_COMPANIONS_H
#define SLIDES_COMPANIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Adds ",Family" for each companion of a script that `plain` (UTF-8) has characters of, in order of preference. `lang`
 * (may be NULL) chooses among the shapes of Han. */
void companions_add(struct text *families, const char *plain, const char *lang, bool mono);

/* One of the families above? */
bool companion_is(const char *family);

/* Debian's package with the character's companion, or NULL when there is none. */
const char *companion_package(uint32_t character);

#endif
