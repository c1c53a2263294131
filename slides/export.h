/* export.h - laid-out slides as bytes: one file of code and one row of the table a format. Nothing is written to disk
 * here. The same slides give the same bytes, whatever the time of day and however many threads drew them. */
#ifndef SLIDES_EXPORT_H
#define SLIDES_EXPORT_H

#include "base/text.h"
#include "slides/pages.h"

/* Seconds of threads, summed, that the stages of drawing took; PDF: drawn and written at once. */
struct export_times {
    double draw, png, pdf, others;
};

/* What the formats are made from. All borrowed. */
struct export_input {
    const struct pages *pages;
    const char *date;           /* ISO 8601, of the newest record or SOURCE_DATE_EPOCH; NULL: none */
    const struct text *pngs;    /* [pages->count], for the formats that are made from them; else NULL */
    struct export_times *times; /* added to; may be NULL */
};

/* A format has either `whole` or `slide`. Functions for one slide may run side by side, and beside others. */
struct export_format {
    const char *name;   /* as --format takes it */
    const char *idea;   /* one line for help */
    const char *file;   /* in the output folder: "deck.pdf"; one file a slide: the folder, "slides" */
    const char *ending; /* of a slide's file: ".png" */
    bool from_pngs;     /* made from the slides' PNGs: `pngs` must be there */
    enum status (*whole)(const struct export_input *input, struct text *file, struct diags *diags);
    enum status (*slide)(const struct export_input *input, size_t index, struct text *file, struct diags *diags);
};

enum export_name { EXPORT_PDF, EXPORT_PNG, EXPORT_SVG, EXPORT_ZIP, EXPORT_SHEET, EXPORT_NOTES, EXPORT_HTML, EXPORTS };
extern const struct export_format export_formats[EXPORTS];

/* "pdf,png", "all": a set of bits, 1u << EXPORT_PDF ... Unknown names: an error with the nearest. */
enum status export_formats_read(const char *names, unsigned *formats, struct diags *diags);

/* A vector PDF: real text in embedded fonts, structure tags, alt texts, /Lang, outline, metadata. */
enum status export_pdf(const struct export_input *input, struct text *pdf, struct diags *diags);
/* One PNG of exactly the canvas's pixels, in sRGB. */
enum status export_png(const struct export_input *input, size_t index, struct text *png, struct diags *diags);
/* One SVG; text as outlines, so that it looks the same without the fonts; title, description, language. */
enum status export_svg(const struct export_input *input, size_t index, struct text *svg, struct diags *diags);
/* For upload: the PNGs, a caption to paste, and an alt text for each picture. */
enum status export_zip(const struct export_input *input, struct text *zip, struct diags *diags);
/* All slides on one PNG. */
enum status export_sheet(const struct export_input *input, struct text *png, struct diags *diags);
/* Speaker notes in Markdown, under the slides' headings. */
enum status export_notes(const struct export_input *input, struct text *markdown, struct diags *diags);
/* One page to review: the PNGs inside, with their alt texts and notes. */
enum status export_html(const struct export_input *input, struct text *html, struct diags *diags);

/* The step behind cairo, which writes none of it: /Alt for each Figure in the order of `alts`, /Lang, that the content
 * is marked, and that the viewer shows the title. Not `dated`: cairo's own date, the time of day, is taken out.
 * Replaces `pdf`. */
enum status pdf_finish(struct text *pdf, const struct paint_alts *alts, const char *lang, bool dated,
                       struct diags *diags);

#endif
