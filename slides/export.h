/* export.h - laid-out slides as bytes: one function and one file a format. Nothing is written to disk here. */
#ifndef SLIDES_EXPORT_H
#define SLIDES_EXPORT_H

#include "base/text.h"
#include "slides/pages.h"

/* A vector PDF: real text in embedded fonts, structure tags, alt texts, /Lang, outline, metadata. `date` is ISO 8601,
 * so that the same input gives the same bytes; NULL: none. */
enum status export_pdf(const struct pages *pages, const char *date, struct text *pdf, struct diags *diags);

/* One PNG of exactly the canvas's pixels. Several threads may each draw a slide. */
enum status export_png(const struct pages *pages, size_t index, struct text *png, struct diags *diags);

/* The step behind cairo, which writes none of it: /Alt for each Figure in the order of `alts`, /Lang, that the content
 * is marked, and that the viewer shows the title. Not `dated`: cairo's own date, the time of day, is taken out.
 * Replaces `pdf`. */
enum status pdf_finish(struct text *pdf, const struct paint_alts *alts, const char *lang, bool dated,
                       struct diags *diags);

#endif
