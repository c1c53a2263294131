/* typography.h - the signs that a printer would set, in prose that was typed on a keyboard. */
#ifndef SLIDES_TYPOGRAPHY_H
#define SLIDES_TYPOGRAPHY_H

/* Markup with the signs of `lang` (BCP 47; NULL: English) for what stands there; fresh, NULL when out of memory:
 *   "so" 'so' it's     quotes of the language, apostrophes
 *   a -- b, a - b      dashes; 2023-2024 a dash between figures, not in 2026-01-02; -5 a minus
 *   ...                an ellipsis
 *   16 GB, 3 x 4       no line break before a unit; a multiplication sign between figures
 *   French ! ? : ;     no line break before them
 * What stands in <tt> is code and stays as it is, and so do addresses (https://, www.) and what is in tags. */
char *typography_set(const char *markup, const char *lang);

#endif
