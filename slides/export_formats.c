/* export_formats.c - the one table of what a deck can become. */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "slides/export.h"

const struct export_format export_formats[EXPORTS] = {
    [EXPORT_PDF] = {"pdf", "vector PDF, tagged, for LinkedIn and print", "deck.pdf", .whole = export_pdf},
    [EXPORT_PNG] = {"png", "a picture a slide, in pixels of the canvas", "slides", ".png", .slide = export_png},
    [EXPORT_SVG] = {"svg", "a vector picture a slide", "svg", ".svg", .slide = export_svg},
    [EXPORT_ZIP] = {"zip", "the pictures with a caption and alt texts, for upload", "deck.zip", .from_pngs = true,
                    .whole = export_zip},
    [EXPORT_SHEET] = {"sheet", "all slides on one picture", "sheet.png", .whole = export_sheet},
    [EXPORT_NOTES] = {"notes", "speaker notes in Markdown", "notes.md", .whole = export_notes},
    [EXPORT_HTML] = {"html", "one page to review: pictures, alt texts, notes", "review.html", .from_pngs = true,
                     .whole = export_html},
};

static enum status read_one(const char *name, unsigned *formats, struct diags *diags)
{
    const char *names[EXPORTS + 1];
    for (int i = 0; i < EXPORTS; i++) {
        names[i] = export_formats[i].name;
        if (strcmp(name, names[i]) == 0) {
            *formats |= 1u << i;
            return STATUS_OK;
        }
    }
    names[EXPORTS] = "all";
    if (strcmp(name, "all") == 0) {
        *formats |= (1u << EXPORTS) - 1;
        return STATUS_OK;
    }
    char *near = nearest_sentence(name, names, EXPORTS + 1, 2);
    diags_error(diags, NULL, 0, near ? near : "Formats: pdf, png, svg, zip, sheet, notes, html, or all.",
                "there is no format '%.40s'", name);
    free(near);
    return STATUS_BAD_INPUT;
}

enum status export_formats_read(const char *names, unsigned *formats, struct diags *diags)
{
    enum status status = STATUS_OK;
    char *copy = strdup(names), *rest = copy;
    if (!copy)
        return STATUS_NO_MEMORY;
    *formats = 0;
    for (char *name; (name = strsep(&rest, ",")) != NULL;)
        if (read_one(name, formats, diags) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    free(copy);
    return status;
}
