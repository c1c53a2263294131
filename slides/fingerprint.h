/* fingerprint.h - what a slide's look depends on, in one word: two slides with the same one look the same.
 *
 * Files that lie behind names (records, themes, brands, images) count by their names alone: whoever compares
 * fingerprints over time must know that those files are as they were. */
#ifndef SLIDES_FINGERPRINT_H
#define SLIDES_FINGERPRINT_H

#include "slides/pages.h"

enum { FINGERPRINT = 65 };

void fingerprint_page(const struct pages *pages, size_t index, const struct pages_look *look,
                      const struct binder *binder, char fingerprint[FINGERPRINT]);

#endif
