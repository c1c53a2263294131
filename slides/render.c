/* render.c - everything is checked and drawn in memory first; files are the last step. */
#include "slides/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "slides/pages.h"
#include "slides/prepare.h"

const char *render_date(const struct record *const *records, size_t count, char date[40])
{
    const char *newest = NULL, *epoch = getenv("SOURCE_DATE_EPOCH");
    char *end;
    long long seconds = epoch ? strtoll(epoch, &end, 10) : 0;
    struct tm day;
    time_t when = (time_t)seconds;
    if (epoch && *epoch && *end == '\0' && seconds >= 0 && gmtime_r(&when, &day) && day.tm_year < 8000) {
        strftime(date, 40, "%Y-%m-%dT%H:%M:%SZ", &day);
        return date;
    }
    for (size_t i = 0; i < count; i++)
        if (records[i]->date && (!newest || strcmp(records[i]->date, newest) > 0))
            newest = records[i]->date;
    if (newest)
        snprintf(date, 40, "%.39s", newest);
    return newest ? date : NULL;
}

/* A file of the result: one slide in one format, or the whole deck in one. */
struct job {
    const struct export_format *format;
    size_t slide;
    bool written; /* false: only other formats are made from it */
    struct text bytes;
    struct diags faults;
};

struct jobs {
    struct job *items;
    size_t count;
    struct text *pngs; /* the bytes of the PNGs by slide: borrowed from their jobs */
};

static unsigned formats_of(const struct render_options *options)
{
    return options->formats | (options->pdf ? 1u << EXPORT_PDF : 0) | (options->png_folder ? 1u << EXPORT_PNG : 0);
}

static enum status no_memory(const struct pages *pages, struct diags *diags)
{
    diags_error(diags, pages->deck->file, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}

/* In the table's order: the PDF, which takes longest, is begun first. */
static enum status plan_jobs(const struct pages *pages, unsigned formats, struct jobs *jobs, struct diags *diags)
{
    unsigned made = formats;
    for (int f = 0; f < EXPORTS; f++)
        if (formats & 1u << f && export_formats[f].from_pngs)
            made |= 1u << EXPORT_PNG;
    jobs->items = calloc(pages->count * EXPORTS + 1, sizeof *jobs->items);
    jobs->pngs = calloc(pages->count + 1, sizeof *jobs->pngs);
    if (!jobs->items || !jobs->pngs)
        return no_memory(pages, diags);
    for (int f = 0; f < EXPORTS; f++)
        for (size_t i = 0; made & 1u << f && i < (export_formats[f].slide ? pages->count : 1); i++)
            jobs->items[jobs->count++] =
                (struct job){.format = &export_formats[f], .slide = i, .written = formats & 1u << f};
    return STATUS_OK;
}

static void do_job(const struct export_input *input, struct job *job)
{
    if (job->format->slide)
        job->format->slide(input, job->slide, &job->bytes, &job->faults);
    else
        job->format->whole(input, &job->bytes, &job->faults);
}

/* Faults of one thread's drawing, into the list of all. */
static void hand_over(const struct diags *faults, struct diags *diags)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct diag *fault = &faults->items[i];
        (fault->level == DIAG_ERROR ? diags_error : diags_warn)(diags, fault->file, fault->line, fault->remedy, "%s",
                                                                fault->what);
    }
}

/* First what is drawn, side by side; then what is made from the pictures. */
static enum status do_jobs(const struct export_input *input, struct jobs *jobs, int threads, struct diags *diags)
{
    size_t before = diags->errors;
    for (int pass = 0; pass < 2; pass++) {
        struct export_input given = *input;
        given.pngs = pass == 1 ? jobs->pngs : NULL;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (size_t i = 0; i < jobs->count; i++)
            if (jobs->items[i].format->from_pngs == (pass == 1))
                do_job(&given, &jobs->items[i]);
        for (size_t i = 0; pass == 0 && i < jobs->count; i++)
            if (jobs->items[i].format == &export_formats[EXPORT_PNG])
                jobs->pngs[jobs->items[i].slide] = jobs->items[i].bytes;
        for (size_t i = 0; i < jobs->count; i++) {
            hand_over(&jobs->items[i].faults, diags);
            diags_free(&jobs->items[i].faults);
        }
        if (diags->errors != before)
            return STATUS_FAILED;
    }
    return STATUS_OK;
}

static void free_jobs(struct jobs *jobs)
{
    for (size_t i = 0; i < jobs->count; i++) {
        text_free(&jobs->items[i].bytes);
        diags_free(&jobs->items[i].faults);
    }
    free(jobs->items);
    free(jobs->pngs);
}

/* The folder of a format's slides. Fresh. */
static char *folder_of(const struct export_format *format, const struct render_options *options)
{
    struct text path = {0};
    if (format == &export_formats[EXPORT_PNG] && options->png_folder)
        text_add(&path, options->png_folder);
    else
        text_format(&path, "%s/%s", options->out ? options->out : ".", format->file);
    return text_take(&path);
}

static char *path_of(const struct job *job, const struct render_options *options)
{
    struct text path = {0};
    char *folder = job->format->slide ? folder_of(job->format, options) : NULL;
    if (folder)
        text_format(&path, "%s/slide-%02zu%s", folder, job->slide + 1, job->format->ending);
    else if (job->format == &export_formats[EXPORT_PDF] && options->pdf)
        text_add(&path, options->pdf);
    else
        text_format(&path, "%s/%s", options->out ? options->out : ".", job->format->file);
    free(folder);
    return text_take(&path);
}

