/* render.c - everything is checked and drawn in memory first; files are the last step. */
#include "slides/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "slides/export.h"
#include "slides/pages.h"
#include "slides/prepare.h"

/* The newest record's day makes the PDF's date: the same input gives the same bytes. */
static const char *date_of(const struct record *const *records, size_t count)
{
    const char *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (records[i]->date && (!newest || strcmp(records[i]->date, newest) > 0))
            newest = records[i]->date;
    return newest;
}

struct drawn {
    struct text pdf;
    struct text *pngs; /* [pages->count], or NULL */
};

static enum status draw_pngs(const struct pages *pages, struct drawn *drawn, int threads, struct diags *diags)
{
    struct diags *faults = calloc(pages->count, sizeof *faults);
    drawn->pngs = calloc(pages->count, sizeof *drawn->pngs);
    enum status worst = faults && drawn->pngs ? STATUS_OK : STATUS_NO_MEMORY;
    if (worst != STATUS_OK) {
        free(faults);
        return worst;
    }
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t i = 0; i < pages->count; i++)
        export_png(pages, i, &drawn->pngs[i], &faults[i]);
    for (size_t i = 0; i < pages->count; i++) {
        for (size_t f = 0; f < faults[i].count; f++)
            if (faults[i].items[f].level == DIAG_ERROR)
                diags_error(diags, faults[i].items[f].file, faults[i].items[f].line, faults[i].items[f].remedy, "%s",
                            faults[i].items[f].what);
        worst = faults[i].errors ? STATUS_FAILED : worst;
        diags_free(&faults[i]);
    }
    free(faults);
    return worst;
}

/* The PDF may be the first thing in its folder. */
static enum status write_pdf(const struct text *pdf, const char *path, struct diags *diags)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash && slash != path ? strndup(path, (size_t)(slash - path)) : NULL;
    enum status status = folder ? folder_make(folder, diags) : STATUS_OK;
    free(folder);
    return status == STATUS_OK ? file_write(path, pdf->bytes, pdf->length, diags) : status;
}

/* Slides of an earlier, longer deck must not lie beside the new ones. */
static void remove_later(const char *folder, size_t count)
{
    char path[4096];
    for (size_t i = count + 1; i < count + 1000; i++) {
        snprintf(path, sizeof path, "%.4000s/slide-%02zu.png", folder, i);
        if (unlink(path) != 0)
            return;
    }
}

static enum status write_pngs(const struct drawn *drawn, size_t count, const char *folder, struct diags *diags)
{
    char path[4096];
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        snprintf(path, sizeof path, "%.4000s/slide-%02zu.png", folder, i + 1);
        status = file_write(path, drawn->pngs[i].bytes, drawn->pngs[i].length, diags);
    }
    if (status == STATUS_OK)
        remove_later(folder, count);
    return status;
}

/* What the canvas's platform says of the files, before one of them is written. */
static enum status check_limits(const struct pages *pages, const struct drawn *drawn, struct diags *diags)
{
    struct canvas_image *images = drawn->pngs ? calloc(pages->count, sizeof *images) : NULL;
    const struct canvas *canvas = &pages->styles[0]->canvas;
    struct canvas_export export = {.slides = pages->count, .pdf_bytes = drawn->pdf.length, .images = images};
    for (size_t i = 0; images && i < pages->count; i++) {
        const struct canvas *own = &pages->items[i].style->canvas;
        images[i] = (struct canvas_image){drawn->pngs[i].length, (int)(own->width + 0.5), (int)(own->height + 0.5)};
        export.image_count++;
    }
    enum status status = canvas_check(canvas, &export, pages->deck->file, diags);
    free(images);
    return status;
}

static enum status draw_and_write(const struct pages *pages, const char *date, const struct render_options *options,
                                  struct diags *diags)
{
    struct drawn drawn = {0};
    int threads = options->threads > 0 ? options->threads : (int)sysconf(_SC_NPROCESSORS_ONLN);
    enum status status = STATUS_OK;
    if (options->png_folder)
        status = draw_pngs(pages, &drawn, threads, diags);
    if (status == STATUS_OK && options->pdf)
        status = export_pdf(pages, date, &drawn.pdf, diags);
    if (status == STATUS_OK)
        status = check_limits(pages, &drawn, diags);
    if (status == STATUS_OK && options->png_folder) /* a folder that cannot be is told before any file is written */
        status = folder_make(options->png_folder, diags);
    if (status == STATUS_OK && options->pdf)
        status = write_pdf(&drawn.pdf, options->pdf, diags);
    if (status == STATUS_OK && options->png_folder)
        status = write_pngs(&drawn, pages->count, options->png_folder, diags);
    text_free(&drawn.pdf);
    for (size_t i = 0; drawn.pngs && i < pages->count; i++)
        text_free(&drawn.pngs[i]);
    free(drawn.pngs);
    return status;
}

enum status deck_render(const struct deck *deck, const struct record *const *records, size_t record_count,
                        const struct render_options *options, struct diags *diags)
{
    struct prepared prepared;
    struct pages pages = {0};
    struct pages_look look = {options->size,  options->theme,        options->type,
                              options->brand, options->fix_contrast, options->guides};
    size_t before = diags->errors;
    enum status status = prepare_deck(deck, records, record_count, options->allow_stale, &prepared, diags);
    /* The pages of a deck with faults are laid out all the same when they can be: all faults are told at once. */
    if (prepared.count == deck->slide_count && prepared.binder) {
        enum status laid_out = pages_open(&prepared, &look, &pages, diags);
        status = status == STATUS_OK ? laid_out : status;
    }
    if (status == STATUS_OK && diags->errors == before && !options->check_only)
        status = draw_and_write(&pages, date_of(records, record_count), options, diags);
    pages_close(&pages);
    prepared_free(&prepared);
    return status;
}
