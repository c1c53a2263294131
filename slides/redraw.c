#include "slides/redraw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "slides/fingerprint.h"
#include "slides/pages.h"
#include "slides/prepare.h"

struct redraw {
    struct plotter *plotter;
    char (*files)[FINGERPRINT]; /* what the slides' files show */
    size_t count;
};

struct redraw *redraw_open(void)
{
    struct redraw *redraw = calloc(1, sizeof *redraw);
    if (redraw)
        redraw->plotter = plotter_open();
    if (redraw && redraw->plotter)
        return redraw;
    free(redraw);
    return NULL;
}

void redraw_forget(struct redraw *redraw)
{
    free(redraw->files);
    redraw->files = NULL;
    redraw->count = 0;
}

void redraw_close(struct redraw *redraw)
{
    if (!redraw)
        return;
    redraw_forget(redraw);
    plotter_close(redraw->plotter);
    free(redraw);
}

/* A slide to draw, and what came of it. */
struct job {
    size_t slide;
    struct text png;
    struct diags faults;
};

static enum status write_one(const struct job *job, const char *folder, struct diags *diags)
{
    struct text path = {0};
    text_format(&path, "%s/slide-%02zu.png", folder, job->slide + 1);
    enum status status =
        path.failed ? STATUS_NO_MEMORY : file_write(path.bytes, job->png.bytes, job->png.length, diags);
    text_free(&path);
    return status;
}

/* Those of an earlier, longer deck. */
static void remove_later(const char *folder, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct text path = {0};
        text_format(&path, "%s/slide-%02zu.png", folder, i + 1);
        if (path.bytes)
            unlink(path.bytes);
        text_free(&path);
    }
}

static enum status draw_jobs(const struct pages *pages, struct job *jobs, size_t count,
                             const struct render_options *options, int threads, struct redrawn *redrawn,
                             struct diags *diags)
{
    struct export_input input = {.pages = pages, .times = &redrawn->times.drawing};
    double begun = process_now();
    enum status status = STATUS_OK;
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (count > 1)
    for (size_t i = 0; i < count; i++)
        export_png(&input, jobs[i].slide, &jobs[i].png, &jobs[i].faults);
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < jobs[i].faults.count; f++)
            if (jobs[i].faults.items[f].level == DIAG_ERROR) {
                diags_error(diags, jobs[i].faults.items[f].file, jobs[i].faults.items[f].line, NULL, "%s",
                            jobs[i].faults.items[f].what);
                status = STATUS_FAILED;
            }
    redrawn->times.export = process_now() - begun;
    if (status == STATUS_OK)
        status = folder_make(options->png_folder, diags);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = write_one(&jobs[i], options->png_folder, diags);
    redrawn->times.write = process_now() - begun - redrawn->times.export;
    return status;
}

/* Which slides look different from their files. */
static enum status compare_and_draw(struct redraw *redraw, const struct pages *pages, const struct binder *binder,
                                    const struct pages_look *look, const struct render_options *options,
                                    struct redrawn *redrawn, struct diags *diags)
{
    char(*files)[FINGERPRINT] = calloc(pages->count + 1, sizeof *files);
    struct job *jobs = calloc(pages->count + 1, sizeof *jobs);
    redrawn->slides = calloc(pages->count + 1, sizeof *redrawn->slides);
    redrawn->count = pages->count;
    int threads = options->threads > 0 ? options->threads : (int)sysconf(_SC_NPROCESSORS_ONLN);
    enum status status = files && jobs && redrawn->slides ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; i < pages->count && status == STATUS_OK; i++) {
        fingerprint_page(pages, i, look, binder, files[i]);
        redrawn->slides[i] = i >= redraw->count || strcmp(files[i], redraw->files[i]) != 0;
        if (redrawn->slides[i])
            jobs[redrawn->drawn++].slide = i;
    }
    if (status == STATUS_OK)
        status = draw_jobs(pages, jobs, redrawn->drawn, options, threads, redrawn, diags);
    else
        diags_error(diags, NULL, 0, NULL, "out of memory");
    for (size_t i = 0; jobs && i < redrawn->drawn; i++) {
        text_free(&jobs[i].png);
        diags_free(&jobs[i].faults);
    }
    free(jobs);
    if (status != STATUS_OK) {
        free(files);
        redraw_forget(redraw); /* some files may be new, some old */
        return status;
    }
    remove_later(options->png_folder, pages->count, redraw->count);
    free(redraw->files);
    redraw->files = files;
    redraw->count = pages->count;
    return STATUS_OK;
}

enum status redraw_deck(struct redraw *redraw, const struct deck *deck, const struct record *const *records,
                        size_t record_count, const struct render_options *options, struct redrawn *redrawn,
                        struct diags *diags)
{
    struct prepared prepared;
    struct pages pages = {0};
    struct pages_look look = render_look(options);
    struct render_times *times = &redrawn->times;
    double begun = process_now(), before_charts, after_charts;
    size_t errors = diags->errors;
    *redrawn = (struct redrawn){0};
    size_t had = plotter_drawn(redraw->plotter, &before_charts);
    enum status status =
        prepare_deck_by(redraw->plotter, deck, records, record_count, options->allow_stale, &prepared, diags);
    times->bind = process_now() - begun;
    if (prepared.count == deck->slide_count && prepared.binder) {
        enum status laid_out = pages_open(&prepared, &look, &pages, diags);
        status = status == STATUS_OK ? laid_out : status;
    }
    times->pictures = plotter_drawn(redraw->plotter, &after_charts) - had;
    times->charts = after_charts - before_charts;
    times->layout = process_now() - begun - times->bind - times->charts;
    if (status == STATUS_OK && diags->errors == errors)
        status = compare_and_draw(redraw, &pages, prepared.binder, &look, options, redrawn, diags);
    pages_close(&pages);
    prepared_free(&prepared);
    return status;
}
