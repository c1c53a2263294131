#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "slides/export.h"
#include "slides/export_words.h"

static cairo_status_t add(void *context, const unsigned char *bytes, unsigned length)
{
    struct text *pdf = context;
    text_add_bytes(pdf, (const char *)bytes, length);
    return pdf->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void add_outline(cairo_surface_t *surface, const struct pages *pages, size_t index)
{
    char destination[32];
    char *title = export_title(pages, index);
    snprintf(destination, sizeof destination, "page=%zu", index + 1);
    if (title && (pages->items[index].content.title || pages->items[index].outro))
        cairo_pdf_surface_add_outline(surface, CAIRO_PDF_OUTLINE_ROOT, title, destination, 0);
    free(title);
}

static void set_metadata(cairo_surface_t *surface, const struct deck *deck, const char *date)
{
    const struct {
        cairo_pdf_metadata_t name;
        const char *value;
    } facts[] = {{CAIRO_PDF_METADATA_TITLE, deck->title},         {CAIRO_PDF_METADATA_AUTHOR, deck->author},
                 {CAIRO_PDF_METADATA_SUBJECT, deck->description}, {CAIRO_PDF_METADATA_CREATOR, "flashdeck"},
                 {CAIRO_PDF_METADATA_CREATE_DATE, date},          {CAIRO_PDF_METADATA_MOD_DATE, date}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (facts[i].value)
            cairo_pdf_surface_set_metadata(surface, facts[i].name, facts[i].value);
}

/* What patience allows where the canvas's platform names no size (canvas_check says the others). */
enum { LARGEST = 10000000 };

static void warn_large(const struct pages *pages, size_t length, struct diags *diags)
{
    if (length > LARGEST && !pages->styles[0]->canvas.pdf_aim)
        diags_warn(diags, pages->deck->file, 0, "Use smaller images, or SVG ones.",
                   "the PDF has %.1f MB; over %d MB it loads slowly on a phone", (double)length / 1e6,
                   LARGEST / 1000000);
}

enum status export_pdf(const struct export_input *input, struct text *pdf, struct diags *diags)
{
    const struct pages *pages = input->pages;
    double begun = process_now();
    const struct canvas *canvas = &pages->items[0].style->canvas;
    struct paint_alts alts = {0};
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(add, pdf, canvas->width, canvas->height);
    cairo_t *cairo = cairo_create(surface);
    set_metadata(surface, pages->deck, input->date);
    cairo_tag_begin(cairo, "Document", NULL);
    for (size_t i = 0; i < pages->count; i++) {
        pages_draw(pages, i, cairo, &alts, diags);
        add_outline(surface, pages, i);
        cairo_show_page(cairo);
    }
    cairo_tag_end(cairo, "Document");
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    enum status done = STATUS_OK;
    if (status != CAIRO_STATUS_SUCCESS) {
        diags_error(diags, pages->deck->file, 0, NULL, "the PDF could not be drawn: %s",
                    cairo_status_to_string(status));
        done = STATUS_FAILED;
    } else {
        done = pdf_finish(pdf, &alts, pages->deck->lang, input->date != NULL, diags);
    }
    warn_large(pages, pdf->length, diags);
    paint_alts_free(&alts);
    if (input->times) {
#pragma omp atomic
        input->times->pdf += process_now() - begun;
    }
    return done;
}