/* A file may be the first thing in its folder. */
static enum status make_folder_of(const char *path, struct diags *diags)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash && slash != path ? strndup(path, (size_t)(slash - path)) : NULL;
    enum status status = folder ? folder_make(folder, diags) : STATUS_OK;
    free(folder);
    return status;
}

/* Slides of an earlier, longer deck must not lie beside the new ones. */
static void remove_later(const char *folder, const char *ending, size_t count)
{
    for (size_t i = count + 1; i < count + 1000; i++) {
        struct text path = {0};
        text_format(&path, "%s/slide-%02zu%s", folder, i, ending);
        bool gone = !path.bytes || unlink(path.bytes) != 0;
        text_free(&path);
        if (gone)
            return;
    }
}

/* A folder that cannot be is told before any file is written. */
static enum status write_jobs(const struct jobs *jobs, const struct render_options *options, size_t slides,
                              struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < jobs->count && status == STATUS_OK; i++) {
            const struct job *job = &jobs->items[i];
            char *path = job->written ? path_of(job, options) : NULL;
            if (path)
                status = pass == 0 ? make_folder_of(path, diags)
                                   : file_write(path, job->bytes.bytes, job->bytes.length, diags);
            free(path);
        }
    for (size_t i = 0; i < jobs->count && status == STATUS_OK; i++)
        if (jobs->items[i].written && jobs->items[i].format->slide && jobs->items[i].slide == 0) {
            char *folder = folder_of(jobs->items[i].format, options);
            if (folder)
                remove_later(folder, jobs->items[i].format->ending, slides);
            free(folder);
        }
    return status;
}

/* What the canvas's platform says of the files, before one of them is written. */
static enum status check_limits(const struct pages *pages, const struct jobs *jobs, struct diags *diags)
{
    struct canvas_image *images = calloc(pages->count + 1, sizeof *images);
    struct canvas_export export = {.slides = pages->count, .images = images};
    if (!images)
        return no_memory(pages, diags);
    for (size_t i = 0; i < jobs->count; i++) {
        const struct job *job = &jobs->items[i];
        const struct canvas *own = &pages->items[job->slide].style->canvas;
        if (job->format == &export_formats[EXPORT_PDF])
            export.pdf_bytes = job->bytes.length;
        if (job->format == &export_formats[EXPORT_PNG])
            images[export.image_count++] =
                (struct canvas_image){job->bytes.length, (int)(own->width + 0.5), (int)(own->height + 0.5)};
    }
    enum status status = canvas_check(&pages->styles[0]->canvas, &export, pages->deck->file, diags);
    free(images);
    return status;
}

static enum status draw_and_write(const struct pages *pages, const char *date, const struct render_options *options,
                                  struct render_times *times, struct diags *diags)
{
    struct jobs jobs = {0};
    struct export_input input = {.pages = pages, .date = date, .times = &times->drawing};
    int threads = options->threads > 0 ? options->threads : (int)sysconf(_SC_NPROCESSORS_ONLN);
    double begun = process_now();
    enum status status = plan_jobs(pages, formats_of(options), &jobs, diags);
    if (status == STATUS_OK)
        status = do_jobs(&input, &jobs, threads, diags);
    times->export = process_now() - begun;
    if (status == STATUS_OK)
        status = check_limits(pages, &jobs, diags);
    if (status == STATUS_OK)
        status = write_jobs(&jobs, options, pages->count, diags);
    times->write = process_now() - begun - times->export;
    free_jobs(&jobs);
    return status;
}

struct pages_look render_look(const struct render_options *options)
{
    return (struct pages_look){.size = options->size,
                               .theme = options->theme,
                               .type = options->type,
                               .brand = options->brand,
                               .fix_contrast = options->fix_contrast,
                               .guides = options->guides,
                               .text_size = options->text_size};
}

enum status deck_render(const struct deck *deck, const struct record *const *records, size_t record_count,
                        const struct render_options *options, struct diags *diags)
{
    struct prepared prepared;
    struct pages pages = {0};
    struct pages_look look = render_look(options);
    struct render_times none, *times = options->times ? options->times : &none;
    char date[40];
    size_t before = diags->errors;
    double begun = process_now();
    *times = (struct render_times){0};
    enum status status = prepare_deck(deck, records, record_count, options->allow_stale, &prepared, diags);
    times->bind = process_now() - begun;
    /* The pages of a deck with faults are laid out all the same when they can be: all faults are told at once. */
    if (prepared.count == deck->slide_count && prepared.binder) {
        enum status laid_out = pages_open(&prepared, &look, &pages, diags);
        status = status == STATUS_OK ? laid_out : status;
    }
    if (prepared.plotter)
        times->pictures = plotter_drawn(prepared.plotter, &times->charts);
    times->layout = process_now() - begun - times->bind - times->charts;
    if (status == STATUS_OK && diags->errors == before && !options->check_only)
        status = draw_and_write(&pages, render_date(records, record_count, date), options, times, diags);
    pages_close(&pages);
    prepared_free(&prepared);
    return status;
}
